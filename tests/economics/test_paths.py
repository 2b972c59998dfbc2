"""A price path is by operating year, or by period: other lengths are refused with both."""

import pytest
from racks import reference

from economics import Problem, quote, sweep

NPV, REVENUE = "npv_usd_per_rack", "revenue_usd_per_rack_by_year"
SOLD = 72 * 8760 * 0.7


def path(values, life=5, periods=1, **revenue):
    return reference(
        hardware={"economic_life_years": life},
        finance={"periods_per_year": periods},
        revenue={
            "rental_price_usd_per_gpu_hour": None,
            "price_path_usd_per_gpu_hour": values,
            **revenue,
        },
    )


def revenue(tables):
    return quote(tables, [REVENUE]).quantities[REVENUE].values


def test_one_value_a_period_is_by_period():
    """48 months of four years; the mean of a year's twelve months is what a path by year says."""
    months = [2.0 + k / 48 for k in range(48)]
    yearly = [sum(months[12 * y : 12 * y + 12]) / 12 for y in range(4)]
    by_month = revenue(path(months, life=4, periods=12))
    assert by_month == pytest.approx([SOLD * price for price in yearly])
    assert by_month == pytest.approx(revenue(path(yearly, life=4, periods=12)))
    found = quote(path(months, life=4, periods=12), [NPV]).quantities[NPV].value
    flows = [(SOLD * price / 12 - (115_632 + 120_000) / 12) for price in months]
    worth = sum(flow * 1.1 ** (-(k + 1) / 12) for k, flow in enumerate(flows)) - 4e6
    assert found == pytest.approx(worth)


def test_one_value_a_year_and_the_last_held():
    assert revenue(path([3.0, 2.0], life=4, periods=12)) == pytest.approx(
        [SOLD * price for price in (3, 2, 2, 2)]
    )
    assert revenue(path([3.0, 2.0], life=1.5, periods=4)) == pytest.approx([3 * SOLD, SOLD])


@pytest.mark.parametrize(
    ("count", "life", "periods", "allowed"),
    [
        (48, 5, 12, "at most 5 values, one a year of the life, or 60, one a period"),
        (6, 5, 4, "at most 5 values, one a year of the life, or 20, one a period"),
        (3, 1.5, 4, "at most 2 values, one a year of the life, or 6, one a period"),
        (6, 5, 1, "at most 5 values, one a year of the life"),
    ],
)
def test_another_length_is_refused_with_both(count, life, periods, allowed):
    with pytest.raises(Problem) as caught:
        quote(path([3.0] * count, life, periods), [NPV])
    said = f"revenue.price_path_usd_per_gpu_hour has {count} values: expected {allowed}"
    assert str(caught.value) == said
    assert caught.value.value == count


@pytest.mark.parametrize(
    ("count", "life", "periods", "may_be_meant_by_year"),
    [(4, 1, 4, True), (20, 5, 4, True), (48, 4, 12, False), (1, 1, 4, False), (5, 5, 1, False)],
)
def test_a_length_that_may_be_meant_by_year_is_noticed(count, life, periods, may_be_meant_by_year):
    said = (
        f"revenue.price_path_usd_per_gpu_hour has {count} values, as many as the life has periods:"
        " read as one a period, not one a year"
    )
    found = quote(path([3.0] * count, life, periods), [NPV]).notices
    assert found == ((said,) if may_be_meant_by_year else ())


def test_what_needs_no_time_takes_any_length():
    found = quote(path([3.0] * 48, 5, 12), ["margin_fraction"])
    assert found.quantities["margin_fraction"].status == "ok"


def test_a_shorter_life_of_a_sweep_cuts_it_and_says_so():
    lives = {"kind": "values", "field": "economic_life_years", "values": [2, 5]}
    table = sweep({"scenario": path([3.0, 2, 2, 4, 5]), "axes": [lives], "targets": [NPV]})
    alone = quote(path([3.0, 2], life=2), [NPV]).quantities[NPV].value
    assert table.columns[NPV].values[0] == alone
    said = "has 5 values: a life of 2 years uses the first 2"
    assert [one for one in table.basis.notices if "uses" in one] == [
        f"revenue.price_path_usd_per_gpu_hour {said}"
    ]
    assert not [one for one in quote(path([3.0, 2], life=2), [NPV]).notices if "uses" in one]


def test_a_year_may_be_free():
    """The first price above 0 is what levels, margins and breakevens are of; the path is scaled as
    a whole.
    """
    free = path([0, 3.0, 3.5, 3])
    assert revenue(free) == pytest.approx([SOLD * price for price in (0, 3, 3.5, 3, 3)])
    names = ("rental_price_usd_per_gpu_hour", "breakeven_price_usd_per_gpu_hour")
    found = quote(free, names).quantities
    assert found[names[0]].value == 3.0
    scale = found[names[1]].value / 3.0
    even = quote(path([scale * price for price in (0, 3.0, 3.5, 3)]), [NPV])
    assert even.quantities[NPV].value == pytest.approx(0.0, abs=1e-6)


def test_every_year_may_not():
    with pytest.raises(Problem, match="expected a price above 0 among them"):
        quote(path([0.0, 0.0]), [NPV])
