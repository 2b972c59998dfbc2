"""Bars: a target at the ends of one input."""

import pytest
from racks import reference, small

from economics import Problem, quote, scenario
from economics.sweeps.distributions import Uniform
from economics.uncertainty.tornado import ranges_around, tornado, value_of

NPV = "npv_usd_per_rack"


def bars(sourced, target, **ends):
    return tornado(sourced, target, {f: Uniform(low=a, high=b) for f, (a, b) in ends.items()})


def test_a_value_is_that_of_a_quote_with_the_field_changed():
    sourced = scenario(reference())
    assert value_of(sourced, NPV, {}) == (quote(reference(), [NPV]).quantities[NPV].value, "ok")
    assert value_of(sourced, "utilisation", {"utilisation": 0.25}) == (0.25, "ok")
    assert value_of(scenario(small()), "min_dscr", {}) == (None, "no_debt")
    with pytest.raises(Problem, match="book_value_usd_per_rack\\[1\\] is that of year 1"):
        value_of(sourced, "book_value_usd_per_rack", {})


def test_a_bar_goes_from_one_end_to_the_other():
    (found,) = bars(scenario(reference()), "utilisation", utilisation=(0.25, 0.75))
    assert (found.field, found.unit, found.low, found.high) == ("utilisation", "1", 0.25, 0.75)
    assert (found.at_low, found.at_high, found.swing) == (0.25, 0.75, 0.5)
    assert found.base == quote(reference(), ["utilisation"]).quantities["utilisation"].value


def test_a_bar_without_a_value_at_an_end_has_no_swing():
    sourced = scenario(small(hardware={"economic_life_years": 3}))
    (found,) = bars(sourced, "payback_years", utilisation=(0.2, 1.0))
    assert (found.at_low, found.status_at_low, found.swing) == (None, "never", None)


def test_an_input_that_moves_a_target_beyond_every_value_comes_first_and_one_unknown_last():
    """Payback is never at a use of 0.2; the cover of a debt is unknown where there is none."""
    found = bars(
        scenario(small(hardware={"economic_life_years": 3})),
        "payback_years",
        pue=(1.0, 1.1),
        utilisation=(0.2, 1.0),
    )
    assert [one.field for one in found] == ["utilisation", "pue"]
    assert (found[0].swing, found[1].swing is not None) == (None, True)
    lent = scenario(reference(finance={"debt_fraction": 0.5, "debt_rate_per_year": 0.08}))
    found = bars(lent, "min_dscr", debt_fraction=(0.0, 0.5), utilisation=(0.6, 0.7))
    assert [(one.field, one.status_at_low) for one in found] == [
        ("utilisation", "ok"),
        ("debt_fraction", "no_debt"),
    ]


def test_ranges_are_around_stated_numbers_and_within_what_fields_can_be():
    found, left = ranges_around(scenario(reference()), NPV, 0.5)
    use = found["utilisation"]
    assert (use.low, use.high) == (0.35, 1.0)
    assert "economic_life_years" in left
    assert not set(found) & set(left)


def test_a_target_that_depends_on_no_number_that_can_vary_is_refused():
    with pytest.raises(Problem, match="rack_count depends on no stated number"):
        ranges_around(scenario(reference()), "rack_count", 0.1)


def test_a_price_that_a_path_states_is_no_input():
    """The path holds, and the price beside it is ignored."""
    path = {"price_path_usd_per_gpu_hour": [3.5, 3.0], "rental_price_usd_per_gpu_hour": 3.5}
    found, left = ranges_around(scenario(reference(revenue=path)), NPV, 0.5)
    assert "rental_price_usd_per_gpu_hour" not in {*found, *left}
    assert "utilisation" in found
