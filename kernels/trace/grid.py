"""Grids: a product of axes, each on its own dimension, enumerated only where somebody looks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Box = tuple[slice, ...]


LINE = 64  # bytes of a cache line, and of the longest vector


def aligned_array(shape: Sequence[int]) -> NDArray[np.float64]:
    """An empty array that begins on a cache line, so that it can be written past the caches."""
    count = prod(shape)
    whole = np.empty(count + LINE // 8)
    skip = -whole.ctypes.data % LINE // 8
    return whole[skip : skip + count].reshape(shape)


def boxes(whole: Box, sizes: Sequence[int]) -> Iterator[Box]:
    """Boxes of at most `sizes` that cover a box, in row-major order; none is made before it is
    asked for.
    """
    return (box_at(whole, sizes, number) for number in range(box_count(whole, sizes)))


def box_count(whole: Box, sizes: Sequence[int]) -> int:
    """How many boxes of at most `sizes` cover a box."""
    return prod(-(-length // size) for length, size in zip(lengths(whole), sizes, strict=True))


def box_at(whole: Box, sizes: Sequence[int], number: int) -> Box:
    """The box with a number, from 0, of those that `boxes` gives."""
    box = []
    for part, size in zip(reversed(whole), reversed(sizes), strict=True):
        number, place = divmod(number, -(-(part.stop - part.start) // size))
        first = part.start + place * size
        box.append(slice(first, min(part.stop, first + size)))
    return tuple(reversed(box))


def lengths(box: Box) -> tuple[int, ...]:
    """How long a box is on each axis."""
    return tuple(part.stop - part.start for part in box)


@dataclass(frozen=True, eq=False)
class Axis:
    """One dimension: a value of each of its fields for every position, and a label for it (default:
    the first field's value).

    A position of a `numbered` axis stands for itself, from 0.
    """

    name: str
    fields: Mapping[str, NDArray[np.float64]]
    labels: tuple[str, ...] | None = None
    numbered: bool = False

    def __len__(self) -> int:
        return len(next(iter(self.fields.values())))

    @cached_property
    def coordinates(self) -> NDArray[Any]:
        """What stands for each position in a table: its label, its number or its value."""
        if self.numbered:
            return np.arange(len(self), dtype=float)
        return (
            np.asarray(self.labels) if self.labels is not None else next(iter(self.fields.values()))
        )

    @cached_property
    def ranks(self) -> NDArray[np.int64]:
        """The place of each position when coordinates are sorted; equal ones stay in order."""
        ranks = np.empty(len(self), dtype=np.int64)
        ranks[np.argsort(self.coordinates, kind="stable")] = np.arange(len(self))
        return ranks


@dataclass(frozen=True, eq=False)
class Grid:
    """The product of axes, in row-major order: the last axis runs fastest."""

    axes: tuple[Axis, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return tuple(len(axis) for axis in self.axes)

    @property
    def size(self) -> int:
        """How many cells there are."""
        return prod(self.shape)

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Each field on its own dimension, size 1 on the others."""
        return {
            field: values.reshape([-1 if at == own else 1 for at in range(len(self.axes))])
            for own, axis in enumerate(self.axes)
            for field, values in axis.fields.items()
        }

    def position(self, index: int) -> tuple[int, ...]:
        """The position on each axis of the cell with a row-major index."""
        places = []
        for length in reversed(self.shape):
            index, place = divmod(index, length)
            places.append(place)
        return tuple(reversed(places))

    def places(self, indices: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """The positions on each axis of cells with row-major indices."""
        places, rest = [], indices
        for length in reversed(self.shape):
            rest, place = np.divmod(rest, length)
            places.append(place)
        return places[::-1]

    def labels(self, index: int) -> dict[str, Any]:
        """The coordinates of a cell by the names of the axes."""
        return {
            axis.name: axis.coordinates[place].item()
            for axis, place in zip(self.axes, self.position(index), strict=True)
        }

    @property
    def whole(self) -> Box:
        """The box of all cells."""
        return tuple(slice(0, length) for length in self.shape)
