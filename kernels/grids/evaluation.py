"""A plan over a grid: traced once, then what depends on few axes is computed once and the rest tile
by tile.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kernels.engines.engine import Engine
from kernels.engines.partials import Tally
from kernels.grids.tiles import Tile, Tiles
from kernels.grids.traced_plan import TracedPlan, status_names, trace_plan
from kernels.language.graph import Step
from kernels.language.node import Node
from kernels.language.verbs import arrays
from kernels.trace.expressions import Expr
from kernels.trace.grid import Axis, Box, Grid
from kernels.trace.program import most_alive, program
from kernels.trace.tracer import LONG, Tracer

MANY_OPERATIONS = 100
MANY_STEPS = 120
SMALL_CELLS = 32_768
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A plan, what it is given (swept names as arrays on their own axes), the grid and an engine:
    ready to give tiles.

    Of `conditions`, some of the targets, tiles can tell on which side of every value a cell without
    one lies. `tallies` says what is to be made of the values of which target. What spans at most
    `small_cells` is computed when the plan is traced; folds of `long` steps stay loops where the
    engine compiles.
    """

    steps: tuple[Step, ...]
    targets: tuple[str, ...]
    given: Mapping[str, Any]
    grid: Grid
    nodes: Mapping[str, Node]
    engine: Engine
    conditions: tuple[str, ...] = ()
    tallies: tuple[tuple[str, Tally], ...] = ()
    small_cells: int = SMALL_CELLS
    long: int = LONG

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

    @property
    def status_names(self) -> tuple[str, ...]:
        """Every status that a cell can have; the first is "ok"."""
        return status_names(self.steps)

    @cached_property
    def traced(self) -> TracedPlan:
        """The plan as expressions; what spans few cells is computed here."""
        steps = getattr(self.given.get("calendar"), "periods", 1)
        # there is a table for each step
        small = self.small_cells if steps <= MANY_STEPS else self.small_cells * MANY_STEPS // steps
        tracer = Tracer(self.grid.shape, small, arrays(), self.engine.compiles, self.long)
        asked = self.steps, self.targets, self.given, self.nodes
        return trace_plan(*asked, tracer, self.conditions)

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
        left = tile_cells or self._most_tile_cells()
        sizes = list(self.grid.shape)
        for axis in reversed(range(len(sizes))):
            if every_axis or axis in self.needed_axes:
                sizes[axis] = max(1, min((most or self.grid.shape)[axis], left))
                left //= sizes[axis]
        return tuple(sizes)

    @property
    def is_light(self) -> bool:
        """Whether a cell takes few operations."""
        return self.traced.operations <= MANY_OPERATIONS

    def _most_tile_cells(self) -> int:
        return self.engine.light_tile_cells if self.is_light else self.engine.flow_tile_cells

    def tile_cells(self) -> int:
        """How many cells of its own a tile has at most."""
        return prod(size for axis, size in enumerate(self.tile_sizes()) if axis in self.needed_axes)

    @property
    def tile_bytes(self) -> int:
        """How much memory the values of a tile take at most."""
        stated = sum(isinstance(one, Expr) for one in self.traced.others)
        alive = (
            len(self.targets) + stated
            if self.engine.compiles
            else most_alive(program(self.traced.values.values()).nodes)
        )
        return 8 * self.tile_cells() * max(alive, 1)

    def at(self, places: Sequence[NDArray[np.int64]]) -> "Evaluation":
        """The same targets in some cells only, by their positions on each axis: a grid of one axis
        with a position for each cell.
        """
        axis = Axis("cell", {"cell": np.arange(len(places[0]), dtype=float)})
        given = {name: _pick(value, places) for name, value in self.given.items()}
        return replace(self, given=given, grid=Grid((axis,)))

    def on(self, engine: Engine) -> "Evaluation":
        """The same on an engine."""
        if engine is self.engine:
            return self
        moved = replace(self, engine=engine)
        # else long folds are traced in the way of the engine
        if self.is_light:
            moved.__dict__["traced"] = self.traced
        return moved

    def check(self) -> None:
        """Whether its engine can compute it. Errors: Unsupported."""
        self.engine.runner().check(self._wanted, self.tile_sizes())

    def is_compiled(self) -> bool:
        """Whether its engine has code for it from earlier, or needs none."""
        tallies = [(self.traced.values[target], tally) for target, tally in self.tallies]
        return self.engine.runner().kept(self._wanted, self.tile_sizes(), tallies)

    @property
    def _wanted(self) -> tuple[Any, ...]:
        return (*self.traced.values.values(), *self.traced.others)

    def tiles(self, sizes: tuple[int, ...]) -> Tiles:
        """Tiles of at most such lengths."""
        return Tiles(self.traced, self.grid.shape, sizes, self.engine)

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
        sizes = self.tile_sizes(tile_cells, every_axis)
        return self.tiles(sizes).over(self.grid.whole, use, threads)


def _pick(value: Any, places: Sequence[NDArray[np.int64]]) -> Any:
    """What is given, in some cells of the grid."""
    if isinstance(value, np.ndarray):
        own = tuple(
            place if length > 1 else np.zeros_like(place)
            for length, place in zip(value.shape, places, strict=True)
        )
        return value[own] if _axes(value) else value.reshape(1)
    if hasattr(value, "__struct_fields__"):
        return type(value)(
            **{name: _pick(getattr(value, name), places) for name in value.__struct_fields__}
        )
    return value


def _axes(value: Any) -> frozenset[int]:
    """The axes on which a value varies."""
    if isinstance(value, np.ndarray):
        return frozenset(axis for axis, length in enumerate(value.shape) if length > 1)
    if hasattr(value, "__struct_fields__"):
        return frozenset().union(*(_axes(getattr(value, name)) for name in value.__struct_fields__))
    return frozenset()
