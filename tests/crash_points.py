"""A program that ends itself at a chosen call of the system, as `kill -9` would, and then goes on
in a process without such an end: at every call by which something of a job is kept.

    python tests/crash_points.py FOLDER FIRST STEP

It is tried at the calls FIRST, FIRST + STEP and so on, until a job is done before its end comes.
"""

import os
import signal
import sys
import traceback
from pathlib import Path
from threading import Lock

import chaos
import polars  # noqa: F401 - once, not in each process

from service.jobs import shards  # noqa: F401

CALLS = ("write", "fsync", "replace", "rename", "unlink", "mkdir")


class Ends:
    """Calls of the system, of which one is the last; before it, half of what it writes is."""

    def __init__(self, last):
        self.last, self.count, self.lock = last, 0, Lock()

    def over(self, call):
        """A call, counted."""

        def counted(*arguments, **options):
            with self.lock:
                self.count += 1
                if self.count == self.last:
                    if call.__name__ == "write":
                        call(arguments[0], arguments[1][: len(arguments[1]) // 2])
                    os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **options)

        return counted


def apart(work, *arguments):
    """Work in a copy of this process; how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(*arguments)
            code = 0
        except Exception:  # noqa: BLE001 - whatever it is, this process ends here
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def drive(data, last=0):
    """Submit with a key, and drive until the job ends, or the process."""
    ends = Ends(last)
    for name in CALLS if last else ():
        setattr(os, name, ends.over(getattr(os, name)))
    with chaos.jobs(data) as jobs:
        job, _ = jobs.submit(chaos.sweep(rows=50, parts=3), key="the same")
        found = chaos.ended(jobs, job.id)
    assert (found.state, found.shards_done) == ("done", found.shards), found


def kept(data):
    """The files of the only job."""
    numbers = [one.name for one in data.glob("jobs/*")]
    assert len(numbers) <= 1, "a job that nobody knows"
    return chaos.Kept(data, *numbers) if numbers else None


def main(folder, first, step):
    """How many calls were tried. Errors: AssertionError."""
    whole = folder / "undisturbed"
    assert apart(drive, whole) == 0
    expected, last = kept(whole).contents(), first
    while True:
        data = folder / f"call-{last}"
        code = apart(drive, data, last)
        if code == 0:
            assert last > first
            return print(last)
        assert code == -signal.SIGKILL, f"call {last}: exit code {code}"
        left = kept(data)
        finished = left.finished() if left else {}
        assert apart(drive, data) == 0, f"after call {last}"
        assert kept(data).contents() == expected, f"after call {last}"
        assert finished.items() <= kept(data).finished().items(), f"after call {last}"
        last += step


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
