"""The targets of a plan by floats: the formulas at first, and a function written for them when
their like is asked for again and again.

Where the function cannot say why a target has no value, or an operation fails, the formulas run.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kernels.language.caches import cached
from kernels.language.graph import Step, run
from kernels.language.profile import Profile
from kernels.language.verbs import FLOATS

OFTEN = 32  # writing takes as long as running the formulas about thirty times
MOST_FUNCTIONS = 256  # of all plans; one of twenty targets by month takes a quarter of a megabyte


class Shortcut:
    """A plan to be run for many numbers: those of `varying` names change, those of `fixed` ones
    seldom do.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        targets: Sequence[str],
        varying: Sequence[str],
        fixed: Sequence[str],
    ) -> None:
        self.steps, self.targets, self.varying, self.fixed = steps, targets, varying, fixed
        self.reasons: dict[
            str, frozenset[str]
        ] = {}  # of each name, its status and those of what stands behind it
        for step in steps:
            own = {f"{step.name}_status"} if step.statuses else ()
            self.reasons[step.name] = frozenset(own).union(
                *(self.reasons.get(need, ()) for need in step.needs)
            )

    def __call__(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The targets and their statuses; where one has no value, every number of the plan too.
        Errors: ArithmeticError.
        """
        return self.run(*self.memory(given), lambda: given)

    def memory(self, given: Mapping[str, Any]) -> "tuple[Memory, Sequence[float]]":
        """What is known of what is given, and the floats in it that vary."""
        key, floats = structure([given[name] for name in self.varying])
        calendar = given.get("calendar")
        time = calendar and (
            *(calendar.periods, calendar.periods_per_year, calendar.parts_per_year),
            calendar.whole_years,
        )
        return _memory(self, time, key, *[given[name] for name in self.fixed]), floats

    def run(
        self,
        kept: "Memory",
        floats: Sequence[float],
        given_now: Callable[[], Mapping[str, Any]],
    ) -> dict[str, Any]:
        """The same by what is known; what is given is looked at where that is too little."""
        values = kept.values(floats)
        if values and (len(values) < len(kept.names) or self._has_reason(values)):
            return values
        given = given_now()
        values = run(self.steps, given, FLOATS)
        kept.asked = asked = kept.asked + 1
        if asked == OFTEN:  # whatever other threads do, one of them comes by here
            from kernels.engines.floats.function import write_function

            kept.names, kept.function = write_function(
                self.steps, self.targets, self.varying, given
            )
        return values

    def _has_reason(self, values: Mapping[str, Any]) -> bool:
        """Whether some status says why a target has no value."""
        return all(
            _finite(values[name]) or any(values[status] for status in self.reasons.get(name, ()))
            for name in self.targets
        )


class Memory:
    """What is known of the structure `key`: how often it was asked for, and its function of floats,
    if it has one.
    """

    def __init__(self, *key: Any) -> None:
        self.asked = 0
        self.names: tuple[str, ...] = ()
        self.function: Callable[..., tuple[Any, ...]] | None = None

    def values(self, floats: Sequence[float]) -> dict[str, Any]:
        """What the function gives, by name; nothing if there is none or an operation fails."""
        if self.function is None:
            return {}
        try:
            return dict(zip(self.names, self.function(*floats), strict=False))
        except (ArithmeticError, ValueError):
            return {}


_memory = cached(MOST_FUNCTIONS)(Memory)


class Alike:
    """A plan for what differs from the first that is given in single floats alone, each 0 in both
    or in neither: what is known is looked for once.
    """

    def __init__(self, shortcut: Shortcut, given: Mapping[str, Any]) -> None:
        self._run, (self._memory, floats) = shortcut.run, shortcut.memory(given)
        self.names, self.floats = list[str | None](), list(floats)  # None: it never differs
        for value, name in ((given[name], name) for name in shortcut.varying):
            inside = len(structure([value])[1])
            self.names += [name] if isinstance(value, float) else [None] * inside

    def __call__(
        self, floats: Sequence[float], given_now: Callable[[], Mapping[str, Any]]
    ) -> dict[str, Any]:
        """As the shortcut's, by the floats of the names. Errors: ArithmeticError."""
        return self._run(self._memory, floats, given_now)


def structure(values: Sequence[Any]) -> tuple[tuple[Any, ...], Sequence[float]]:
    """What decides the text of a function of some values, and the floats among them, zeros
    included.
    """
    if {*map(type, values)} <= {float}:
        return tuple(map(bool, values)), values
    floats: list[float] = []
    return tuple(_without_floats(value, floats) for value in values), floats


def _without_floats(value: Any, floats: list[float]) -> Any:
    if isinstance(value, float):
        floats.append(value)
        return bool(value)
    if hasattr(value, "__struct_fields__"):
        return (
            type(value),
            *(_without_floats(getattr(value, name), floats) for name in value.__struct_fields__),
        )
    return value


def _finite(value: Any) -> bool:
    if isinstance(value, Profile):
        return all(one - one == 0.0 for one in value.values)
    return bool(value - value == 0.0)
