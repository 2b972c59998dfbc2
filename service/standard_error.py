"""Standard error as a server writes to it: by a thread, for whoever reads it may be slow or ask for
nothing at all, and no answer waits for that. What is more than so much ahead of the reader is
dropped, and counted.
"""

import atexit
import os
import select
import sys
from collections import deque
from contextlib import suppress
from threading import Condition, Thread

STANDARD_ERROR = 2
MOST_BYTES = 2**20  # ahead of who reads
END_SECONDS = 1.0  # for what has been said to be written, at the end


class Lines:
    """Lines on their way to a descriptor."""

    def __init__(self, descriptor: int, most: int = MOST_BYTES) -> None:
        self._descriptor, self._most = descriptor, most
        self._forget()

    def _forget(self) -> None:
        """Nothing has been said in this process."""
        self.dropped = self._bytes = 0
        self._waiting = deque[bytes]()
        self._change, self._writes = Condition(), False

    def say(self, lines: bytes) -> None:
        """Write whole lines soon, after those before them; waits for nobody."""
        with self._change:
            if self._bytes + len(lines) > self._most:
                self.dropped += lines.count(b"\n")
                return
            self._bytes += len(lines)
            self._waiting.append(lines)
            self._change.notify_all()
            if not self._writes:
                self._writes = True
                Thread(target=self._write, name="lines", daemon=True).start()

    def say_now(self, lines: bytes) -> None:
        """Write whole lines here, where no thread should be: in a moment or not at all."""
        if select.select((), (self._descriptor,), (), END_SECONDS)[1]:
            self._write_all(lines)
        else:
            self.dropped += lines.count(b"\n")

    def flush(self, seconds: float = END_SECONDS) -> None:
        """Wait until all that was said is written, or so long."""
        with self._change:
            self._change.wait_for(lambda: not self._bytes, seconds)

    def _write(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting)
                lines = self._waiting.popleft()
            self._write_all(lines)
            with self._change:
                self._bytes -= len(lines)
                self._change.notify_all()

    def _write_all(self, lines: bytes) -> None:
        """Whole lines at a time, so that those of several processes do not mix in a pipe."""
        with suppress(OSError):  # nobody reads it any more
            while lines and sys.stderr is not None:
                end = lines.rfind(b"\n", 0, select.PIPE_BUF) + 1 or lines.find(b"\n") + 1
                part, lines = lines[:end], lines[end:]
                while part:
                    part = part[os.write(self._descriptor, part) :]


LINES = Lines(STANDARD_ERROR)
os.register_at_fork(after_in_child=LINES._forget)
atexit.register(LINES.flush)
