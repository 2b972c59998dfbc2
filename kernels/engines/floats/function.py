"""A plan as one Python function of floats, written from its trace.

What decides the text is the structure of what is given: what is fixed, the calendar, records but
for their floats, and which floats are
0. The other floats are arguments. The text has the operations of the formulas on floats, so it
gives the same bits; but

- a sum adds what happens to be 0 where floats would skip it: the same, unless the other factor is
  infinite;
- what no target needs is left out, so that an overflow or a division by zero there goes unnoticed.
"""

from collections.abc import Callable, Mapping, Sequence
from math import exp, expm1, inf, log1p, nan
from typing import Any

from kernels.engines.floats.python import source
from kernels.language.flow import Flow
from kernels.language.graph import Step, run
from kernels.language.profile import Profile
from kernels.language.verbs import FLOATS
from kernels.trace.expressions import Expr
from kernels.trace.tracer import Tracer

MOST_OPERATIONS = 20_000  # about a second to trace, write and compile
Function = Callable[..., tuple[Any, ...]]


class NotWritten(Exception):
    """A plan has too many operations."""


class Scalars(Tracer):
    """The verbs on floats of which nothing is known but whether they are 0."""

    def __init__(self, most_operations: int = MOST_OPERATIONS) -> None:
        super().__init__((), -1, FLOATS)
        self.most_operations = most_operations
        self.inputs: list[str] = []

    def lift(self, value: Any) -> Any:
        """What a plan is given, with an input for each float; 0 stays itself, for sums skip it."""
        if not isinstance(value, float):
            return super().lift(value)
        self.inputs.append(f"x{len(self.inputs)}")
        return self.input(self.inputs[-1]) if value else 0.0

    def op(self, op: str, *args: Any) -> Any:
        """An operation on values. Errors: NotWritten."""
        if len(self.made) > self.most_operations:
            raise NotWritten
        return super().op(op, *args)

    def compound(self, rate: Any, years: Any) -> Any:
        """(1 + rate) ** years, without a power for one year as on floats."""
        power = super().compound(rate, years)
        return self.where(years == 1.0, 1.0 + rate, power) if isinstance(years, Expr) else power


def write_function(
    steps: Sequence[Step],
    targets: Sequence[str],
    varying: Sequence[str],
    given: Mapping[str, Any],
    most_operations: int = MOST_OPERATIONS,
) -> tuple[tuple[str, ...], Function | None]:
    """A function of the floats of what `varying` names are given, and the names of what it gives;
    None if it is not worth writing.

    It gives the targets and their status codes; where a target has neither value nor code, all
    numbers of the plan after them.
    """
    tracer = Scalars(most_operations)
    try:
        values = run(
            steps, {**given, **{name: tracer.lift(given[name]) for name in varying}}, tracer
        )
    except NotWritten:
        return (), None
    if not all(isinstance(values[name], Expr | Profile | Flow | float) for name in targets):
        return (), None
    codes = [f"{name}_status" for name in targets]
    answers = (*targets, *(name for name in codes if name in values))
    numbers = [
        name
        for step in steps
        for name in (step.name, f"{step.name}_status")
        if isinstance(values.get(name), Expr | float)
    ]
    others = [name for name in numbers if name not in answers]
    text = source(
        tracer.inputs,
        [values[n] for n in targets],
        [values.get(n) for n in codes],
        [values[n] for n in others],
    )
    scope: dict[str, Any] = {
        "Profile": Profile,
        "exp": exp,
        "expm1": expm1,
        "log1p": log1p,
        "inf": inf,
        "nan": nan,
    }
    exec(  # noqa: S102  our own text
        compile(text, "<scalars>", "exec"), scope
    )  # of our own making: operations, numbers and made-up names
    return (*answers, *others), scope["function"]
