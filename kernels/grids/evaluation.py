"""A plan over a grid: traced once, then what depends on few axes is computed once and the rest tile
by tile.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kernels.engines.numpy.runner import Interpreter
from kernels.language.graph import Step, run_into
from kernels.language.node import Node
from kernels.language.verbs import Arrays
from kernels.trace.grid import Axis, Box, Grid, boxes, lengths
from kernels.trace.program import most_alive, program, work
from kernels.trace.tracer import Expr, Tracer

if TYPE_CHECKING:
    from kernels.engines.cuda.runner import Chunks
    from kernels.engines.llvm.runner import Lanes

TILE_CELLS = {
    "numpy": 524_288,
    "jit": 2_097_152,
    "cuda": 2**24,
}  # light plans; measured best at one and two threads, but for cuda
FLOW_TILE_CELLS = {
    "numpy": 65_536,
    "jit": 131_072,
    "cuda": 2**22,
}  # some hundred arrays are alive at once
MANY_OPERATIONS = 100
MANY_STEPS = 120
SMALL_CELLS = 32_768  # what spans at most so many cells is computed when the plan is traced
Result = TypeVar("Result")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Traced:
    """What a plan computes for each cell: a value of each target, and a place in `status_names`
    where it has none.
    """

    values: Mapping[str, Any]
    statuses: Mapping[str, Any]
    operations: int
    cell_operations: float  # of all cells together


@dataclass(frozen=True)
class Tile:
    """The targets over one box of the grid; its values are good until the thread takes the next.
    `place` is the box in what is filled.
    """

    box: Box
    place: Box
    evaluation: "Evaluation"
    runner: "Interpreter | Lanes | Chunks"

    @property
    def targets(self) -> tuple[str, ...]:
        """What was asked for."""
        return self.evaluation.targets

    @property
    def status_names(self) -> tuple[str, ...]:
        """Every status that a cell can have."""
        return self.evaluation.status_names

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the box."""
        return lengths(self.box)

    def own(self, target: str) -> NDArray[np.float64]:
        """A target over the axes that it depends on, size 1 on the others."""
        return self.runner.value(self.evaluation.traced.values[target])

    def fill(self, columns: Mapping[str, NDArray[np.float64]]) -> tuple[str, ...]:
        """Write targets into arrays over what is filled; gives those that lack a value somewhere in
        the box.
        """
        outs = {target: column[self.place] for target, column in columns.items()}
        values = {target: self.evaluation.traced.values[target] for target in columns}
        self.runner.fill(tuple(values.values()), tuple(outs.values()))
        return tuple(
            target for target, out in outs.items() if not self.runner.sound(values[target], out)
        )

    def status(self, target: str) -> NDArray[np.int16]:
        """Why cells have no value, as places in `status_names` (0: ok); of the shape of `own`."""
        own = self.own(target)
        with np.errstate(all="ignore"):
            self.runner.at(self.box, others=True)
            codes = np.broadcast_to(
                self.runner.value(self.evaluation.traced.statuses[target]), own.shape
            )
        return np.where(np.isfinite(own), 0, codes).astype(np.int16)

    def tally(
        self,
        target: str,
        use: Callable[..., str],
        key: tuple[Any, ...],
        state: NDArray[np.float64],
        counts: Any,
    ) -> int:
        """Let a tally of `kernels.engines.llvm.tallies` see the values: for how many cells each
        stands, or 0 where the engine has no tallies.

        With 0, and where a cell has no value, the state and counts are not to be used.
        """
        value = self.evaluation.traced.values[target]
        return (
            prod(self.shape) // self.runner.cells_at()
            if self.runner.tally(value, use, key, state, counts)
            else 0
        )

    def reached(self, target: str, count: int, greatest: bool) -> float | None:
        """What at least `count` values of a target reach, where the engine can tell without giving
        them.
        """
        return self.runner.reached(self.evaluation.traced.values[target], count, greatest)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A plan, what it is given (swept names as arrays on their own axes) and the grid: ready to
    give tiles.
    """

    steps: tuple[Step, ...]
    targets: tuple[str, ...]
    given: Mapping[str, Any]
    grid: Grid
    xp: Arrays
    nodes: Mapping[str, Node]

    @cached_property
    def axes_of(self) -> dict[str, frozenset[int]]:
        """The axes that each name depends on."""
        known = {name: _axes(value) for name, value in self.given.items()}
        for step in self.steps:
            known[step.name] = frozenset().union(
                *(known.get(need, frozenset()) for need in step.needs)
            )
            known[f"{step.name}_status"] = known[step.name]
        return known

    @cached_property
    def status_names(self) -> tuple[str, ...]:
        """Every status that a cell can have; the first is "ok"."""
        named = {status for step in self.steps for status in step.statuses}
        return ("ok", *sorted(named - {"ok"}), "undefined")

    @cached_property
    def traced(self) -> Traced:
        """The plan as expressions; what spans few cells is computed here."""
        steps = getattr(self.given.get("calendar"), "periods", 1)
        small = (
            SMALL_CELLS if steps <= MANY_STEPS else SMALL_CELLS * MANY_STEPS // steps
        )  # there is a table for each step
        tracer = Tracer(self.grid.shape, small, self.xp, rolls=self.xp.name != "numpy")
        with np.errstate(all="ignore"):
            values = run_into(
                {
                    **{name: tracer.lifted(value) for name, value in self.given.items()},
                    "xp": tracer,
                },
                self.steps,
            )
            statuses = {target: self._status(target, values, {}) for target in self.targets}
        undefined = float(self.status_names.index("undefined"))
        found = {
            target: undefined if code is None else tracer.where(code == 0.0, undefined, code)
            for target, code in statuses.items()
        }
        wanted = {target: values[target] for target in self.targets}
        # else expressions and their tracer would keep each other, and their tables, alive
        tracer.made.clear()
        weights = [
            (count, tracer.cells(axes)) for count, axes in work(program(wanted.values()).nodes)
        ]
        return Traced(
            wanted,
            found,
            sum(each for each, _ in weights),
            float(sum(each * cells for each, cells in weights)),
        )

    def _status(self, name: str, values: Mapping[str, Any], known: dict[str, Any]) -> Any:
        """Where `name` has no value: its own status, else that of the first input without one; 0 if
        none says why, None if none can.
        """
        if name in known or name not in self.nodes:
            return known.get(name)
        one, xp, code = self.nodes[name], values["xp"], None
        if one.statuses:
            places = [float(self.status_names.index(status)) for status in one.statuses]
            stated, code = values[f"{name}_status"], 0.0
            for number, place in enumerate(places[1:], 1):
                code = xp.where(stated == float(number), place, code)
        for need in one.needs:
            theirs = self._status(need, values, known)
            if theirs is not None and isinstance(values[need], Expr | float):
                theirs = xp.where(values[need] - values[need] == 0.0, 0.0, theirs)
                code = theirs if code is None else xp.where(code == 0.0, theirs, code)
        known[name] = code
        return code

    @cached_property
    def needed_axes(self) -> frozenset[int]:
        """The axes that any target depends on."""
        return frozenset().union(
            *(self.axes_of.get(target, frozenset()) for target in self.targets)
        )

    def tile_sizes(
        self,
        tile_cells: int | None = None,
        every_axis: bool = False,
        most: Sequence[int] | None = None,
    ) -> tuple[int, ...]:
        """The lengths of a tile, none over `most`: whole along axes that no target needs (unless
        `every_axis`), then from the last up.
        """
        left = (
            tile_cells
            or (FLOW_TILE_CELLS if self.traced.operations > MANY_OPERATIONS else TILE_CELLS)[
                self.xp.name
            ]
        )
        sizes = list(self.grid.shape)
        for axis in reversed(range(len(sizes))):
            if every_axis or axis in self.needed_axes:
                sizes[axis] = max(1, min((most or self.grid.shape)[axis], left))
                left //= sizes[axis]
        return tuple(sizes)

    def tile_cells(self) -> int:
        """How many cells of its own a tile has at most."""
        return prod(size for axis, size in enumerate(self.tile_sizes()) if axis in self.needed_axes)

    @property
    def tile_bytes(self) -> int:
        """How much memory the values of a tile take at most."""
        stated = sum(isinstance(status, Expr) for status in self.traced.statuses.values())
        alive = (
            most_alive(program(self.traced.values.values()).nodes)
            if self.xp.name == "numpy"
            else len(self.targets) + stated
        )
        return 8 * self.tile_cells() * max(alive, 1)

    def at(self, places: Sequence[NDArray[np.int64]]) -> "Evaluation":
        """The same targets in some cells only, by their positions on each axis: a grid of one axis
        with a position for each cell.
        """
        axis = Axis("cell", {"cell": np.arange(len(places[0]), dtype=float)})
        given = {name: _picked(value, places) for name, value in self.given.items()}
        return replace(self, given=given, grid=Grid((axis,)))

    def on(self, xp: Arrays) -> "Evaluation":
        """The same on another engine."""
        moved = replace(self, xp=xp)
        if (
            self.traced.operations <= MANY_OPERATIONS
        ):  # else long folds are traced in the way of the engine
            moved.__dict__["traced"] = self.traced
        return moved

    def runner(self) -> "type[Interpreter | Lanes | Chunks]":
        """What computes tiles on its engine."""
        if self.xp.name == "jit":
            from kernels.engines.llvm.runner import Lanes

            return Lanes
        if self.xp.name == "cuda":
            from kernels.engines.cuda.runner import Chunks

            return Chunks
        return Interpreter

    def check(self) -> None:
        """Whether its engine can compute it. Errors: Unsupported."""
        self.runner().check(
            (*self.traced.values.values(), *self.traced.statuses.values()), self.tile_sizes()
        )

    def over_tiles(
        self,
        use: Callable[[Tile], Result],
        threads: int = 1,
        tile_cells: int | None = None,
        every_axis: bool = False,
    ) -> Iterator[tuple[Box, Result]]:
        """`use` of every tile, in row-major order, on some threads; no more than two tiles a thread
        are under way.
        """
        return Tiles(self, self.tile_sizes(tile_cells, every_axis)).over(
            self.grid.whole, use, threads
        )


class Tiles:
    """Tiles of at most `sizes` over boxes of the grid; what computes them is kept from one box to
    the next.
    """

    def __init__(self, evaluation: Evaluation, sizes: tuple[int, ...]) -> None:
        self.evaluation, self.sizes = evaluation, sizes
        self.free: deque[Interpreter | Lanes | Chunks] = deque()

    def _runner(self) -> "Interpreter | Lanes | Chunks":
        try:
            return self.free.pop()
        except IndexError:
            one = self.evaluation
            runner = one.runner()
            return runner(
                tuple(one.traced.values.values()),
                tuple(one.traced.statuses.values()),
                one.grid.shape,
                self.sizes,
                one.xp,
            )

    def over(
        self, whole: Box, use: Callable[[Tile], Result], threads: int = 1
    ) -> Iterator[tuple[Box, Result]]:
        """`use` of every tile of a box, in row-major order, on some threads; no more than two tiles
        a thread are under way.
        """

        def one(box: Box) -> tuple[Box, Result]:
            place = tuple(
                slice(part.start - all_.start, part.stop - all_.start)
                for part, all_ in zip(box, whole, strict=True)
            )
            with np.errstate(all="ignore"):
                runner = self._runner()
                runner.at(box)
                found = use(Tile(box, place, self.evaluation, runner))
            self.free.append(runner)
            return box, found

        few = all(length <= size for length, size in zip(lengths(whole), self.sizes, strict=True))
        return (
            map(one, boxes(whole, self.sizes))
            if threads == 1 or few
            else ordered(one, boxes(whole, self.sizes), threads)
        )


def ordered(
    work: Callable[[Item], Result], items: Iterable[Item], threads: int
) -> Iterator[Result]:
    """`work` of each item on some threads, results in the order of the items."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _picked(value: Any, places: Sequence[NDArray[np.int64]]) -> Any:
    """What is given, in some cells of the grid."""
    if isinstance(value, np.ndarray):
        own = tuple(
            place if length > 1 else np.zeros_like(place)
            for length, place in zip(value.shape, places, strict=True)
        )
        return value[own] if _axes(value) else value.reshape(1)
    if hasattr(value, "__struct_fields__"):
        return type(value)(
            **{name: _picked(getattr(value, name), places) for name in value.__struct_fields__}
        )
    return value


def _axes(value: Any) -> frozenset[int]:
    """The axes on which a value varies."""
    if isinstance(value, np.ndarray):
        return frozenset(axis for axis, length in enumerate(value.shape) if length > 1)
    if hasattr(value, "__struct_fields__"):
        return frozenset().union(*(_axes(getattr(value, name)) for name in value.__struct_fields__))
    return frozenset()
