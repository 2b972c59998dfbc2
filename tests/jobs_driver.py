"""A program that drives the jobs of a folder with local processes until it is told to end.

    python tests/jobs_driver.py FOLDER [STALL_SECONDS]

An id on standard input is answered with a line on standard output: the job as JSON.
"""

import signal
import sys
from pathlib import Path

import msgspec

from service.jobs.executors import Local
from service.jobs.jobs import Jobs
from service.jobs.records import Limits


def main(folder: Path, stall_seconds: float = 300.0) -> None:
    """Drive, and answer whoever asks."""
    jobs = Jobs(folder, Local, Limits(free_bytes=0, stall_seconds=stall_seconds))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    jobs.start()
    try:
        say(b"ready")
        for line in sys.stdin:
            say(msgspec.json.encode(jobs.status(line.strip())))
    finally:
        jobs.stop()


def say(line: bytes) -> None:
    """A line for who listens."""
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(float, sys.argv[2:]))
