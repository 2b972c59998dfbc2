"""What an engine is: a record of what it needs and what it is good at, and a runner that computes
tiles.

Errors of a runner: Unsupported where it cannot compute a plan.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kernels.engines.partials import Tally
from kernels.language.verbs import Arrays
from kernels.trace.grid import Box

Values = NDArray[np.float64]


class Unsupported(Exception):
    """The plan asks for what an engine cannot compute; the message says what."""


class Runner(Protocol):
    """The values of some targets and, where asked for, of others, over one box after another; for
    one thread.
    """

    def __init__(
        self,
        targets: Sequence[Any],
        others: Sequence[Any],
        shape: tuple[int, ...],
        sizes: tuple[int, ...],
        xp: Arrays,
    ) -> None:
        """For boxes of at most `sizes` in a grid of `shape`. Errors: Unsupported."""
        ...

    @staticmethod
    def check(wanted: Iterable[Any], sizes: tuple[int, ...]) -> None:
        """Whether it can compute some values. Errors: Unsupported."""
        ...

    @staticmethod
    def kept(
        wanted: Iterable[Any], sizes: tuple[int, ...], tallies: Sequence[tuple[Any, Tally]]
    ) -> bool:
        """Whether code for some values, and for tallies of them, is there from earlier, or none is
        needed.
        """
        ...

    def at(self, box: Box, others: bool = False) -> None:
        """Make ready for a box; `others`: for the other values over it too."""
        ...

    def value(self, target: Any) -> Values:
        """A target over the box, size 1 on axes that it does not depend on. Good until the next
        box.
        """
        ...

    def fill(self, targets: Sequence[Any], outs: Sequence[Values]) -> None:
        """Write targets over the box into arrays of its shape."""
        ...

    def sound(self, target: Any, found: Values) -> bool:
        """Whether every value found for a target is a number."""
        ...

    def cells_at(self) -> int:
        """How many cells of their own the targets have in the box; 0 where it has no tallies."""
        ...

    def tally(self, target: Any, tally: Tally, state: Values, counts: NDArray[np.int64]) -> bool:
        """Let a tally see the values of the box; False, and nothing is to be used, where it
        cannot.
        """
        ...

    def reached(self, target: Any, count: int, greatest: bool) -> float | None:
        """What at least `count` of the values of a target reach; None where that cannot be told
        without giving them.
        """
        ...


@dataclass(frozen=True)
class Engine:
    """What computes tiles of a grid, and what it costs: seconds on two cores, of which `auto` makes
    its estimates. Those of numpy and jit are fitted by `make bench ONLY=choices`.

    A plan is light or a flow; some hundred arrays of a flow are alive at once, so that its tiles
    are smaller.
    """

    name: str
    runner: Callable[[], type[Runner]]  # which loads what it needs
    missing: Callable[[], str | None]  # why it cannot run here
    workers: Callable[[], int]  # how many threads keep it busy
    description: Callable[[], dict[str, Any] | None]  # of devices, for records
    light_tile_cells: int
    flow_tile_cells: int
    light_operation_seconds: float  # of a cell
    flow_operation_seconds: float
    compiles: bool = (
        True  # a plan as a whole: long folds stay loops, and no values between are kept
    )
    start_seconds: Callable[[], float] = lambda: 0.0
    operation_start_seconds: float = 0.0  # of an operation, however many cells
    compile_least_seconds: float = 0.0  # of compiling anything
    compile_seconds: float = 0.0  # of one operation as it is written
