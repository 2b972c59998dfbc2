"""Every rate at which the present value of dated amounts is 0: of one flow, by floats."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from kernels.language.irr import OK, irr, power, refined, stretches, without_dust
from kernels.language.profile import Profile
from kernels.language.root_count import count_roots
from kernels.language.verbs import FLOATS, Floats


class DatedRate(NamedTuple):
    """A rate a year, and whether the present value falls through 0 there as the rate rises."""

    rate: float
    falls: bool


class _Watched(Floats):
    """The verbs on floats, with a bracket of each root that a repetition finds, and whether it is
    only touched.
    """

    def __init__(self) -> None:
        self.brackets: list[tuple[float, float, bool]] = []

    def iterate(  # type: ignore[override]
        self, step: Callable[..., Any], start: Any, limit: int, *series: Any, only: bool = True
    ) -> Any:
        """The same as of floats."""
        state, going = start, only
        while going and limit:
            before, limit = state, limit - 1
            state, going = step(*state, *series)
            self._watch(before, state)
        return state

    def _watch(self, before: Any, after: Any) -> None:
        _, _, count, low, high, touched, doubt, *_ = after
        touches = touched - before[5]
        if self.brackets and (touches or doubt):
            at_low, at_high, was_touched = self.brackets.pop()
            at_low = low if doubt and not touches else at_low
            self.brackets.append((at_low, at_high, was_touched or touches > 0.0))
        if count - before[2] > touches:
            self.brackets.append((low, high, False))


def every_rate(
    outlay: float, amounts: Any, steps_per_year: int, xp: Any = FLOATS
) -> tuple[DatedRate, ...]:
    """All rates above -99 % a year at which `outlay` at 0 buys `amounts`, the lowest first; one
    that is only touched stands there twice, as a fall and as a rise.
    """
    found = irr(outlay, amounts, steps_per_year, xp)
    if not found.root_count > 0.0:
        return ()
    if found.status != OK:
        return tuple(_searched(outlay, amounts, steps_per_year))
    own = DatedRate(found.rate, True)
    if found.root_count == 1.0:
        return (own,)
    rises = (one for one in _searched(outlay, amounts, steps_per_year) if not one.falls)
    return (*rises, own)


def _searched(outlay: float, amounts: Any, steps_per_year: int) -> Iterator[DatedRate]:
    dated, _, _ = without_dust(outlay, amounts, FLOATS)
    backward = Profile(reversed(dated.values))
    below, above, _ = stretches(dated, steps_per_year, FLOATS)
    low, high = _Watched(), _Watched()
    count_roots(dated, below, 0.0, True, low)
    count_roots(backward, above, 0.0, True, high)
    beyond = [(1.0 / b, 1.0 / a, touched) for a, b, touched in high.brackets]
    sign, found = below.at_bottom, list[tuple[float, bool]]()
    for a, b, touched in (*reversed(low.brackets), *beyond):
        falls = sign < 0.0
        if touched:
            found += [(0.5 * (a + b), falls), (0.5 * (a + b), not falls)]
        else:
            found.append((refined(backward, a, b, 1.0 if falls else -1.0, True, FLOATS), falls))
            sign = -1.0 * sign
    for x, falls in reversed(found):
        yield DatedRate(power(1.0 / x, steps_per_year) - 1.0, falls)
