"""All cells of two targets, axes beside them, written to a file; and how much memory that takes
beyond the imported program.

The rival computes nothing: it hands arrays that are ready in memory, again and again, to the same
writer with the same codec, and syncs. So the ratio is what computing costs beside encoding.
`FOLDER` says where the files go (they are removed), `CELLS=1e9` how many cells.
"""

import atexit
import os
import subprocess
import sys
import tempfile
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import ours
import polars
import pytest
from grid_of_eight import CELLS, spec
from ours import THREADS
from polars.io.plugins import register_io_source
from turns import Entry, Group, in_turns

from economics import prepare
from economics.sweeps.parts import Parts
from service.files import frames as tables
from service.files import streams

TARGETS = ("npv_usd_per_rack", "cost_usd_per_gpu_hour")
FOLDER = Path(os.environ.get("FOLDER", tempfile.gettempdir()))
READY_BLOCKS = 8
MOST_MIB = 500
HERE = Path(__file__).parent


def spec_of(cells):
    """The sweep that is written."""
    return spec(target=TARGETS, cells=cells)


def file_for(form):
    """A name for a file, which is removed when the process ends."""
    path = FOLDER / f"grid-{os.urandom(4).hex()}.{form}"
    atexit.register(path.unlink, missing_ok=True)
    return path


def written(form, cells, engine):
    """Makes calls that compute and write."""
    prepared, path = prepare(spec_of(cells), backend=engine, threads=THREADS), file_for(form)

    def call():
        streams.write(prepared, path, force=True)
        return path

    return call


def frames(cells):
    """The first blocks, as arrays in frames."""
    prepared = prepare(spec_of(cells), backend="numpy", threads=THREADS)
    parts = Parts(prepared, streams.BLOCK_ROWS).tables()
    return [
        polars.DataFrame(
            {name: column.values.reshape(-1).copy() for name, column in table.columns.items()}
        )
        for table in islice(parts, READY_BLOCKS)
    ]


def ready(form, cells):
    """Makes calls that write as many rows of arrays that are there."""
    made, path = frames(cells), file_for(form)
    times = -(-cells // made[0].height)

    def call():
        rows = register_io_source(lambda *_: islice(cycle(made), times), schema=made[0].schema)
        with path.open("wb") as file:
            if form == "parquet":
                rows.sink_parquet(file, **tables.PARQUET)
            else:
                rows.sink_ipc(file)
            os.fsync(file.fileno())
        return path

    return call


def has_rows(form, cells):
    """A check that a file has a row a cell."""
    scan = polars.scan_parquet if form == "parquet" else polars.scan_ipc

    def check(path):
        assert scan(path).select(polars.len()).collect().item() == cells

    return check


def group(form, cells):
    """All entries for a format."""
    check = has_rows(form, cells)
    entries = [
        Entry(
            f"rackrate, {engine}",
            partial(written, form, cells, engine),
            cells,
            check=check,
            engine=engine,
            threads=THREADS,
        )
        for engine in ours.here()
    ]
    rival = Entry(
        "ready arrays",
        partial(ready, form, cells),
        cells,
        check=check,
        threads=THREADS,
        note="the same writer, codec and rows",
    )
    return Group(f"{form}, {len(TARGETS)} targets", (*entries, rival))


@pytest.mark.parametrize(
    ("group", "entry"), in_turns(group("parquet", CELLS), group("arrow", CELLS // 10))
)
def test_writing(benchmark, group, entry):
    """Times and cells a second."""
    group.replay(benchmark, entry)


@pytest.mark.benchmark(group="memory of writing")
@pytest.mark.parametrize(
    ("form", "cells"), [("parquet", CELLS), ("arrow", CELLS // 10)], ids=["parquet", "arrow"]
)
def test_memory_of_writing(benchmark, form, cells):
    """Peak memory of a process that writes, beyond what its imports take."""
    command = [sys.executable, str(HERE / "test_bench_writing.py"), form, str(cells)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (HERE, HERE.parent, HERE.parents[1]))),
    }
    said = benchmark.pedantic(
        lambda: (
            subprocess.run(
                command, env=environment, capture_output=True, text=True, check=True
            ).stdout
        ),
        rounds=1,
        iterations=1,
    )
    benchmark.extra_info.update(
        entry=f"rackrate, {form}", cells=cells, threads=THREADS, memory_mib=float(said)
    )
    assert float(said) < MOST_MIB


def peak():
    """The most memory that this process has held, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    imported = peak()
    written(sys.argv[1], int(sys.argv[2]), "auto")()
    print(peak() - imported)
