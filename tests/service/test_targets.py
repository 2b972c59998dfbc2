"""Ready-made questions."""

from service.quantities import quantities
from service.targets import CASHFLOW, DEPRECIATION


def test_they_ask_for_what_there_is_once():
    for targets in (CASHFLOW, DEPRECIATION):
        assert set(targets) <= set(quantities().quantities)
        assert len(set(targets)) == len(targets)
