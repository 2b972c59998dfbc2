"""Long sweeps as jobs: what a shard takes beside its work, and all cells as files.

A job of many shards of one row goes by a process of this machine, and by a worker of a dask
scheduler on it; bare work is the same shards one after another in one process, computed, written
and synced as a job has them. They are kept in memory (`/dev/shm`), for a disk takes longer for each
than all else. The note has how much longer a shard of a job takes; the bars are 1 ms and 15 ms.

Then all cells of two targets, axes and statuses beside them, as files of Parquet: by a job of
shards of 250,000 rows, each a file that is synced, and by polars from arrays that are ready in
memory, one file with the same codec, synced at its end. The bar for the job is 1.25 times that.
Processes of jobs have a lower priority (nice 10): beside other work the ratio says little. `FOLDER`
says where the files go (they are removed), `CELLS=1e9` how many cells.
"""

import atexit
import shutil
import statistics
import tempfile
import time
from functools import cache, partial
from pathlib import Path

import polars
import pytest
import test_bench_writing as writing
from clusters import Cluster
from grid_of_eight import CELLS, TAXED
from ours import THREADS
from turns import Entry, Group, in_turns

from economics.sweeps.spec import sweep_spec
from service.jobs.executors import Local
from service.jobs.jobs import Jobs
from service.jobs.shards import run_shard
from service.jobs.specs import packed, question, resolved
from service.version import version

SHARDS = 300
MEMORY = Path("/dev/shm")
BARE, LOCAL, DASK = "bare work", "a job, local process", "a job, dask worker"
BARS = {LOCAL: 1e-3, DASK: 15e-3}
LOOK_SECONDS = 0.01
MOST_TIMES = 1.25


class Kept:
    """An executor that is kept from one job to the next."""

    def __init__(self, executor):
        self._executor = executor
        self.submit = executor.submit

    @property
    def width(self):
        """As it is now."""
        return self._executor.width

    def close(self):
        """Nothing: another job comes."""


@cache
def started():
    """What has been started here: an executor by its name, and how it is ended."""
    return {}


def executor(name):
    """An executor that is ready."""
    if name not in started():
        found = Local() if name == LOCAL else cluster()
        started()[name] = found
        while not found.width:
            time.sleep(LOOK_SECONDS)
    return Kept(started()[name])


def cluster():
    """A scheduler with a worker on this machine."""
    from service.jobs.dask import Dask

    started()["cluster"] = found = Cluster()
    found.start_scheduler()
    found.start_worker()
    return Dask(found.address)


@pytest.fixture(scope="module", autouse=True)
def _ended():
    yield
    for one in started().values():
        one.close()
    started().clear()


def place(over):
    """A new folder, in memory or on the disk."""
    return Path(tempfile.mkdtemp(prefix="jobs-", dir=over))


def small():
    """A sweep of many shards of one row."""
    axis = {"kind": "linspace", "field": "utilisation", "start": 0.4, "stop": 0.9, "count": SHARDS}
    spec = {"scenario": TAXED, "axes": [axis], "targets": ["npv_usd_per_rack"]}
    return question(sweep_spec(spec), shard_rows=1)


def done(asked, name, data):
    """Seconds of a job from when it is asked for until it has ended."""
    jobs = Jobs(data, partial(executor, name))
    jobs.start()
    try:
        began = time.perf_counter()
        job, _ = jobs.submit(asked)
        while (found := jobs.status(job.id)).finished is None:
            time.sleep(LOOK_SECONDS)
        assert found.state == "done", found.error
        return time.perf_counter() - began
    finally:
        jobs.stop()


def a_shard_bare():
    """Makes calls that compute and keep all shards here; seconds of one."""
    spec, mine = packed(resolved(small())), version()

    def call():
        out = place(MEMORY)
        began = time.perf_counter()
        for index in range(SHARDS):
            run_shard(mine, spec, str(out), index)
        seconds = (time.perf_counter() - began) / SHARDS
        shutil.rmtree(out)
        return seconds

    return call


def a_shard_of_a_job(name):
    """Makes calls that have a job done; seconds of a shard."""

    def call():
        data = place(MEMORY)
        seconds = done(small(), name, data) / SHARDS
        shutil.rmtree(data)
        return seconds

    return call


def overhead():
    """Bare, and by both executors."""
    entries = [Entry(BARE, a_shard_bare, engine=BARE, own_clock=True)]
    entries += [Entry(one, partial(a_shard_of_a_job, one), own_clock=True) for one in BARS]
    return Group("a shard of one row", tuple(entries))


def written():
    """Makes calls that write all cells by a job, and give where its files are."""
    asked, data = question(sweep_spec(writing.spec_of(CELLS))), place(writing.FOLDER)
    atexit.register(shutil.rmtree, data, ignore_errors=True)

    def call():
        shutil.rmtree(data)
        data.mkdir()
        done(asked, LOCAL, data)
        return data

    return call


def has_all_cells(data):
    """A check that the files of a job have a row a cell."""
    found = polars.scan_parquet(data / "jobs" / "*" / "*.parquet").select(polars.len())
    assert found.collect().item() == CELLS


def disk(path):
    """The file system and the device of a folder."""
    mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    over = max((one for one in mounts if path.is_relative_to(one[4])), key=lambda one: len(one[4]))
    kind, device, *_ = over[over.index("-") + 1 :]
    return f"{kind} on {device}"


def files():
    """A job, and arrays that are there."""
    entries = (
        Entry(LOCAL, written, CELLS, check=has_all_cells, engine="a job", threads=THREADS),
        Entry(
            "ready arrays",
            partial(writing.ready, "parquet", CELLS),
            CELLS,
            check=writing.has_rows("parquet", CELLS),
            threads=THREADS,
        ),
    )
    where = disk(writing.FOLDER.resolve())
    return Group(f"{len(writing.TARGETS)} targets as Parquet, {where}", entries)


def median(group, name):
    """The median of the rounds of an entry."""
    return next(
        statistics.median(times) for one, times in group.seconds.items() if one.name == name
    )


@pytest.mark.parametrize(("group", "entry"), in_turns(overhead()))
def test_overhead(benchmark, group, entry):
    """Times of a shard."""
    group.replay(benchmark, entry)
    if entry.name in BARS:
        more = median(group, entry.name) - median(group, BARE)
        note = f"{more * 1e3:.2f} ms more, bar {BARS[entry.name] * 1e3:g} ms"
        benchmark.extra_info["note"] = note


@pytest.mark.parametrize(("group", "entry"), in_turns(files()))
def test_files(benchmark, group, entry):
    """Times and cells a second."""
    group.replay(benchmark, entry)
    if entry.name == LOCAL:
        times = median(group, LOCAL) / median(group, "ready arrays")
        benchmark.extra_info["note"] = f"{times:.2f} times ready arrays, bar {MOST_TIMES:g}"
