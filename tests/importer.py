"""Runs ``jusou import`` in a process that dies at a given byte of a file, as by a power cut.

The kernel ends the process (SIGXFSZ) when a file would grow beyond the limit: what was written up
to that byte is there, and nothing is tidied up. Arguments: the limit in bytes (0 is none), then
those of ``import``.
"""

from __future__ import annotations

import resource
import signal
import sys

# What is loaded before the limit is set leaves no half-written bytecode behind.
import jusou.storage.xlsx  # noqa: F401
from jusou.cli import main


def run(limit: int, arguments: list[str]) -> None:
    sys.dont_write_bytecode = True
    sys.argv = ["jusou", "import", *arguments]
    print("ready", flush=True)
    if limit:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    main()


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2:])
