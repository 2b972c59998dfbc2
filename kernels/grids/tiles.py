"""Tiles of a grid, computed one after another on some threads."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import prod
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kernels.engines.engine import Engine, Runner
from kernels.engines.partials import Tally
from kernels.grids.traced_plan import TracedPlan
from kernels.language.verbs import arrays
from kernels.trace.grid import Box, boxes, lengths

Result = TypeVar("Result")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Tile:
    """The targets over one box of the grid; its values are good until the thread takes the next.
    `place` is the box in what is filled.
    """

    box: Box
    place: Box
    plan: TracedPlan
    runner: Runner

    @property
    def targets(self) -> tuple[str, ...]:
        """What was asked for."""
        return self.plan.targets

    @property
    def status_names(self) -> tuple[str, ...]:
        """Every status that a cell can have."""
        return self.plan.status_names

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the box."""
        return lengths(self.box)

    def own(self, target: str) -> NDArray[np.float64]:
        """A target over the axes that it depends on, size 1 on the others."""
        return self.runner.value(self.plan.values[target])

    def fill(self, columns: Mapping[str, NDArray[np.float64]]) -> tuple[str, ...]:
        """Write targets into arrays over what is filled; gives those that lack a value somewhere in
        the box.
        """
        outs = {target: column[self.place] for target, column in columns.items()}
        values = {target: self.plan.values[target] for target in columns}
        self.runner.fill(tuple(values.values()), tuple(outs.values()))
        return tuple(
            target for target, out in outs.items() if not self.runner.sound(values[target], out)
        )

    def status(self, target: str) -> NDArray[np.int16]:
        """Why cells have no value, as places in `status_names` (0: ok); of the shape of `own`."""
        own = self.own(target)
        codes = self._beside(self.plan.statuses[target], own)
        return np.where(np.isfinite(own), 0, codes).astype(np.int16)

    def sided(self, target: str) -> NDArray[np.float64]:
        """What conditions are asked of: `own`, but infinite in cells that their status says to lie
        above or below every value, and NaN in all others without one.
        """
        own = self.own(target)
        found = self._beside(self.plan.sided[target], own) if target in self.plan.sided else own
        return np.where(np.isinf(own), np.nan, found)

    def _beside(self, other: Any, own: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is computed beside the values, of the shape of `own`."""
        with np.errstate(all="ignore"):
            self.runner.at(self.box, others=True)
            return np.broadcast_to(self.runner.value(other), own.shape)

    def tally(
        self, target: str, tally: Tally, state: NDArray[np.float64], counts: NDArray[np.int64]
    ) -> int:
        """Let a tally see the values: for how many cells each stands, or 0 where the engine has no
        tallies.

        With 0, and where a cell has no value, the state and counts are not to be used.
        """
        if not self.runner.tally(self.plan.values[target], tally, state, counts):
            return 0
        return prod(self.shape) // self.runner.cells_at()

    def reached(self, target: str, count: int, greatest: bool) -> float | None:
        """What at least `count` values of a target reach, where the engine can tell without giving
        them.
        """
        return self.runner.reached(self.plan.values[target], count, greatest)


class Tiles:
    """Tiles of at most `sizes` over boxes of a grid of some shape; what computes them is kept from
    one box to the next.
    """

    def __init__(
        self, plan: TracedPlan, shape: tuple[int, ...], sizes: tuple[int, ...], engine: Engine
    ) -> None:
        self.plan, self.shape, self.sizes, self.engine = plan, shape, sizes, engine
        self.free: deque[Runner] = deque()

    def _runner(self) -> Runner:
        try:
            return self.free.pop()
        except IndexError:
            targets, make = tuple(self.plan.values.values()), self.engine.runner()
            return make(targets, self.plan.others, self.shape, self.sizes, arrays())

    def over(
        self, whole: Box, use: Callable[[Tile], Result], threads: int = 1
    ) -> Iterator[tuple[Box, Result]]:
        """`use` of every tile of a box, in row-major order, on some threads; no more than two tiles
        a thread are under way.
        """

        def result(box: Box) -> tuple[Box, Result]:
            place = tuple(
                slice(part.start - all_.start, part.stop - all_.start)
                for part, all_ in zip(box, whole, strict=True)
            )
            with np.errstate(all="ignore"):
                runner = self._runner()
                runner.at(box)
                found = use(Tile(box, place, self.plan, runner))
            self.free.append(runner)
            return box, found

        few = all(length <= size for length, size in zip(lengths(whole), self.sizes, strict=True))
        each = boxes(whole, self.sizes)
        return map(result, each) if threads == 1 or few else in_sequence(result, each, threads)


def in_sequence(
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
