"""A program that drives the jobs of a folder until it is told to end, with local processes or with
the workers of a cluster.

    python tests/jobs_driver.py FOLDER [STALL_SECONDS [ADDRESS]]

An id on standard input is answered with a line on standard output: the job as JSON.
"""

import signal
import sys
from pathlib import Path

import msgspec

from service.jobs.executors import Local
from service.jobs.jobs import Jobs
from service.jobs.records import Executor, Limits


def main(folder: str, stall_seconds: str = "300", address: str | None = None) -> None:
    """Drive, and answer whoever asks."""
    limits = Limits(free_bytes=0, stall_seconds=float(stall_seconds))
    jobs = Jobs(Path(folder), (lambda: cluster(address)) if address else Local, limits)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    jobs.start()
    try:
        say(b"ready")
        for line in sys.stdin:
            say(msgspec.json.encode(jobs.status(line.strip())))
    finally:
        jobs.stop()


def cluster(address: str) -> Executor:
    """The workers of a scheduler."""
    from service.jobs.dask import Dask

    return Dask(address)


def say(line: bytes) -> None:
    """A line for who listens."""
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
