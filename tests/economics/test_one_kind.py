"""One kind of gear with a life of its own: its charge, its wear, its renewals."""

import numpy as np
import pytest
from racks import value, values, with_network

from economics.extensions.gear import one_kind
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS, arrays


def test_gear_is_bought_again_when_its_life_is_over():
    assert values(with_network(2), "project_flow_usd_per_rack_by_year") == pytest.approx(
        [-100, 40, 0, 40, 40], rel=1e-13
    )
    assert values(with_network(2), "renewal_usd_per_rack_by_year") == pytest.approx(
        [0, 40, 0, 0], rel=1e-13
    )
    assert values(with_network(1), "project_flow_usd_per_rack_by_year") == pytest.approx(
        [-100, 0, 0, 0, 40], rel=1e-13
    )


def test_the_old_one_is_sold_for_its_residual():
    """10 % of the price each time: the network for 4 when it is renewed, worn from 40 to 4 over its
    life; 6 for the GPUs.
    """
    tables = with_network(3, hardware={"residual_fraction": 0.1})
    assert values(tables, "renewal_usd_per_rack_by_year") == pytest.approx([0, 0, 36, 0], rel=1e-13)
    assert value(tables, "residual_usd_per_rack") == pytest.approx(6 + 4 + 36 * 2 / 3, rel=1e-13)


def test_it_is_charged_over_its_own_life():
    tables = with_network(6, finance={"wacc_per_year": 0.1})
    charge = 60 * 0.1 / (1 - 1.1**-4) + 40 * 0.1 / (1 - 1.1**-6)
    assert value(tables, "capital_charge_usd_per_rack_year") == pytest.approx(charge, rel=1e-12)
    assert value(with_network(6), "capital_charge_usd_per_rack_year") == pytest.approx(
        60 / 4 + 40 / 6, rel=1e-12
    )
    assert value(with_network(2.5), "cost_usd_per_rack_year") == pytest.approx(
        60 / 4 + 40 / 2.5, rel=1e-12
    )


@pytest.mark.parametrize(
    ("years", "left"),
    [
        (1.0, [1, 1, 1, 0]),
        (2.0, [0.5, 1, 0.5, 0]),
        (3.0, [2 / 3, 1 / 3, 1, 2 / 3]),
        (8.0, [7 / 8, 6 / 8, 5 / 8, 4 / 8]),
    ],
)
def test_what_is_left_of_its_life(years, left):
    """Four years of the rack, at the end of which nothing is renewed any more."""
    found = one_kind.gear_left_factor_by_period(Calendar(4, 1), years, 4.0, 1.0, FLOATS)
    assert found.values == pytest.approx(left, rel=1e-15)


def test_it_wears_no_more_when_the_rack_is_retired():
    lives = np.array([2.0, 4.0])
    found = one_kind.gear_left_factor_by_period(Calendar(4, 1), 8.0, lives, 1.0, arrays())
    by_life = np.array(found.values).T.tolist()
    assert by_life == [[7 / 8, 6 / 8, 6 / 8, 6 / 8], [7 / 8, 6 / 8, 5 / 8, 4 / 8]]


def test_its_price_and_capital():
    assert one_kind.network_price_usd_per_rack(500.0, 8) == 4000
    assert one_kind.storage_price_usd_per_rack(50.0, 8) == 400
    capital = one_kind.gear_capex_usd_per_rack(4000.0, 0.25, 0.5)
    assert capital == 4000 * 1.25 * 1.5
    assert one_kind.gear_depreciation_usd_per_rack_year(capital, 500.0, 4.0) == 1750


def test_its_value_is_that_of_the_last_period_of_a_year():
    """Half-way through its second life at the end of a year and a half."""
    calendar = Calendar(6, 4)
    left = one_kind.gear_left_factor_by_period(calendar, 1.0, 6.0, 4.0, FLOATS)
    worth = one_kind.gear_value_usd_per_rack(100.0, 20.0, left, calendar)
    assert worth.values == (100, 100, 60)
