"""All cells of a sweep as a file, written while they are computed: what is in memory does not grow
with the grid.

Errors: FileProblem.
"""

import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from economics.sweeps.answers import Column, Table
from economics.sweeps.parts import Parts
from economics.sweeps.prepared import Prepared, Progress
from service.files import frames
from service.files.writing import whole_file

if TYPE_CHECKING:
    import polars

FORMATS = ("parquet", "csv", "arrow")
BLOCK_ROWS = 250_000
BLOCKS = 10  # in memory at once, measured: one is computed, others are encoded
PROBE = 2**20  # bytes
# seconds after which a waiting thread looks for a signal: one that comes just before it waits does
# not wake it
LOOK = 0.1


def memory(prepared: Prepared, block_rows: int = BLOCK_ROWS) -> int:
    """About how many bytes of memory the writing takes."""
    rows, columns = (
        min(block_rows, prepared.grid.size),
        len(prepared.grid.axes) + 2 * len(prepared.targets),
    )
    return prepared.tile_bytes + BLOCKS * rows * columns * 8


def write(
    prepared: Prepared,
    path: Path,
    force: bool = False,
    progress: Progress | None = None,
    block_rows: int = BLOCK_ROWS,
) -> None:
    """Write every cell, in the format of the suffix, or nothing; `progress(done, cells)` may raise
    to stop. Errors: FileProblem.
    """
    form, stopped = frames.format_of(path), threading.Event()

    def watch(done: int, cells: int) -> None:
        if stopped.is_set():
            raise CancelledError
        if progress is not None:
            progress(done, cells)

    with whole_file(path, force) as file:
        _write_blocks(Parts(prepared, block_rows).tables(watch), form, file, stopped)


def write_pieces(pieces: Iterable[bytes], path: Path, force: bool) -> None:
    """Write a file that comes in pieces, or nothing. Errors: FileProblem."""
    with whole_file(path, force) as file:
        for one in pieces:
            file.write(one)


def write_frames(parts: Iterator["polars.DataFrame"], path: Path, force: bool) -> None:
    """Write data frames that come one after another as one file of Arrow, or nothing. Errors:
    FileProblem, and those of the frames.
    """
    from polars.io.plugins import register_io_source

    head = next(parts)
    with whole_file(path, force) as file:
        register_io_source(lambda *_: chain((head,), parts), schema=head.schema).sink_ipc(file)


def _write_blocks(
    blocks: Iterator[Table], form: str, file: BinaryIO, stopped: threading.Event
) -> None:
    """Blocks computed and encoded at once, on another thread: this one is there for signals."""
    from polars.exceptions import ComputeError
    from polars.io.plugins import register_io_source

    interruptible()
    first = next(blocks)
    made = _frames(chain((first,), blocks))
    if form == "csv":
        made = map(frames.plain_words, made)
    head = next(made)
    rows = register_io_source(lambda *_: chain((head,), made), schema=head.schema)
    with ThreadPoolExecutor(1) as beside:
        try:
            encoding = beside.submit(_encode, rows, first, form, file)
            while not wait((encoding,), LOOK).done:
                pass  # signals are seen here
            encoding.result()
        except (ComputeError, OSError) as error:
            file.write(bytes(PROBE))  # polars hides what the system said, so that it is asked again
            file.flush()
            raise OSError(str(error)) from None
        except BaseException:
            stopped.set()
            raise


def interruptible() -> None:
    """Leave Ctrl-C to Python, from which polars took it when it was imported: a sink of its may
    panic there, on standard error.
    """
    import polars  # noqa: F401 - it takes Ctrl-C now, if it has not yet

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT))


def _encode(rows: "polars.LazyFrame", head: Table, form: str, file: BinaryIO) -> None:
    if form == "parquet":
        rows.sink_parquet(file, **frames.PARQUET, metadata=frames.metadata(head))
    elif form == "csv":
        rows.sink_csv(file)
    else:
        rows.sink_ipc(file)


def _frames(blocks: Iterable[Table]) -> Iterator["polars.DataFrame"]:
    """Each block as a frame; columns that are those of the block before are not made again."""
    import polars

    known: dict[str, tuple[Column, polars.Series]] = {}
    for block in blocks:
        for name, column in block.columns.items():
            if name not in known or known[name][0] is not column:
                known[name] = column, frames.series(block, name)
        yield polars.DataFrame([series for _, series in known.values()])
