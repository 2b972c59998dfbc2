"""The cells of a sweep: all of them as one table, or block after block of rows, for which memory
does not grow with the grid.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from economics.sweeps.answers import Column, Table
from economics.sweeps.axes import MOST_AXES
from economics.sweeps.prepared import Job, Prepared, Progress
from economics.vocabulary.problems import Problem, UnknownProblem
from economics.vocabulary.units import unit_shown
from kernels.grids import reductions
from kernels.grids.evaluation import Evaluation
from kernels.grids.tiles import Tiles
from kernels.language.caches import cached
from kernels.trace.grid import Axis, Box, aligned_array, boxes, lengths

MOST_CELLS_IN_MEMORY = 2**31
BLOCK_ROWS = 250_000
MOST_CORNERS = 2**12
Filled = dict[str, tuple[Any, Any]]  # of each target: its values, and its statuses as codes


def cells(job: Job, out: Mapping[str, Any] | None = None) -> Table:
    """The whole table, with targets in the arrays that `out` has for them. Errors: Problem where
    it, or one of them, does not fit.
    """
    over = job.prepared.grid
    if over.size > MOST_CELLS_IN_MEMORY:
        raise Problem(
            "axes",
            over.size,
            f"at most {MOST_CELLS_IN_MEMORY} cells as one table; a reduction takes any number",
        )
    for name, array in (out or {}).items():
        _check_out(name, array, job.prepared)
    filled, lacking = dict[str, tuple[Any, Any]](), set[str]()
    for one in job.prepared.evaluations:
        values, codes = _columns(one.targets, over.shape, out)
        lacking |= job.total(
            one,
            lambda tile: reductions.fill(tile, tile.targets, values, codes),  # noqa: B023
            set.union,
        )
        filled.update(_pairs(values, codes))
    return _table(job.prepared, over.whole, filled, lacking)


def _check_out(name: str, array: Any, prepared: Prepared) -> None:
    if name not in prepared.targets:
        raise UnknownProblem(f"out.{name}", name, "target of the sweep", prepared.targets)
    if (
        not isinstance(array, np.ndarray)
        or array.shape != prepared.grid.shape
        or array.dtype != float
        or not array.flags.writeable
    ):
        found = (
            f"{array.dtype} {array.shape}"
            if isinstance(array, np.ndarray)
            else type(array).__name__
        )
        raise Problem(f"out.{name}", found, f"a writable array of float64 {prepared.grid.shape}")


def stream(
    prepared: Prepared,
    use: Callable[[Iterator[Table]], object],
    progress: Progress | None = None,
    rows: int = BLOCK_ROWS,
) -> None:
    """`use` of tables of at most `rows` rows, in row-major order: together the rows and the columns
    of `cells`.

    The corners of the grid tell before the first block which targets have a status. Where another
    target turns out to lack a value later, the blocks end early and `use` is called anew.
    `progress(done, cells)` is called between tiles, and may raise to stop.
    """
    lacking = _in_corners(prepared)
    while True:
        found = set(lacking)
        use(_blocks(prepared, lacking, found, progress, rows))
        if found == lacking:
            return
        lacking = found


def block_sizes(shape: Sequence[int], rows: int) -> tuple[int, ...]:
    """The lengths of blocks of at most `rows` cells in a row: trailing axes whole, one axis cut
    evenly, single positions before.
    """
    sizes, left = [], rows
    for length in reversed(shape):
        sizes.append(-(-length // -(-length // max(1, left))))
        left //= sizes[-1]
    return tuple(reversed(sizes))


def _blocks(
    prepared: Prepared, lacking: set[str], found: set[str], progress: Progress | None, rows: int
) -> Iterator[Table]:
    """Blocks with the statuses of `lacking`; they end where another target lacks a value, which is
    added to `found`.
    """
    over, done = prepared.grid, 0

    def beat() -> None:
        if progress is not None:
            progress(done, over.size)

    sizes = block_sizes(over.shape, rows)
    tiles = [(one, one.tiles(one.tile_sizes(most=sizes))) for one in prepared.evaluations]
    for box in boxes(over.whole, sizes):
        filled: Filled = {}
        for one, own in tiles:
            filled.update(_fill(one, own, box, prepared.threads, beat, found))
        if found != lacking:
            return
        yield (table := _table(prepared, box, filled, lacking))
        done += prod(table.shape)
        beat()


def _fill(
    one: Evaluation,
    tiles: Tiles,
    box: Box,
    threads: int,
    beat: Callable[[], None],
    lacking: set[str],
) -> Filled:
    """The targets of an evaluation in a box, and who lacks values there; computed once along the
    axes that none of them needs.
    """
    own = tuple(part if axis in one.needed_axes else slice(0, 1) for axis, part in enumerate(box))
    values, codes = _columns(one.targets, lengths(own))
    for _, without in tiles.over(
        own, lambda tile: reductions.fill(tile, tile.targets, values, codes), threads
    ):
        lacking |= without
        beat()
    shape = lengths(box)
    return {
        target: (np.broadcast_to(own, shape), np.broadcast_to(code, shape))
        for target, (own, code) in _pairs(values, codes).items()
    }


def _columns(
    targets: Sequence[str], shape: Sequence[int], out: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    values = {
        target: out[target] if out and target in out else aligned_array(shape) for target in targets
    }
    return values, {target: np.zeros(shape, dtype=np.int16) for target in targets}


def _pairs(values: dict[str, Any], codes: dict[str, Any]) -> Filled:
    return {target: (values[target], codes[target]) for target in values}


def _in_corners(prepared: Prepared) -> set[str]:
    """The targets that lack a value somewhere where each axis is at one of its ends."""
    lengths = prepared.grid.shape
    corners = np.arange(min(2 ** len(lengths), MOST_CORNERS))
    places = [
        (corners >> axis & 1) * (length - 1) for axis, length in enumerate(reversed(lengths))
    ][::-1]
    lacking: set[str] = set()
    for one in prepared.evaluations:
        for _, found in one.at(places).over_tiles(
            lambda tile: {t for t in tile.targets if not np.isfinite(tile.own(t)).all()}
        ):
            lacking |= found
    return lacking


def _table(prepared: Prepared, box: Box, filled: Filled, lacking: set[str]) -> Table:
    over, shape = prepared.grid, lengths(box)
    columns = {
        axis.name: axis_column(axis, at, box[at].start, shape) for at, axis in enumerate(over.axes)
    }
    for target in prepared.targets:
        one, (values, codes) = prepared.of(target), filled[target]
        columns[target] = Column(values, unit_shown(target), prepared.description(target))
        if target in lacking:
            columns[f"{target}_status"] = Column(
                codes, "1", f"Why a cell of {target} has no value.", one.status_names
            )
    names = tuple(axis.name for axis in over.axes)
    backend, why, device = prepared.backend, prepared.why, prepared.device
    return Table(
        axes=names,
        shape=shape,
        columns=columns,
        backend=backend,
        why=why,
        device=device,
        basis=prepared.basis,
    )


@cached(MOST_AXES)
def axis_column(axis: Axis, at: int, start: int, shape: tuple[int, ...]) -> Column:
    """The column of an axis; the same one for blocks in which it is the same, so that those who
    encode it need not look.
    """
    words = axis.labels if axis.labels is not None else ()
    along = (np.arange(len(axis), dtype=np.int32) if words else axis.coordinates)[
        start : start + shape[at]
    ]
    values = np.broadcast_to(
        along.reshape([-1 if place == at else 1 for place in range(len(shape))]), shape
    )
    return Column(values, unit_shown(axis.name), f"Axis {at + 1} of {len(shape)}.", words)
