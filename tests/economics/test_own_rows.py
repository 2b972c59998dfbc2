"""What a scenario brings with it: rows of a catalog of its own, and what its readers are told."""

import pytest
from racks import reference

from economics import Problem, quote, scenario
from economics.scenario import catalog
from economics.scenario.layers import layered

PRICE = 1.23
OURS = {"rentals": {"ours": {"revenue": {"rental_price_usd_per_gpu_hour": PRICE}}}}
TARGET = "rental_price_usd_per_gpu_hour"


def with_market(**more):
    tables = reference()
    del tables["revenue"][TARGET]
    tables["revenue"]["market"] = "ours"
    return {**tables, **more}


def test_a_scenario_may_bring_the_rows_that_it_names():
    found = quote(with_market(catalog=OURS), [TARGET])
    assert found.quantities[TARGET].value == PRICE
    assert found.catalog["rentals"] == catalog.version("rentals", "ours", OURS)
    assert found.catalog["rentals"].startswith(catalog.version("rentals", "h100-3-year") + "+")
    with pytest.raises(Problem, match=r"revenue\.market = 'ours': expected a known row"):
        quote(with_market(), [TARGET])


def test_a_stated_price_stands_above_a_row_that_was_brought_too():
    tables = with_market(catalog=OURS)
    tables["revenue"][TARGET] = 2.0
    assert "the price of ours (revenue.market) is not used" in quote(tables, [TARGET]).notices[-1]


def test_a_later_layer_may_name_a_row_that_was_brought():
    found = layered({**reference(), "catalog": OURS}, {"revenue": {"market": "ours"}})
    assert scenario(found).scenario.revenue.rental_price_usd_per_gpu_hour == PRICE
    assert found.notices[0].startswith("revenue.market = ours fills over what stood there")


def test_notices_come_first_in_answers():
    found = quote({**reference(), "notices": ["as of last week"]}, ["npv_usd_per_rack"])
    assert found.notices[0] == "as of last week"


@pytest.mark.parametrize(
    ("brought", "where"),
    [
        ({"catalog": 1}, "catalog"),
        ({"catalog": {"rental": {}}}, "catalog.rental"),
        ({"catalog": {"rentals": {"ours": 3}}}, "catalog.rentals.ours"),
        ({"notices": "one"}, "notices"),
    ],
)
def test_what_is_brought_is_checked(brought, where):
    with pytest.raises(Problem) as raised:
        scenario({**reference(), **brought})
    assert raised.value.where == where
