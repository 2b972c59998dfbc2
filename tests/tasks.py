"""Work for worker processes: functions that they find by their name, and little to load."""

import os
import time
from pathlib import Path

MANY = 10**9


def nothing(watch):
    """It does nothing."""


def give(value, watch):
    """A value as it came."""
    return value


def variable(name, watch):
    """A variable of its environment."""
    return os.environ.get(name)


def process(watch):
    """Who does it: its number and its niceness."""
    return os.getpid(), os.nice(0)


def steps(noted, watch):
    """Many short steps, each after a look at the watch; the file says who began."""
    note(noted)
    for done in range(MANY):
        watch(done, MANY)
        time.sleep(0.001)


def sleep(noted, seconds, watch):
    """No look at the watch for so long."""
    note(noted)
    time.sleep(seconds)
    return "slept"


def sleep_and_look(noted, seconds, watch):
    """One step that takes so long, of two."""
    note(noted)
    time.sleep(seconds)
    watch(1, 2)
    return "looked"


def note(path):
    """That this process has begun."""
    with Path(path).open("a") as file:
        file.write(f"{os.getpid()}\n")


def noted(path):
    """The processes that have begun."""
    path = Path(path)
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def die(watch):
    """The end of the process."""
    os._exit(7)


def fail(error, watch):
    """An error as it came."""
    raise error


def leave(watch):
    """What ends a program."""
    raise SystemExit(3)


def fault(watch):
    """An error that nobody foresees."""
    return 1 // 0


def give_what_cannot_be_sent(watch):
    """A function without a name."""
    return lambda: None


def fill(size, watch):
    """So many bytes, made of several times as many."""
    return b"".join([bytes(1000) for _ in range(size // 1000)])
