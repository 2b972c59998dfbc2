"""Operations of a trace as CUDA C++ spells them: numbers to the last bit, and how a condition
becomes a number.
"""

from typing import Any

from kernels.engines.rows.layout import Layout
from kernels.trace.expressions import is_condition

MOST_ALONG = 16  # tables along a row that a thread keeps from row to row
FEW_OPERATIONS = 120  # left to the compiler's registers


def number(value: float | bool) -> str:
    """A number or a condition as C++ spells it, to the last bit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    value = float(value)
    if value != value:
        return "__longlong_as_double(0x7ff8000000000000ll)"
    if value - value != 0.0:
        return f"__longlong_as_double(0x{'7' if value > 0 else 'f'}ff0000000000000ll)"
    return f"({value!r})"


def is_light(layout: Layout) -> bool:
    """Whether the compiler's registers hold all of a cell."""
    return (
        layout.is_light
        and len(layout.tables["inner"]) <= MOST_ALONG
        and len(layout.stage_of) <= FEW_OPERATIONS
    )


def as_number(value: Any, name: str) -> str:
    """A condition as 1 or 0; numbers as they are."""
    return f"({name} ? 1.0 : 0.0)" if is_condition(value) else name


def as_condition(value: Any, name: str) -> str:
    """A number as whether it is not 0; conditions as they are."""
    return name if is_condition(value) else f"({name} != 0.0)"


def as_stored(value: Any, text: str) -> str:
    """What is read of a value: conditions are stored as numbers."""
    return f"{text} != 0.0" if is_condition(value) else text
