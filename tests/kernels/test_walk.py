"""Rows of any length, cut anywhere, have the bits of the whole."""

import pytest
from kernels_chance import LONG, ROWS, Case, light, searched

from kernels.engines.llvm.runner import Lanes


@pytest.mark.parametrize("formula", [light, searched])
@pytest.mark.parametrize("sizes", [LONG, (1, 2, 1029), (3, 1, 1024), (2, 2, 700), (1, 1, 1025)])
@pytest.mark.parametrize("out", [False, True])
def test_rows_of_any_length_keep_their_bits(formula, sizes, out):
    """Rows cut so that a rest of 1, 5 or 329 cells is left, shorter than a vector or not."""
    Case(formula, ROWS, LONG, runner=Lanes).run(sizes, out=out)
