"""How many cells a sweep asks for."""

import pytest

from economics.sweeps.axes import Linspace, Rows, Values
from economics.sweeps.reductions import Frontier, Summarise
from service.settings import Settings
from service.web.problems import TooLarge
from service.web.schema import SweepRequest
from service.web.sweep_limits import check_cells

AXES = (
    Linspace(field="utilisation", start=0.0, stop=1.0, count=4),
    Values(field="pue", values=(1.1, 1.2, 1.3)),
    Rows(name="r", fields={"tax_rate": (0.1, 0.2), "wacc_per_year": (0.1, 0.2)}),
)


def test_cells_are_the_product_of_all_axes():
    asked = SweepRequest(scenario={}, axes=AXES)
    check_cells(asked, Settings(max_inline_cells=24))
    with pytest.raises(TooLarge, match=r"24 cells .* at most 23"):
        check_cells(asked, Settings(max_inline_cells=23))


def test_a_frontier_lists_the_cells_beside_its_field():
    asked = SweepRequest(scenario={}, axes=AXES, reduce=Frontier("utilisation"))
    check_cells(asked, Settings(max_inline_cells=6))
    with pytest.raises(TooLarge, match=r"6 cells .* at most 5"):
        check_cells(asked, Settings(max_inline_cells=5))


def test_a_reduction_has_a_limit_of_its_own():
    asked = SweepRequest(scenario={}, axes=AXES, reduce=Summarise())
    check_cells(asked, Settings(max_inline_cells=1, max_sweep_cells=24))
    with pytest.raises(TooLarge, match="at most 23"):
        check_cells(asked, Settings(max_inline_cells=100, max_sweep_cells=23))
