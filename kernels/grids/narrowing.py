"""Where values between two places cross a level, or end: many cells at once, none of which depends
on the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.language.roots import JUMP, line_root

OK, LEAP, GAP = range(3)
NARROW = 1e-9  # of the distance of two places: how far a crossing is narrowed
WIDE = 1 / 16  # of it: from ends so far apart what is left of a jump is measured
MOST_TURNS = 120  # every third one halves: three for each bit of NARROW, and some
HALVINGS = 30  # on the way to an edge, to NARROW
MOST_GAPS = 4  # that are looked around on the way to one crossing
Values = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Crossings:
    """Where crossings are, and of each whether it is one, a jump over the level or a gap in the
    values.
    """

    at: Values
    code: NDArray[np.int8]


GapAt = Callable[[Values, Places], Values]


def sides(gaps: Values) -> NDArray[np.int8]:
    """1 at the level and above it, -1 below, 0 where nothing is known."""
    return np.where(np.isnan(gaps), 0, np.where(gaps >= 0.0, 1, -1)).astype(np.int8)


def last_values(gap_at: GapAt, known: Values, unknown: Values, at_known: Values) -> Any:
    """The last places that have a value (or a side) on the way from places that have one to places
    that have none, and their values less the level.
    """
    known, unknown, at_known = known.copy(), unknown.copy(), at_known.copy()
    every = np.arange(len(known))
    for _ in range(HALVINGS):
        x = known + 0.5 * (unknown - known)
        gap = gap_at(x, every)
        there = ~np.isnan(gap)
        known, at_known = np.where(there, x, known), np.where(there, gap, at_known)
        unknown = np.where(there, unknown, x)
    return known, at_known


def narrow(
    gap_at: GapAt,
    low: Values,
    high: Values,
    at_low: Values,
    at_high: Values,
    *,
    rounding: float = 0.0,
    gaps: int = MOST_GAPS,
) -> Crossings:
    """Where `gap_at(x, which)`, the values less the level of some cells, changes its side between
    `low` and `high`.

    Each turn tries where the line through the ends is 0, every third turn the middle, until the
    ends are NARROW of their first distance apart or a value is 0; the end with the lesser gap is
    given; where both are still large, and no `rounding`, it is a jump. Where there is no value on
    the way, the change may lie before the last one on either side. No cell depends on the others.
    """
    code = np.full(low.shape, OK, dtype=np.int8)
    wide, close, hidden = WIDE * (high - low), NARROW * (high - low), np.full(low.shape, np.nan)
    large = _large(at_low, at_high)
    low, high, at_low, at_high, rises = (
        low.copy(),
        high.copy(),
        at_low.copy(),
        at_high.copy(),
        at_low < at_high,
    )
    going = np.flatnonzero((at_low != 0.0) & (at_high != 0.0) & (high > low))
    for turn in range(MOST_TURNS):
        if not going.size:
            break
        x = _next_points(
            low[going], high[going], at_low[going], at_high[going], close[going], turn % 3 == 2
        )
        value = gap_at(x, going)
        known, up = ~np.isnan(value), (value >= 0.0) == rises[going]
        far = going[high[going] - low[going] > wide[going]]
        large[far] = _large(at_low[far], at_high[far])
        hidden[going[~known]] = x[~known]
        for moves, at, value_at in ((known & up, high, at_high), (known & ~up, low, at_low)):
            at[going[moves]], value_at[going[moves]] = x[moves], value[moves]
        going = going[(value != 0.0) & known & (high[going] - low[going] > close[going])]
    code[np.minimum(np.abs(at_low), np.abs(at_high)) > np.maximum(large, rounding)] = LEAP
    best = np.where(np.abs(at_low) < np.abs(at_high), low, high)
    lacking = np.flatnonzero(~np.isnan(hidden))
    if lacking.size:
        told = (each[lacking] for each in (low, high, at_low, at_high, hidden))
        beside = _beside_gap(
            lambda x, which: gap_at(x, lacking[which]), *told, rounding=rounding, gaps=gaps
        )
        best[lacking], code[lacking] = beside.at, beside.code
    return Crossings(best, code)


def _large(at_low: Values, at_high: Values) -> Any:
    """What is too much to be left of a crossing between ends of these values."""
    ends = np.abs(np.stack((at_low, at_high)))
    return JUMP * np.where(np.isinf(ends), 0.0, ends).max(0)


def _beside_gap(
    gap_at: GapAt,
    low: Values,
    high: Values,
    at_low: Values,
    at_high: Values,
    hidden: Values,
    *,
    rounding: float,
    gaps: int,
) -> Crossings:
    """The crossings before the last values on both sides of places without any; the lower one where
    there are two.
    """
    found = Crossings(np.full(low.shape, np.nan), np.full(low.shape, GAP, dtype=np.int8))
    if not gaps:
        return found
    for end, at_end in ((high, at_high), (low, at_low)):
        last, at_last = last_values(gap_at, end, hidden, at_end)
        which = np.flatnonzero(sides(at_last) != sides(at_end))
        if which.size:
            part = (each[which] for each in (end, last, at_end, at_last))
            beside = narrow(
                lambda x, w: gap_at(x, which[w]),  # noqa: B023  called at once
                *rising(*part),
                rounding=rounding,
                gaps=gaps - 1,
            )
            met = beside.code != GAP
            found.at[which[met]], found.code[which[met]] = beside.at[met], beside.code[met]
    return found


def rising(a: Values, b: Values, at_a: Values, at_b: Values) -> tuple[Values, ...]:
    """Two ends and their values, the lesser end first."""
    up = a <= b
    first, last = np.where(up, a, b), np.where(up, b, a)
    return first, last, np.where(up, at_a, at_b), np.where(up, at_b, at_a)


def _next_points(
    low: Values, high: Values, at_low: Values, at_high: Values, close: Values, halve: bool
) -> Any:
    """The next points: where the chord is 0, off the ends by as much as matters, or the middles."""
    middle = low + 0.5 * (high - low)
    if halve:
        return middle
    with np.errstate(invalid="ignore"):
        chord = line_root(low, high, at_low, at_high, np)
    off = np.minimum(0.75 * close, 0.5 * (high - low))
    return np.where(
        np.isfinite(chord), np.minimum(np.maximum(chord, low + off), high - off), middle
    )
