"""Values of fields before they are computed with: a number, or an array of those that it takes
along an axis.
"""

from collections.abc import Iterable
from typing import Any


def all_values(value: Any) -> tuple[float, ...]:
    """The values there are, each once."""
    if hasattr(value, "ravel"):
        return tuple(dict.fromkeys(value.ravel().tolist()))
    return (float(value),)


def greatest_sum(addends: Iterable[Any]) -> float:
    """The greatest sum that addends have in a cell: those of one axis vary together, and no grid is
    made of several axes.
    """
    together: dict[Any, Any] = {}
    for one in addends:
        axes = getattr(one, "shape", ())
        together[axes] = together.get(axes, 0.0) + one
    return sum(max(all_values(one)) for one in together.values())
