"""Answers written where they are asked for: straight away where they lie there as they are
computed, else copied.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.trace.expressions import Expr

Values = NDArray[np.float64]


def fill(
    targets: Sequence[Any],
    outs: Sequence[Values],
    shape: tuple[int, ...] | None,
    compute: Callable[[Mapping[Any, Values]], None],
    value: Callable[[Any], Values],
) -> None:
    """Write targets into arrays: `compute` those that are whole and of the `shape` that is computed
    (None: none is); copy the `value` of others.
    """
    straight = {
        target: out
        for target, out in zip(targets, outs, strict=True)
        if isinstance(target, Expr) and out.flags.c_contiguous and out.shape == shape
    }
    compute(straight)
    for target, out in zip(targets, outs, strict=True):
        if not isinstance(target, Expr):
            np.copyto(out, value(target))
        elif straight.get(target) is not out:
            np.copyto(out, straight[target] if target in straight else value(target))
