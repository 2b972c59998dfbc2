"""What is left of some values, and joined with what is left of others: moments, and the tallies by
which engines reduce values where they compute them.
"""

from dataclasses import dataclass
from math import inf, nan, sqrt
from typing import Literal, NamedTuple

LANES = 8  # tables of bins that are counted side by side
CANDIDATES = 4096  # for the best of a tile: where there are as many, all of it is looked at


class Tally(NamedTuple):
    """What an engine is to make of the values of a tile, into a state and counts.

    - moments: the state is count, least, greatest, mean, sum of squared deviations;
    - bins: it is low, high, bins a unit, the last bin, how far the tables of two lanes lie apart;
      a table of counts ends with those outside;
    - share: it is the level; how many values stand in `relation` to it is added to the first count;
    - candidates: it is the limit to which they stand in `relation`, then their values; the counts
      are how many there are, then their numbers.
    """

    kind: Literal["moments", "bins", "share", "candidates"]
    relation: str = ""


def reaching(greatest: bool) -> str:
    """The relation in which the greatest, or the least, values stand to what they reach."""
    return ">=" if greatest else "<="


def summed(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """Counts by status of both; nothing where neither has any."""
    return tuple(map(sum, zip(one, other, strict=True))) if one and other else one or other


@dataclass(frozen=True)
class Moments:
    """Count, least, greatest, mean and sum of squared deviations of the values there are, and how
    many there are not, by status.
    """

    count: int = 0
    least: float = inf
    greatest: float = -inf
    mean: float = 0.0
    squares: float = 0.0
    missing: tuple[int, ...] = ()

    def __add__(self, other: "Moments") -> "Moments":
        """The moments of both. Source: Chan, Golub, LeVeque 1979."""
        missing = summed(self.missing, other.missing)
        count = self.count + other.count
        if not count:
            return Moments(missing=missing)
        shift, share = other.mean - self.mean, other.count / count
        return Moments(
            count,
            min(self.least, other.least),
            max(self.greatest, other.greatest),
            self.mean + shift * share,
            self.squares + other.squares + shift * shift * self.count * share,
            missing,
        )

    @property
    def deviation(self) -> float:
        """Standard deviation of all values (not of a sample)."""
        return sqrt(self.squares / self.count) if self.count else nan
