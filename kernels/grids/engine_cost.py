"""What an evaluation costs on its engine, in seconds: an estimate from the operations of its plan.

An operation costs as much as the engine's record says: once a run, and for each cell, with
repetitions and loops counted by their turns. Code that is not there from earlier is compiled, by
the size of the plan as it is written. docs/performance.md says how the figures are measured anew.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kernels.engines.engine import Engine
from kernels.grids.evaluation import Evaluation

COMPILE_POWER = 1.2  # of the operations as they are written: long code takes more than its share
COMPILE_SHARE = 0.8  # of its seconds: code is kept, so that some of them serve later sweeps


class Cost(NamedTuple):
    """Estimated seconds: to start, to compile, to compute."""

    start: float
    compile: float
    run: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.start + self.compile + self.run

    @property
    def weighed(self) -> float:
        """What engines are compared by."""
        return self.start + COMPILE_SHARE * self.compile + self.run


def cost(evaluations: Sequence[Evaluation], kept: bool | None = None) -> Cost:
    """What evaluations cost on the engine that they are on; `kept`: whether code for them is there
    (None: look).
    """
    engine = evaluations[0].engine
    new = [
        one.traced.written_operations**COMPILE_POWER
        for one in evaluations
        if not (one.is_compiled() if kept is None else kept)
    ]
    compiling = max(engine.compile_least_seconds, engine.compile_seconds * sum(new)) if new else 0.0
    return Cost(engine.start_seconds(), compiling, running(evaluations, engine))


def running(evaluations: Sequence[Evaluation], engine: Engine) -> float:
    """The seconds that an engine computes, once it has code."""
    return sum(
        one.traced.operations * engine.operation_start_seconds
        + one.traced.cell_operations
        * (engine.light_operation_seconds if one.is_light else engine.flow_operation_seconds)
        for one in evaluations
    )
