"""A command that asks, held in conversation: over plain pipes or in a pseudo-terminal."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import Ran, call, rows_of

AFTER_R9 = "2028-05-20"
COUNT = "id: a, targets: {R8: 100, R9: 110, R10: 120}"
RATE = "id: b, unit: ％, decimals: 1, measure: rate, targets: {R8: 50, R9: 50, R10: 50}"
PATIENCE = 60  # seconds until a command that no longer says anything is ended
# The terminal on stdin becomes the one whose Ctrl-C reaches the process.
_IN_TERMINAL = (
    "import fcntl, runpy, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "runpy.run_module('jusou', run_name='__main__', alter_sys=True)"
)


@dataclass
class Dialogue:
    """A running command: what it has said, and a way to answer."""

    process: subprocess.Popen[bytes]
    read: Callable[[], bytes]
    write: Callable[[bytes], object]
    said: str = ""
    _seen: int = field(default=0)

    def expect(self, text: str) -> str:
        """Wait until the command says a text; return what it said since the last one awaited."""
        while (at := self.said.find(text, self._seen)) < 0:
            chunk = self.read()
            assert chunk, f"{text!r} never came:\n{self.said}"
            self.said += chunk.decode("utf-8", "replace").replace("\r\n", "\n")
        end = at + len(text)
        found, self._seen = self.said[self._seen : end], end
        return found

    def answer(self, text: str, newline: str = "\n") -> None:
        """Type a line."""
        self.write(f"{text}{newline}".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C once the command waits for an answer: a moment earlier Python misses it."""
        while not self._waits():
            assert self.process.poll() is None, self.said
        self.write(b"\x03")

    def _waits(self) -> bool:
        stat = Path(f"/proc/{self.process.pid}/stat")
        if stat.exists():
            return stat.read_text("utf-8").rpartition(") ")[2].startswith("S")
        command = ["ps", "-o", "stat=", "-p", str(self.process.pid)]
        return subprocess.run(command, capture_output=True, check=True).stdout[:1] in b"SI"

    def end(self) -> int:
        """Read to the end; return the exit code."""
        while chunk := self.read():
            self.said += chunk.decode("utf-8", "replace").replace("\r\n", "\n")
        return self.process.wait()


def _environment(env: dict[str, str] | None) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("JUSOU_", "PYTHON"))
    }
    return kept | {"PYTHONIOENCODING": "utf-8", "COLUMNS": "80", **(env or {})}


@contextmanager
def piped(workspace: Path, *arguments: str) -> Iterator[Dialogue]:
    """Talk with ``jusou`` over pipes."""
    with subprocess.Popen(
        [sys.executable, "-m", "jusou", *arguments],
        cwd=workspace,
        env=_environment(None),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        out, write = process.stdout, process.stdin.write
        with _impatience(process):
            yield Dialogue(process, lambda: out.read(4096) or b"", write)


@contextmanager
def terminal(
    workspace: Path, *arguments: str, env: dict[str, str] | None = None
) -> Iterator[Dialogue]:
    """Talk with ``jusou`` in a pseudo-terminal of its own, where Ctrl-C and Ctrl-D work."""
    import pty

    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", _IN_TERMINAL, *arguments],
        cwd=workspace,
        env=_environment({"TERM": "xterm", **(env or {})}),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    ) as process:
        os.close(follower)

        def read() -> bytes:
            try:
                return os.read(leader, 4096)
            except OSError:  # the other end is closed
                return b""

        try:
            with _impatience(process):
                yield Dialogue(process, read, lambda data: os.write(leader, data))
        finally:
            os.close(leader)


@contextmanager
def _impatience(process: subprocess.Popen[bytes]) -> Iterator[None]:
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        process.kill()


def enter(workspace: Path, *answers: str, options: str = "R9", day: str = AFTER_R9) -> Ran:
    """Run ``enter`` with the answers typed at a terminal, whose input then ends."""
    return _enter(workspace, answers, options, day, at_terminal=True)


def enter_piped(workspace: Path, *answers: str, options: str = "R9", day: str = AFTER_R9) -> Ran:
    """Run ``enter`` with the answers from a pipe."""
    return _enter(workspace, answers, options, day, at_terminal=False)


def _enter(
    workspace: Path, answers: tuple[str, ...], options: str, day: str, *, at_terminal: bool
) -> Ran:
    stdin = "".join(f"{answer}\n" for answer in answers)
    environment = {"USERNAME": "釜石 花子"}
    given = ("enter", *options.split(), "--date", day)
    return call(workspace, *given, stdin=stdin, env=environment, at_terminal=at_terminal)


def figures(workspace: Path, year: str = "R9") -> list[str]:
    """What the log holds: ``指標 実績値``, row by row."""
    return [f"{row['指標']} {row['実績値']}" for row in rows_of(workspace, year)]
