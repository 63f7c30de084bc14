"""A disk that fails, or a process that dies, at the nth thing done to a file.

Python's own functions are replaced: writing, truncating, fsync, renaming, removing, making
folders. What is counted happens in the order in which it would on the disk. A process that is
dead does nothing any more: from there on, everything is refused, whoever tries.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class DeadError(BaseException):
    """The process is gone: nothing catches this."""


class Disk:
    """Counts what is done to files, and lets number ``at`` fail.

    ``error`` is an errno, or None for a process that dies. Of a write, ``part`` of its bytes
    are on the disk by then. Once a disk is full, nothing more can be written to it; where the
    fault is ``lasting``, nothing at all can be done from there on.
    """

    def __init__(
        self,
        at: int = 0,
        error: int | None = None,
        part: float = 0,
        *,
        lasting: bool = False,
    ) -> None:
        self.at, self.error, self.part, self.lasting = at, error, part, lasting
        self.count = 0
        self.done: list[str] = []

    @property
    def failed(self) -> bool:
        return 0 < self.at <= self.count

    def before(self, what: str) -> bool:
        """Count one thing to be done; tell whether it is the one that fails."""
        if self.failed and self.error is None:
            raise DeadError
        was_full = self.failed and self.error == errno.ENOSPC
        self.count += 1
        self.done.append(what)
        if self.lasting:
            return self.failed
        return self.count == self.at or (was_full and what == "write")

    def fail(self) -> None:
        if self.error is None:
            raise DeadError
        raise OSError(self.error, os.strerror(self.error))


def _failing(disk: Disk, function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any, **more: Any) -> Any:
        if disk.before(function.__name__):
            if disk.part == 1:
                function(*arguments, **more)
            disk.fail()
        return function(*arguments, **more)

    return run


@contextmanager
def failing(disk: Disk) -> Iterator[None]:
    """Let everything inside the block be done on this disk."""
    real_open = io.open

    class File(io.FileIO):
        def write(self, content: Any, /) -> int:
            if disk.before("write"):
                super().write(bytes(content)[: int(len(content) * disk.part)])
                disk.fail()
            return super().write(content)

        def truncate(self, size: int | None = None, /) -> int:
            if disk.before("truncate"):
                if disk.part == 1:
                    super().truncate(size)
                disk.fail()
            return super().truncate(size)

    def open_(file: Any, mode: str = "r", buffering: int = -1, *more: Any, **named: Any) -> Any:
        if "b" not in mode or not set(mode) & set("wax+"):
            return real_open(file, mode, buffering, *more, **named)
        raw = File(file, mode.replace("b", ""))
        if buffering == 0:
            return raw
        return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)

    with mock.patch("io.open", open_):
        names = ("fsync", "replace", "rename", "unlink", "mkdir")
        patches = [mock.patch.object(os, name, _failing(disk, getattr(os, name))) for name in names]
        for patch in patches:
            patch.start()
        try:
            yield
        finally:
            for patch in patches:
                patch.stop()
