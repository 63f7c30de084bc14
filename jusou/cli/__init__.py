"""The command line: parse, call, print. No arithmetic, no file formats."""

from jusou.cli.main import main

__all__ = ["main"]
