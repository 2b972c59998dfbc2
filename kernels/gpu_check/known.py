"""Plans of whole numbers, + - * / and choices, folds and repetitions, without a power: on every
machine they have the same bits, and so a hash that is known. What an engine makes of them needs
nothing else to compare with.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.cuda.device import Session
from kernels.engines.cuda.runner import Chunks
from kernels.language.profile import Profile
from kernels.language.verbs import arrays
from kernels.trace.tracer import Tracer

Values = NDArray[np.float64]
SHAPE = (7, 9, 640)  # rows of so many cells that a block does not end with them
ON = ((0,), (1,), (2,), (0, 2), (0, 1, 2))  # the axes of each table


@dataclass(frozen=True)
class KnownPlan:
    """A formula of tables, and the hash of its answers."""

    name: str
    formula: Callable[..., Sequence[Any]]
    sha256: str

    @property
    def cells(self) -> int:
        """How many cells it has."""
        return prod(SHAPE)

    def by_numpy(self) -> list[Values]:
        """Its answers, on whole arrays."""
        with np.errstate(all="ignore"):
            return [
                np.ascontiguousarray(np.broadcast_to(one, SHAPE))
                for one in self.formula(*inputs(), arrays())
            ]

    def by_device(self, session: Session) -> list[Values]:
        """Its answers, by a device."""
        tracer = Tracer(SHAPE, 0, arrays(), rolls=True)
        targets = self.formula(*map(tracer.lift, inputs()), tracer)
        chunks, outs = (
            Chunks(targets, (), SHAPE, SHAPE, arrays(), session),
            [np.empty(SHAPE) for _ in targets],
        )
        chunks.at(tuple(slice(0, length) for length in SHAPE))
        chunks.fill(targets, outs)
        return outs


def inputs() -> list[Values]:
    """Whole numbers from -504 to 504, in no plain order."""
    shapes = [
        tuple(length if axis in own else 1 for axis, length in enumerate(SHAPE)) for own in ON
    ]
    numbers = [
        (np.arange(prod(shape)) * 7919 + turn * 389) % 1009 - 504
        for turn, shape in enumerate(shapes)
    ]
    return [
        one.astype(np.float64).reshape(shape) for one, shape in zip(numbers, shapes, strict=True)
    ]


def digest(answers: Sequence[Values]) -> str:
    """The hash of answers: little-endian, and all that is no number the same."""
    made = hashlib.sha256()
    for one in answers:
        made.update(np.where(np.isnan(one), np.nan, one).astype("<f8").tobytes())
    return made.hexdigest()


def arithmetic(a: Any, b: Any, c: Any, d: Any, e: Any, _: Any) -> Sequence[Any]:
    """Sums, differences, products and quotients, some of them by 0."""
    ratio = (a + c) / (d - b)
    return [ratio * e - a, e / c + ratio, (a - e) * (b + c) / 7.0, e / 3.0 + d / 7.0 - ratio / 11.0]


def choices(a: Any, b: Any, c: Any, d: Any, e: Any, xp: Any) -> Sequence[Any]:
    """Every comparison, every way to join two of them, the lesser and the greater."""
    some = (a < e) & (c <= d) | (b > e) ^ (a >= c)
    return [
        xp.where(some, e / 3.0, d * b),
        xp.minimum(e, c),
        xp.maximum(d / 9.0, e),
        xp.where((a == e) | (c != d), c - e, -0.5),
    ]


def walks(a: Any, b: Any, c: Any, d: Any, e: Any, xp: Any) -> Sequence[Any]:
    """A long fold and a long scan, and a short fold."""
    series = Profile([(a * k + e) / (1.0 + k * k) for k in range(30)])
    most, total = xp.fold(
        lambda most, total, v: (xp.maximum(most, v), total / 3.0 + v), (c, 0.0), series
    )
    after = xp.scan(lambda held, v: (((held + v) / 2.0,), held - v), (d,), series)
    (few,) = xp.fold(lambda held, v: (held / 5.0 + v,), (b,), Profile([c, d, e]))
    return [most, total, after.values[7], after.values[29], few]


def repetitions(a: Any, b: Any, c: Any, d: Any, e: Any, xp: Any) -> Sequence[Any]:
    """Searches that end early, late or never begin, one of them with a fold in each step."""
    target = e * e + a * a

    def halve(low: Any, high: Any, count: Any, target: Any) -> Any:
        middle = 0.5 * (low + high)
        left = middle * middle < target
        return (
            xp.where(left, middle, low),
            xp.where(left, high, middle),
            count + 1.0,
        ), high - low > target / 1048576.0

    def turn(x: Any, count: Any, series: Any, outside: Any) -> Any:
        (total,) = xp.fold(lambda held, v: (held / 4.0 + v * x,), (0.0,), series)
        return (0.5 * x + total / 1024.0 + outside / 8.0, count + 1.0), (count < 9.0) & (
            x < outside
        )

    low, high, count = xp.iterate(halve, (0.0, 1024.0, 0.0), 50, target, only=target > c)
    x, steps = xp.iterate(turn, (a, 0.0), 12, Profile([b, c, d]), e, only=a < b)
    return [low, high, count, x, steps]


def many(a: Any, b: Any, c: Any, d: Any, e: Any, xp: Any) -> Sequence[Any]:
    """More values that are read much later than there are registers for."""
    held = [(e + k * a) / (1.0 + c * c) + d / (k + 1.0) for k in range(90)]
    total = b
    for k, one in enumerate(held):
        total = xp.where(one < total, total - one, total + held[-1 - k] / 3.0)
    return [total, held[0] - held[-1]]


KNOWN = (
    KnownPlan(
        "arithmetic", arithmetic, "21b6b663937103358495b787f04d4d03729ef3abbdf5cd535f309080b08c8877"
    ),
    KnownPlan(
        "choices", choices, "a5110bd5ee21494f15135dbe5735f991e9dbf05a66104d13138956f642a44ef2"
    ),
    KnownPlan("folds", walks, "056892f3c9a44304875d12e8be5d5860877b5e9770f56d96c0300d3336346f08"),
    KnownPlan(
        "repetitions",
        repetitions,
        "eca71d563349224eb7d70b28d0669a1aca1b696979bbb4057e03d4b0befc5970",
    ),
    KnownPlan(
        "many operations", many, "77d09147a61baf6d3308b7e70564c3505a62c08175ee077f4e41a07684b2311c"
    ),
)
