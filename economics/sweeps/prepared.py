"""A checked sweep, ready to run, and the run of it."""

from collections.abc import Callable
from typing import Any

from msgspec import UNSET, Struct

from economics.scenario.basis import Basis
from economics.sweeps.answers import DeviceUsed
from economics.sweeps.spec import Cells, Frontier, Reduction, Summarise, rows_left
from kernels.grids.evaluation import Evaluation
from kernels.grids.reductions import EXACT_QUANTILE_CELLS, total
from kernels.trace.grid import Grid

Progress = Callable[[int, int], None]
LINE_BYTES = 48  # of what is kept of each line of a frontier


class Prepared(Struct, frozen=True, eq=False):
    """A checked sweep, ready to run: one evaluation for all targets that depend on the same
    axes.
    """

    grid: Grid
    targets: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]
    basis: Basis
    reduction: Reduction
    threads: int
    why: str
    device: DeviceUsed = UNSET

    def of(self, target: str) -> Evaluation:
        """The evaluation that has a target."""
        return next(e for e in self.evaluations if target in e.targets)

    def description(self, target: str) -> str:
        """What a target is, in one line."""
        node = self.of(target).nodes.get(target)
        return " ".join((node.doc if node else "A field of the scenario.").split())

    @property
    def backend(self) -> str:
        """The name of the engine."""
        return self.evaluations[0].engine.name

    @property
    def rows(self) -> int:
        """How many rows the answer has as a table of cells; 0 where it is no such table."""
        return rows_left(self.reduction, [(axis.name, len(axis)) for axis in self.grid.axes])

    @property
    def bytes(self) -> int:
        """How much memory the answer takes while it is made, and its tiles; not what a format makes
        of it.
        """
        if isinstance(self.reduction, Frontier):
            return self.tile_bytes + self.rows * LINE_BYTES
        exact = isinstance(self.reduction, Summarise) and self.grid.size <= EXACT_QUANTILE_CELLS
        return self.tile_bytes + (
            self.grid.size * 8 * len(self.targets)
            if exact or isinstance(self.reduction, Cells)
            else 0
        )

    @property
    def tile_bytes(self) -> int:
        """How much memory the tiles take that are under way."""
        return max(e.tile_bytes for e in self.evaluations) * self.threads


class Job(Struct, frozen=True, eq=False):
    """A prepared sweep, who watches it, and a tile size where one is forced."""

    prepared: Prepared
    progress: Progress | None
    tile_cells: int | None

    def total(self, evaluation: Evaluation, use: Any, merge: Any, every_axis: bool = False) -> Any:
        """`use` of every tile of an evaluation, merged in order; `every_axis`: tiles are cut along
        idle axes too.
        """
        return total(
            evaluation,
            use,
            self.prepared.threads,
            merge,
            self.progress,
            self.tile_cells,
            every_axis,
        )
