"""jusou: a KPI tracker over flat files for municipal plans."""

__version__ = "0.1.0"
