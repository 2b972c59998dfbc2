"""A plan over a grid: what depends on few axes once, the rest tile by tile.

Every quantity has the shape of the axes that it depends on, size 1 on the others. Steps of few cells are evaluated once over all of
their axes and cut for each tile; tiles take whole the axes that shape profiles in time, so that only amounts are cut.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kernels.backend import Arrays
from kernels.flow import Flow
from kernels.graph import Node, Step, run_into
from kernels.grid import Axis, Box, Grid
from kernels.series import Profile

TILE_CELLS = 131_072  # light plans; measured best at one and two threads
FLOW_TILE_CELLS = 8_192  # plans that walk whole flows: some hundred arrays of a tile must fit the cache
SMALL_CELLS = 32_768  # a step of at most so many cells is evaluated once
Result = TypeVar("Result")
Item = TypeVar("Item")


class Cut:
    """Values of the whole grid, cut to a box: arrays, profiles, flows, tuples and records of them."""

    def __init__(self, box: Box, shape: tuple[int, ...]) -> None:
        self.box = box
        self._partial = frozenset(axis for axis, (part, n) in enumerate(zip(box, shape, strict=True)) if part.stop - part.start < n)
        self._profiles: dict[int, Profile] = {}

    def __call__(self, value: Any) -> Any:
        """The part of a value that lies in the box; the same object if all of it does."""
        if isinstance(value, np.ndarray):
            own = zip(value.shape, self.box, strict=True) if value.ndim else ()
            return value[tuple(slice(None) if length == 1 else part for length, part in own)]
        if isinstance(value, Flow):
            return Flow({self(profile): self(amount) for profile, amount in value.terms.items()})
        if isinstance(value, Profile):
            return value if self._partial.isdisjoint(_axes(value)) else self._profile(value)
        if isinstance(value, tuple):
            parts = tuple(self(part) for part in value)
            return type(value)(*parts) if hasattr(value, "_fields") else parts
        if hasattr(value, "__struct_fields__"):
            return type(value)(**{name: self(getattr(value, name)) for name in value.__struct_fields__})
        return value

    def _profile(self, profile: Profile) -> Profile:
        if id(profile) not in self._profiles:
            root = None if profile.root is profile else self(profile.root)
            self._profiles[id(profile)] = Profile([self(value) for value in profile.values], root)
        return self._profiles[id(profile)]


class TileValues(dict[str, Any]):
    """Values of one tile; those of small steps and of what is given are cut when they are first asked for."""

    def __init__(self, whole: Mapping[str, Any], cut: Cut) -> None:
        super().__init__()
        self._whole, self._cut = whole, cut

    def get_known(self, name: str) -> Any:
        """A value that was given or computed, or None."""
        return self[name] if name in self or name in self._whole else None

    def __missing__(self, name: str) -> Any:
        self[name] = value = self._cut(self._whole[name])
        return value


@dataclass(frozen=True)
class Walker(Arrays):
    """The verbs on arrays, noting which flows are walked whole."""

    walked: list[Flow] = field(default_factory=list)

    def _noted(self, series: tuple[Any, ...]) -> None:
        self.walked.extend(one for one in series if isinstance(one, Flow))

    def fold(self, step: Any, start: Any, *series: Any) -> Any:
        """The state after the last step."""
        self._noted(series)
        return super().fold(step, start, *series)

    def scan(self, step: Any, start: Any, *series: Any) -> Any:
        """One result a step."""
        self._noted(series)
        return super().scan(step, start, *series)


@dataclass(frozen=True)
class Tile:
    """The targets over one box of the grid."""

    box: Box
    targets: tuple[str, ...]
    values: TileValues
    nodes: Mapping[str, Node]
    status_names: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the box."""
        return tuple(s.stop - s.start for s in self.box)

    def own(self, target: str) -> NDArray[np.float64]:
        """A target over the axes that it depends on, size 1 on the others."""
        return self._shaped(self.values[target])

    def _shaped(self, value: Any) -> NDArray[Any]:
        array = np.asarray(value, dtype=float)
        return array if array.ndim else array.reshape((1,) * len(self.box))

    def status(self, target: str) -> NDArray[np.int16]:
        """Why cells have no value, as places in `status_names` (0: ok); of the shape of `own`."""
        return self._status(target, self.own(target))

    def _status(self, name: str, value: NDArray[np.float64]) -> NDArray[np.int16]:
        """A quantity's own status, else that of the first input that has no value either, else "undefined"."""
        missing, one = ~np.isfinite(value), self.nodes.get(name)
        codes = np.zeros(value.shape, dtype=np.int16)
        if one is not None and one.statuses:
            places = np.asarray([self.status_names.index(status) for status in one.statuses], dtype=np.int16)
            own = np.broadcast_to(self._shaped(self.values[f"{name}_status"]), value.shape)
            codes = places[np.where(missing, own, 0.0).astype(int)]
        for need in one.needs if one is not None else ():
            inherited = self.values.get_known(need)
            if isinstance(inherited, np.ndarray | float) and not np.isfinite(inherited).all():
                theirs = np.broadcast_to(self._status(need, self._shaped(inherited)), value.shape)
                codes = np.where(missing & (codes == 0), theirs, codes)
        return np.where(missing & (codes == 0), np.int16(self.status_names.index("undefined")), codes)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A plan, what it is given (swept names as arrays on their own axes) and the grid: ready to give tiles."""

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
            known[step.name] = frozenset().union(*(known.get(need, frozenset()) for need in step.needs))
            known[f"{step.name}_status"] = known[step.name]
        return known

    def cells_of(self, axes: Iterable[int]) -> int:
        """How many cells some axes span."""
        return prod(self.grid.shape[axis] for axis in axes)

    @cached_property
    def _small(self) -> frozenset[str]:
        return frozenset(s.name for s in self.steps if self.cells_of(self.axes_of[s.name]) <= SMALL_CELLS)

    @cached_property
    def whole(self) -> dict[str, Any]:
        """What is given and the steps of few cells, over all of their axes."""
        with np.errstate(all="ignore"):
            return run_into({**self.given, "xp": self.xp}, [s for s in self.steps if s.name in self._small])

    @cached_property
    def status_names(self) -> tuple[str, ...]:
        """Every status that a cell can have; the first is "ok"."""
        named = {status for step in self.steps for status in step.statuses}
        return ("ok", *sorted(named - {"ok"}), "undefined")

    @cached_property
    def _first_cell(self) -> tuple[dict[str, Any], bool]:
        """The values of the first cell, and whether a flow of amounts was walked for them."""
        corner, walker = Cut(tuple(slice(0, 1) for _ in self.grid.shape), self.grid.shape), Walker(self.xp.np, self.xp.name)
        with np.errstate(all="ignore"):
            values = run_into({**{name: corner(value) for name, value in self.given.items()}, "xp": walker}, self.steps)
        return values, bool(walker.walked)

    @cached_property
    def shaping_axes(self) -> frozenset[int]:
        """The axes that shape profiles in time, as far as they are few enough to be taken whole."""
        values, _ = self._first_cell
        profiles = {step.name for step in self.steps if isinstance(values[step.name], Profile)}
        shaping: frozenset[int] = frozenset()
        for name in sorted(profiles, key=lambda name: (self.cells_of(self.axes_of[name]), name)):
            if self.cells_of(shaping | self.axes_of[name]) <= FLOW_TILE_CELLS:
                shaping = shaping | self.axes_of[name]
        return shaping

    @cached_property
    def needed_axes(self) -> frozenset[int]:
        """The axes that any target depends on."""
        return frozenset().union(*(self.axes_of.get(target, frozenset()) for target in self.targets))

    def tile_sizes(self, tile_cells: int | None = None, every_axis: bool = False) -> tuple[int, ...]:
        """The lengths of a tile: whole along axes that no target needs (unless `every_axis`) or that shape time, then from the last up."""
        left = tile_cells or (FLOW_TILE_CELLS if self._first_cell[1] else TILE_CELLS)
        order = sorted(range(len(self.grid.shape)), key=lambda axis: (axis not in self.shaping_axes, -axis))
        sizes = list(self.grid.shape)
        for axis in order:
            if every_axis or axis in self.needed_axes:
                sizes[axis] = max(1, min(self.grid.shape[axis], left))
                left //= sizes[axis]
        return tuple(sizes)

    def tile(self, box: Box) -> Tile:
        """The targets over one box."""
        values = TileValues(self.whole, Cut(box, self.grid.shape))
        with np.errstate(all="ignore"):
            run_into(values, [s for s in self.steps if s.name not in self._small])
        return Tile(box, self.targets, values, self.nodes, self.status_names)

    def tile_cells(self) -> int:
        """How many cells of its own a tile has at most."""
        return prod(size for axis, size in enumerate(self.tile_sizes()) if axis in self.needed_axes)

    def at(self, places: Sequence[NDArray[np.int64]]) -> "Evaluation":
        """The same targets in some cells only, by their positions on each axis: a grid of one axis with a position for each cell."""
        axis = Axis("cell", {"cell": np.arange(len(places[0]), dtype=float)})
        given = {name: _picked(value, places) for name, value in self.given.items()}
        return replace(self, given=given, grid=Grid((axis,)))

    def over_tiles(
        self, use: Callable[[Tile], Result], threads: int = 1, tile_cells: int | None = None, every_axis: bool = False
    ) -> Iterator[tuple[Box, Result]]:
        """`use` of every tile, in row-major order, on some threads; no more than two tiles a thread are under way."""
        sizes = self.tile_sizes(tile_cells, every_axis)

        def one(box: Box) -> tuple[Box, Result]:
            with np.errstate(all="ignore"):
                return box, use(self.tile(box))

        boxes = self.grid.boxes(sizes)
        if threads == 1 or self.grid.box_count(sizes) == 1:
            return map(one, boxes)
        self.whole  # noqa: B018  evaluated once, before the threads meet
        return ordered(one, boxes, threads)


def ordered(work: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
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
        own = tuple(place if length > 1 else np.zeros_like(place) for length, place in zip(value.shape, places, strict=True))
        return value[own] if _axes(value) else value.reshape(1)
    if hasattr(value, "__struct_fields__"):
        return type(value)(**{name: _picked(getattr(value, name), places) for name in value.__struct_fields__})
    return value


def _axes(value: Any) -> frozenset[int]:
    """The axes on which a value varies."""
    if isinstance(value, np.ndarray):
        return frozenset(axis for axis, length in enumerate(value.shape) if length > 1)
    if isinstance(value, Profile):
        found: frozenset[int] = value.once("axes", lambda: frozenset().union(*map(_axes, value.values), *_root_axes(value)))
        return found
    if hasattr(value, "__struct_fields__"):
        return frozenset().union(*(_axes(getattr(value, name)) for name in value.__struct_fields__))
    return frozenset()


def _root_axes(profile: Profile) -> list[frozenset[int]]:
    return [] if profile.root is profile else [_axes(profile.root)]
