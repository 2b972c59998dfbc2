"""A rack some of whose gear has a life of its own: the rest of it, and the whole again."""

import pytest
from racks import changed, small, value, values, with_network

from economics.extensions.gear import rest_of_rack
from kernels.language.profile import Profile
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS


def test_its_unused_part_is_sold_at_straight_line_value():
    """Renewed after three years, one year old at the end; a network that outlives the rack is four
    sixths worn.
    """
    assert values(with_network(3), "project_flow_usd_per_rack_by_year") == pytest.approx(
        [-100, 40, 40, 0, 40 + 40 * 2 / 3], rel=1e-13
    )
    assert values(with_network(6), "project_flow_usd_per_rack_by_year") == pytest.approx(
        [-100, 40, 40, 40, 40 + 40 / 3], rel=1e-13
    )
    assert value(with_network(6), "residual_usd_per_rack") == pytest.approx(40 / 3, rel=1e-13)


def test_books_and_tax_write_it_off_over_its_own_life():
    """15 a year for the GPUs, 40/3 for the network, renewed after year 3."""
    tables = with_network(3, finance={"tax_rate": 0.5})
    books = [100, 100 - 85 / 3, 100 - 170 / 3, 15 + 40, 40 * 2 / 3]
    assert values(tables, "book_value_usd_per_rack") == pytest.approx(books, rel=1e-12)
    assert values(tables, "tax_value_usd_per_rack") == pytest.approx(books, rel=1e-12)
    assert values(tables, "tax_depreciation_usd_per_rack_year") == pytest.approx(
        [85 / 3] * 4, rel=1e-12
    )
    assert values(tables, "tax_usd_per_rack_by_year") == pytest.approx(
        [0.5 * (40 - 85 / 3)] * 4, rel=1e-12
    )
    assert value(tables, "tax_write_off_usd_per_rack") == pytest.approx(0, abs=1e-12)


def test_the_method_of_the_rack_is_for_the_rest():
    method = {"method": "custom", "schedule": [0.5, 0.25]}
    tables = with_network(4, finance={"tax_depreciation": method, "tax_rate": 0.5})
    assert values(tables, "tax_depreciation_usd_per_rack_year") == pytest.approx(
        [30 + 10, 15 + 10, 10, 10], rel=1e-12
    )
    assert value(tables, "tax_write_off_usd_per_rack") == pytest.approx(15, rel=1e-12)
    lost = changed(
        with_network(
            6, finance={"tax_depreciation": method, "tax_rate": 0.5, "basis_at_disposal": "lost"}
        )
    )
    assert value(lost, "disposal_gain_usd_per_rack") == pytest.approx(40 / 3, rel=1e-12)


def test_the_owner_may_scrap_it_at_straight_line_value():
    """Earning nothing, the rack is worth what its network is sold for, a year later."""
    tables = with_network(4, revenue={"utilisation": 0}, finance={"wacc_per_year": 0.25})
    assert values(tables, "scrap_value_usd_per_rack") == pytest.approx(
        [40, 30, 20, 10, 0], abs=1e-12
    )
    assert values(tables, "economic_value_usd_per_rack") == pytest.approx(
        [40, 30, 20, 10, 0], abs=1e-12
    )
    earning = with_network(2, finance={"wacc_per_year": 0.25})
    worth_3 = 40 / 1.25
    worth_2 = (40 + worth_3) / 1.25
    worth_1 = (40 - 40 + worth_2) / 1.25
    expected = [(40 + worth_1) / 1.25, worth_1, worth_2, worth_3, 0]
    assert values(earning, "economic_value_usd_per_rack") == pytest.approx(
        expected, rel=1e-12, abs=1e-12
    )


def test_the_rest_is_the_rack_without_the_gear():
    """GPUs for 60 of 100, with spares of a tenth; a tenth of the price is what is left of them."""
    tables = with_network(6, hardware={"spare_fraction": 0.1, "residual_fraction": 0.1})
    assert value(tables, "main_capex_usd_per_rack") == pytest.approx(66, rel=1e-14)
    assert value(tables, "main_residual_usd_per_rack") == pytest.approx(6, rel=1e-14)


def test_renewed_gear_raises_the_books():
    """100 of capital, 30 a year written off, 40 bought again in year 2."""
    lost, renewed = Profile((30.0, 30.0, 30.0)), Profile((0.0, 40.0, 0.0))
    books = rest_of_rack.book_value_usd_per_rack(100.0, lost, renewed, FLOATS)
    assert books.values == (100, 70, 80, 50)


def test_a_rack_is_never_worth_less_than_its_scrap():
    """2 a year for three years of a life of two, at 100 %: scrap of 9, 5 and 4, then of 1."""
    worth = rest_of_rack.economic_value_usd_per_rack(
        Profile((2.0, 2.0, 2.0)),
        Profile((0.0, 0.0, 0.0)),
        Profile((0.0, 1.0, 4.0, 1.0)),
        2.0,
        1.0,
        Calendar(3, 1),
        FLOATS,
    )
    assert worth.values == (1.75, 1.5, 1, 1)


def test_gear_is_written_off_in_the_years_of_the_rack_only():
    written = rest_of_rack.component_depreciation_usd_per_rack_by_year(
        8.0, 2.5, Calendar(4, 1), FLOATS
    )
    assert written.values == (8, 8, 4, 0)


def test_gear_that_outlives_the_rack_is_bought_once():
    tables = small(hardware={"storage_life_years": 9, "storage_price_usd_per_gpu": 10})
    assert values(tables, "renewal_usd_per_rack_by_year") == (0, 0, 0, 0)
    assert value(tables, "it_capex_usd_per_rack") == 110
