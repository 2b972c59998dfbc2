"""What a part of the running cost must say of itself."""

import pytest

from economics.formulas.expense import EXPENSE, expense
from kernels.language.node import named, node

MARKS = {"escalates_by": "opex", "cash": True, "with_use": False}


def guard_cost_usd_per_rack_year():
    """Yearly cost of guarding a rack."""
    return 1.0


def guard_cost_usd_per_gpu_year():
    """Yearly cost of guarding a GPU."""
    return 1.0


def test_a_part_is_told_by_its_marks():
    part = node(expense(**MARKS)(guard_cost_usd_per_rack_year))
    assert (part.total, part.marks) == (EXPENSE, MARKS)


def test_what_is_misspelt_is_refused():
    with pytest.raises(ValueError, match="escalates_by = 'opx': expected"):
        expense(**{**MARKS, "escalates_by": "opx"})
    with pytest.raises(TypeError, match="cahs"):
        expense(**MARKS, cahs=True)
    with pytest.raises(TypeError, match="with_use"):
        expense(escalates_by=None, cash=True)


def test_a_part_is_a_yearly_cost_of_a_rack():
    with pytest.raises(ValueError, match="guard_cost_usd_per_gpu_year: a part of the expense is"):
        expense(**MARKS)(guard_cost_usd_per_gpu_year)
    renamed = named("guard_cost_usd_per_rack_year")(guard_cost_usd_per_gpu_year)
    assert node(expense(**MARKS)(renamed)).name == "guard_cost_usd_per_rack_year"
