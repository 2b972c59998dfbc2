"""How far long work is and how long it will still take, on standard error: on a terminal one line
that changes, elsewhere, as in a log, a line a minute.
"""

import sys
import time
from collections.abc import Callable
from shutil import get_terminal_size

from service.cli.display import clean
from service.cli.figures import duration

TERMINAL_SECONDS, LOG_SECONDS = 0.1, 60.0


class TimeLeft:
    """What is said of so many cells, of which some were there at the start."""

    def __init__(
        self, cells: int, there: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._cells, self._there, self._clock = cells, there, clock
        self._terminal = sys.stderr.isatty()
        self._began = self._said = clock()
        self._wide = 0

    @property
    def is_due(self) -> bool:
        """Whether it is time to say it again."""
        pause = TERMINAL_SECONDS if self._terminal else LOG_SECONDS
        return self._clock() - self._said >= pause

    def __call__(self, done: int, waiting: str | None = None) -> None:
        """Say how far it is, and how long it will take or what it waits for."""
        self._said = now = self._clock()
        part = f"{done / self._cells:4.0%} of {self._cells:,} cells".replace("%", " %")
        self._write(f"{part}, waiting: {waiting}" if waiting else f"{part}{self._left(done, now)}")

    def end(self) -> None:
        """Leave nothing of it on a terminal."""
        if self._wide:
            sys.stderr.write(f"\r{' ' * self._wide}\r")
            sys.stderr.flush()
            self._wide = 0

    def _left(self, done: int, now: float) -> str:
        own = done - self._there
        if own <= 0 or done >= self._cells:
            return ""
        return f", {duration((now - self._began) / own * (self._cells - done))} left"

    def _write(self, text: str) -> None:
        line = clean(text)
        if self._terminal:
            line = line[: get_terminal_size().columns - 1]  # a longer one is not written over
            sys.stderr.write(f"\r{line:<{self._wide}}")
            self._wide = max(self._wide, len(line))
        else:
            sys.stderr.write(f"rackrate: {line.strip()}\n")
        sys.stderr.flush()
