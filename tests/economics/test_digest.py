"""A short text that is the same where the inputs are."""

from copy import deepcopy

import economics
from economics.scenario.digest import digest
from service.web.examples import SCENARIO


def changed(path, value):
    tables = deepcopy(SCENARIO)
    table, _, field = path.rpartition(".")
    (tables[table] if table else tables)[field] = value
    return hashed(tables)


def hashed(*many):
    return digest(*(economics.scenario(one).scenario for one in many))


def test_it_is_that_of_the_numbers_however_they_are_written():
    same = hashed(SCENARIO)
    assert len(same) == 32
    assert changed("hardware.server_price_usd_per_rack", 4e6) == same
    assert changed("finance.wacc_per_year", "10%") == same
    assert changed("power.electricity_price_usd_per_kwh", {"value": 0.08, "source": "x"}) == same


def test_what_is_said_of_a_scenario_does_not_count():
    for field in ("name", "note", "source", "as_of"):
        assert changed(field, "a") == hashed(SCENARIO)


def test_a_default_counts_as_if_it_were_stated():
    assert changed("finance.tax_rate", 0.0) == hashed(SCENARIO)
    assert changed("finance.cost_of_equity_per_year", 0.1) == hashed(SCENARIO)


def test_every_number_counts():
    others = {
        changed("finance.wacc_per_year", 0.11),
        changed("revenue.utilisation", 0.71),
        changed("hardware.economic_life_years", 6),
        changed("given", {"it_capex_usd_per_rack": 1e6}),
    }
    assert len({*others, hashed(SCENARIO)}) == 5


def test_several_scenarios_have_one_together():
    assert hashed(SCENARIO, SCENARIO) != hashed(SCENARIO)
