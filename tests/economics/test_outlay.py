"""What is received before operations begin: see also the prepayments of test_contracted."""

import pytest
from contracts import contract
from racks import asked, value, values

from economics.extensions.outlay import RETURNS
from economics.models.registry import graph
from economics.scenario.inputs import Inputs
from economics.scenario.reading import scenario

PREPAID = {"default_probability_per_year": 0, "prepayment_fraction": 0.01}


def test_every_return_pays_the_outlay():
    nodes = graph(Inputs.of(scenario(contract())).choices).nodes
    assert all("project_outlay_usd_per_rack" in nodes[name].needs for name in RETURNS)
    assert not [name for name in RETURNS if "it_capex_usd_per_rack" in nodes[name].needs]


def test_a_prepayment_pays_part_of_the_capital():
    """60 of the 6,000 promised come at once, against 100 of capital."""
    assert value(contract(PREPAID), "project_outlay_usd_per_rack") == pytest.approx(40, rel=1e-14)
    assert values(contract(PREPAID), "project_flow_usd_per_rack_by_year") == pytest.approx(
        [-40, 1980, 1980, 1980], rel=1e-14
    )
    assert value(contract(PREPAID), "payback_years") == pytest.approx(40 / 1980, rel=1e-14)
    assert value(contract(PREPAID), "moic") == pytest.approx(3 * 1980 / 40, rel=1e-14)


def test_a_prepayment_of_more_than_the_capital_is_no_outlay():
    answers = asked(
        contract({**PREPAID, "prepayment_fraction": 0.1}), "moic", "payback_years", "irr_per_year"
    )
    assert [one.status for one in answers.values()] == ["no_outlay", "no_outlay", "no_sign_change"]


def test_tax_on_a_prepayment_is_due_with_year_1():
    taxed = values(
        contract(PREPAID, finance={"tax_rate": 0.5}), "unlevered_tax_usd_per_rack_by_year"
    )
    assert taxed[0] - taxed[1] == pytest.approx(30, rel=1e-12)
