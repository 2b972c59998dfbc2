"""Where a function of one number has a wanted value over a bracket: it is sampled, and looked at
again wherever something changes, until each change lies between neighbouring floats.

A look has a value, or it has none and a status says why: infinite where that says on which side of
every value it lies, NaN where nothing is known.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from kernels.language.roots import JUMP

SAMPLES = 257
FINER = 4  # how many times as finely it is sampled where it turns or its status changes
DECADES = 1e3  # a bracket that spans more is sampled geometrically
LEAST = 1e-6  # the first of geometric samples beside 0
HELD = 1e-12  # of the wanted value: samples in a row as near as this hold it
SHORT = 1e-3  # of the distance of two samples: what is no longer is a root, not a stretch
ROUNDING = 1e-9  # of that distance: what parts two looks of one root
MOST_BETWEEN = 400  # looks between two samples
MOST_LOOKS = 20_000  # in all; what only rounding moves changes its side everywhere
HALVINGS = 80  # of the distance of two samples
TURNS = 44  # of the golden section, which leaves a billionth of a bracket
GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)


class Look(NamedTuple):
    """What is seen at a place: a value, or without one its side and why."""

    x: float
    value: float
    status: str

    @property
    def valued(self) -> bool:
        """Whether there is a value."""
        return math.isfinite(self.value)


class Span(NamedTuple):
    """A part of the bracket in which all looks have one status."""

    low: float
    high: float
    status: str


class Found(NamedTuple):
    """All that was seen: roots, stretches that hold the wanted value throughout, places where the
    function passes it in a jump, the least and the greatest value, statuses from the low end up,
    how many samples there were and had a value, and whether all changes could be looked at.
    """

    roots: tuple[float, ...]
    stretches: tuple[tuple[float, float], ...]
    jumps: tuple[float, ...]
    reach: tuple[float, float] | None
    spans: tuple[Span, ...]
    samples: int
    valued: int
    complete: bool


See = Callable[[float], Look]


def samples(low: float, high: float) -> list[float]:
    """257 points from `low` to `high`, geometric on each side of 0 where the bracket spans more
    than three decades.
    """
    last = SAMPLES - 1
    if low < 0.0 < high and max(-low, high) > DECADES:
        half = last // 2
        below = _geometric(LEAST, -low, half - 1) if low < -LEAST else [-low * 0.5, -low]
        above = _geometric(LEAST, high, half - 1)
        return [*(-x for x in reversed(below)), 0.0, *above]
    if low < 0.0 or high <= DECADES * (low or 1.0):
        return [low + (high - low) * (k / last) for k in range(last)] + [high]
    return _geometric(low, high, last) if low > 0.0 else [0.0, *_geometric(LEAST, high, last - 1)]


def _geometric(low: float, high: float, last: int) -> list[float]:
    ratio = high / low
    return [low * ratio ** (k / last) for k in range(last)] + [high]


def search(see: See, wanted: float, low: float, high: float) -> Found:
    """Where what `see` shows is `wanted` between `low` and `high`."""
    looks = [see(x) for x in samples(low, high)]
    looks = _finer(see, looks)
    points = [look.x for look in looks]
    level = {look.x for run in _level(looks, wanted) for look in run}

    def side(look: Look) -> tuple[str, bool, bool]:
        return (look.status, look.value > wanted, look.value < wanted)

    def snapped(look: Look) -> Look:
        return look._replace(value=wanted) if _near(look, wanted, HELD * abs(wanted)) else look

    seen: dict[float, Look] = {look.x: look for look in looks}
    for a, b in pairwise(looks):
        if len(seen) > MOST_LOOKS:
            break
        held = a.x in level or b.x in level
        shown = (lambda x: snapped(see(x))) if held else see
        ends = (snapped(a), snapped(b)) if held else (a, b)
        between = _changes(shown, *ends, side)
        seen.update((look.x, look) for look in (*between, *(ends if held else ())))
    for a, here, b in _dips([seen[x] for x in sorted(seen)], wanted):
        if len(seen) > MOST_LOOKS:
            break
        more = _towards(see, a.x, b.x, here, wanted)
        last = more[-1]
        if side(last) != side(here):
            more += [*_changes(see, a, last, side), *_changes(see, last, b, side)]
        elif _near(last, wanted, HELD * max(abs(wanted), *_gaps((a, b), wanted))):
            more.append(last._replace(value=wanted))
        seen.update((look.x, look) for look in more)
    return _read([seen[x] for x in sorted(seen)], points, wanted, looks)


def _gaps(looks: Iterable[Look], wanted: float) -> list[float]:
    return [abs(look.value - wanted) for look in looks if look.valued]


def _near(look: Look, wanted: float, within: float) -> bool:
    return look.valued and abs(look.value - wanted) <= within


def _finer(see: See, looks: Sequence[Look]) -> list[Look]:
    """The samples with more between those around which the values turn or the status changes."""
    again = {k for k, (a, b) in enumerate(pairwise(looks)) if a.status != b.status}
    for k in range(1, len(looks) - 1):
        rise, next_rise = (b.value - a.value for a, b in pairwise(looks[k - 1 : k + 2]))
        if rise * next_rise < 0.0:
            again |= {k - 1, k}
    finer: list[Look] = []
    for k, look in enumerate(looks):
        finer.append(look)
        if k in again:
            step = (looks[k + 1].x - look.x) / FINER
            places = [look.x + n * step for n in range(1, FINER)]
            finer += [see(x) for x in places if look.x < x < looks[k + 1].x]
    return finer


def _level(looks: Sequence[Look], wanted: float) -> Iterator[list[Look]]:
    """The runs of at least two samples that hold the wanted value but for rounding."""
    for held, run in groupby(looks, lambda look: _near(look, wanted, HELD * abs(wanted))):
        if held and len(several := list(run)) > 1:
            yield several


def _changes(see: See, a: Look, b: Look, side: Callable[[Look], object]) -> list[Look]:
    """Looks between two, until each change of side or status lies between neighbouring floats."""
    found: list[Look] = []
    waiting, least = [(a, b)], (b.x - a.x) * 2.0**-HALVINGS
    while waiting and len(found) < MOST_BETWEEN:
        a, b = waiting.pop()
        x = a.x + 0.5 * (b.x - a.x)
        if side(a) == side(b) or x in (a.x, b.x) or b.x - a.x <= least:
            continue
        found.append(see(x))
        waiting += [(a, found[-1]), (found[-1], b)]
    return found


def _dips(looks: Sequence[Look], wanted: float) -> Iterator[tuple[Look, Look, Look]]:
    """Looks between neighbours on the same side that are farther from the wanted value, where it
    may be met in between; an end of the bracket counts as its own neighbour.
    """
    padded = [looks[0], *looks, looks[-1]]
    for a, here, b in zip(padded, looks, padded[2:], strict=False):
        if not (a.valued and here.valued and b.valued) or here.value == wanted:
            continue
        if len({look.value > wanted for look in (a, here, b)}) > 1 or wanted in (a.value, b.value):
            continue
        gap, around = abs(here.value - wanted), _gaps((a, b), wanted)
        if gap <= min(around) and gap < FINER * (max(around) - gap):
            yield a, here, b


def _towards(see: See, low: float, high: float, here: Look, wanted: float) -> list[Look]:
    """Looks by golden section at where the value is nearest to the wanted one, the nearest last;
    no further than to one beyond it.
    """
    above, made = here.value > wanted, [here]

    def tried(x: float) -> tuple[float, Look]:
        look = see(x)
        made.append(look)
        return abs(look.value - wanted) if look.valued else math.inf, look

    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    (at_left, a), (at_right, b) = tried(left), tried(right)
    for _ in range(TURNS):
        beyond = [one for one in (a, b) if one.valued and (one.value > wanted) != above]
        if beyond:
            return [*(look for look in made if look != beyond[0]), beyond[0]]
        if at_left <= at_right:
            high, right, at_right, b = right, left, at_left, a
            left = high - GOLDEN * (high - low)
            at_left, a = tried(left)
        else:
            low, left, at_left, a = left, right, at_right, b
            right = low + GOLDEN * (high - low)
            at_right, b = tried(right)
    nearest = min((look for look in made if look.valued), key=lambda look: abs(look.value - wanted))
    return [*(look for look in made if look != nearest), nearest]


def _read(
    looks: Sequence[Look], points: Sequence[float], wanted: float, sampled: Sequence[Look]
) -> Found:
    """What looks show whose changes lie between neighbouring floats."""
    met, jumps = [look for look in looks if look.value == wanted], list[float]()
    for a, b in pairwise(looks):
        if (a.value < wanted < b.value) or (b.value < wanted < a.value):
            beside = min((a, b), key=lambda look: abs(look.value - wanted))
            if b.x - a.x > ROUNDING * _distance(points, a.x):
                continue  # not looked at any more
            if _near(beside, wanted, _tolerance(looks, points, wanted, a.x)):
                met.append(beside)
            else:
                jumps.append(beside.x)
    roots, stretches = list[float](), list[tuple[float, float]]()
    for together in _together(sorted(met), looks, points, wanted):
        low, high = together[0].x, together[-1].x
        if high - low > SHORT * _distance(points, low):
            stretches.append((low, high))
        else:
            least = min(_gaps(together, wanted))
            nearest = [look for look in together if abs(look.value - wanted) == least]
            roots.append(nearest[len(nearest) // 2].x)
    values = [look.value for look in looks if look.valued]
    spans = [
        Span(run[0].x, run[-1].x, status)
        for status, run in ((s, list(r)) for s, r in groupby(looks, lambda look: look.status))
    ]
    return Found(
        tuple(roots),
        tuple(stretches),
        tuple(jumps),
        (min(values), max(values)) if values else None,
        tuple(spans),
        len(sampled),
        sum(look.valued for look in sampled),
        len(looks) <= MOST_LOOKS,
    )


def _together(
    met: Sequence[Look], looks: Sequence[Look], points: Sequence[float], wanted: float
) -> Iterator[list[Look]]:
    """Looks that have the wanted value, those of one stretch together, and those that only rounding
    parts.
    """
    places, group = {look.x: at for at, look in enumerate(looks)}, list[Look]()
    for look in met:
        if group:
            between = looks[places[group[-1].x] + 1 : places[look.x]]
            held = all(_near(one, wanted, HELD * abs(wanted)) for one in between)
            if not held and look.x - group[-1].x > ROUNDING * _distance(points, look.x):
                yield group
                group = []
        group.append(look)
    if group:
        yield group


def _distance(points: Sequence[float], x: float) -> float:
    """How far apart the samples around a place are."""
    low, high = _around(points, x)
    return high - low


def _around(points: Sequence[float], x: float) -> tuple[float, float]:
    at = min(max(bisect_right(points, x), 1), len(points) - 1)
    return points[at - 1], points[at]


def _tolerance(looks: Sequence[Look], points: Sequence[float], wanted: float, x: float) -> float:
    """How near a value beside a change of side is where it is no jump."""
    low, high = _around(points, x)
    first, last = (bisect_left(looks, end, key=lambda look: look.x) for end in (low, high))
    gaps = _gaps(looks[first : last + 1], wanted)
    return max(JUMP * max(gaps, default=0.0), HELD * abs(wanted))
