"""Jobs whose processes are ended: programs that drive them, what is left of them, and what must be
true of it.
"""

import hashlib
import os
import re
import secrets
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from economics.sweeps.axes import Linspace
from economics.sweeps.spec import Share, SweepSpec
from service.jobs.executors import Inline
from service.jobs.jobs import Jobs
from service.jobs.records import ENDED, Job, Limits
from service.jobs.specs import question

DRIVER = Path(__file__).with_name("jobs_driver.py")
MARK = "CHAOS_MARK"  # in the environment of a program and of all that it starts
SCENARIO = Path(__file__).parents[1] / "configs" / "scenarios" / "reference-project.toml"
PART = re.compile(r"part-(\d+)\.(parquet|answer)")
NO_FLOOR = Limits(free_bytes=0)
LONGEST = 60.0  # seconds to wait for what becomes true; as a rule it does at once


def until(true, seconds=LONGEST, every=0.02):
    """Wait for what becomes true."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not become true"
        time.sleep(every)
    return found


def scenario():
    """The tables of a scenario."""
    return tomllib.loads(SCENARIO.read_text())


def runs(number):
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(number):
    """The processes that a process has started, and that run."""
    found = set()
    with suppress(OSError):
        for thread in Path(f"/proc/{number}/task").iterdir():
            found |= {int(one) for one in (thread / "children").read_text().split()}
    return {one for one in found if runs(one)}


def command(number):
    """What a process was started with."""
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""


def marked(mark):
    """The processes that run and have a mark, or whose ancestors had it."""
    sought, found = f"{MARK}={mark}".encode(), set()
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            with suppress(OSError):
                if sought in (path / "environ").read_bytes().split(b"\0") and runs(path.name):
                    found.add(int(path.name))
    return found


class Program:
    """A program that runs, with all that it starts."""

    def __init__(self, process, mark):
        self.process, self.mark = process, mark

    @property
    def others(self):
        """The processes that it has started."""
        return children(self.process.pid)

    def end(self, sent=signal.SIGKILL, seconds=60.0):
        """End it; its exit code."""
        self.process.send_signal(sent)
        return self.process.wait(seconds)

    def kill_others(self):
        """End what it has started."""
        for one in self.others:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)

    def status(self, number):
        """A job, as a driver answers."""
        self.process.stdin.write(f"{number}\n".encode())
        self.process.stdin.flush()
        return msgspec.json.decode(self.process.stdout.readline(), type=Job)


@contextmanager
def program(*command):
    """A program, ended with all that it has started."""
    mark = secrets.token_hex(8)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    own = os.environ | {MARK: mark}
    with subprocess.Popen([sys.executable, *map(str, command)], env=own, **pipes) as process:
        found = Program(process, mark)
        try:
            yield found
        finally:
            for one in marked(mark):
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)


@contextmanager
def driving(data, *arguments):
    """A program that drives the jobs of a folder."""
    with several_driving(data, 1, *arguments) as (found,):
        yield found


@contextmanager
def several_driving(data, count, *arguments):
    """So many programs that could drive the jobs of a folder."""
    with ExitStack() as opened:
        command = (DRIVER, data, *arguments)
        found = [opened.enter_context(program(*command)) for _ in range(count)]
        for one in found:
            assert one.process.stdout.readline() == b"ready\n"
        yield found


class Kept:
    """The files of a job."""

    def __init__(self, data, number):
        self.number, self.path = number, Path(data) / "jobs" / number

    def names(self):
        """The names of all files that are for others."""
        with suppress(FileNotFoundError):
            return sorted(one.name for one in self.path.iterdir())
        return []

    def progress(self):
        """How far the shards are that are under way."""
        return [one for one in self.names() if one.startswith("progress-")]

    def finished(self):
        """Parts whose sidecars stand: their numbers, and by what it shows that they are the same
        files as before.
        """
        found, names = {}, set(self.names())
        for name in names:
            if (match := PART.fullmatch(name)) and f"part-{match[1]}.json" in names:
                about = (self.path / name).stat()
                found[int(match[1])] = about.st_ino, about.st_mtime_ns
        return found

    def contents(self):
        """The digests of the answer's files, by name."""
        return {
            name: hashlib.sha256((self.path / name).read_bytes()).hexdigest()
            for name in self.names()
        }


def ended(jobs, number, seconds=LONGEST):
    """A job, when it has ended."""
    until(lambda: jobs.status(number).state in ENDED, seconds)
    return jobs.status(number)


def sweep(rows=4000, parts=40, targets=("npv_usd_per_rack", "breakeven_utilisation")):
    """A sweep in so many shards of so many rows."""
    price, load = "rental_price_usd_per_gpu_hour", "utilisation"
    axes = (
        Linspace(field=price, start=0.5, stop=5.0, count=parts),
        Linspace(field=load, start=0.2, stop=1.0, count=rows),
    )
    return question(SweepSpec(scenario=scenario(), axes=axes, targets=targets), rows)


def reduction(cells):
    """A sweep of which one number is left: one long shard."""
    axes = [
        Linspace(field=name, start=0.2, stop=1.0, count=round(cells**0.5))
        for name in ("rental_price_usd_per_gpu_hour", "utilisation")
    ]
    asked = Share("npv_usd_per_rack > 0")
    return question(SweepSpec(scenario=scenario(), axes=tuple(axes), reduce=asked))


@contextmanager
def asking(data):
    """Jobs that this process asks for and does not drive."""
    data.mkdir(exist_ok=True)
    found = Jobs(data, Inline, NO_FLOOR)
    try:
        yield found
    finally:
        found.stop()


@contextmanager
def jobs(data, make=Inline, limits=NO_FLOOR):
    """Jobs that this process drives."""
    data.mkdir(exist_ok=True)
    found = Jobs(data, make, limits)
    found.start()
    try:
        yield found
    finally:
        found.stop()


class Disk:
    """A disk of its own, of a size that can be changed."""

    def __init__(self, path):
        self.path, self.rest = path, path / "rest"

    def resize(self, options):
        """Another size, such as size=8M."""
        mount("-o", f"remount,{options}", self.path)

    def fill(self, left=0):
        """Fill it, but for some bytes."""
        with suppress(OSError), self.rest.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        os.truncate(self.rest, max(0, self.rest.stat().st_size - left))


def mount(*arguments):
    """Mount something. Errors: CalledProcessError."""
    command = ["mount", "-t", "tmpfs", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def disk(folder, size, more=""):
    """A disk of its own; without the right to mount one, what needs it is skipped."""
    path = folder / "disk"
    path.mkdir()
    try:
        mount("-o", f"size={size}{more}", "tmpfs", path)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("full disks were not tried: only root may mount a disk of its own")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def undisturbed(data, asked):
    """The files of a job that nothing disturbs, computed in this process."""
    with jobs(data, Inline) as found:
        number = found.submit(asked)[0].id
        assert ended(found, number).state == "done"
        return Kept(data, number).contents()
