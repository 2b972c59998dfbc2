"""Whether a piece of work may go on: asked between its steps, in the process where it runs.

NotDone      the work was not done
  TimeOver   it took all the time that there is
  Stopped    nobody waits for it any more
  Lost       its process ended
    NotStarted   before it could take work at all
"""

import time
from collections.abc import Callable


class NotDone(Exception):
    """The work was not done."""


class TimeOver(NotDone):
    """The work took all the time that one request may take."""


class Stopped(NotDone):
    """Nobody waits for the work any more."""


class Lost(NotDone):
    """The process ended before the work was done."""


class NotStarted(Lost):
    """The process could not be started, or ended before it could take work."""


class Watch:
    """So much time, from when the work begins, unless it `is_stopped`."""

    def __init__(self, seconds: float, is_stopped: Callable[[], bool]) -> None:
        self._seconds, self._is_stopped = seconds, is_stopped
        self._end = time.monotonic() + seconds

    def __call__(self, done: int = 0, steps: int = 1) -> None:
        """Go on after `done` of `steps`, or stop. Errors: TimeOver, Stopped."""
        if self._is_stopped():
            raise Stopped("the work was stopped before it was done")
        if done < steps and time.monotonic() > self._end:
            raise time_over(self._seconds, f" ({done} of {steps} done)" if done else "")


def time_over(seconds: float, how_far: str = "") -> TimeOver:
    """That the work took all the time that there is."""
    return TimeOver(
        f"the work took {seconds:g} seconds{how_far}, the most that one request may take"
    )
