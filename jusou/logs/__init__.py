"""The logs: rows and their rules, what stands, and all of it as one Dataset.

Bytes are storage's affair; what a row may newly say is that of ``entry``.
"""
