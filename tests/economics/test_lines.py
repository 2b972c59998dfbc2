"""Lines of the cash flow, made from the parts of the operating expense: a stall with a rent that
rises and lemons that follow what is sold.
"""

import pytest
from racks import CHOICES, changed, reference, values

from economics.formulas.lines import by_period, fixed, lines, variable
from economics.models.assembly import graph
from kernels.language.graph import Graph, run
from kernels.language.node import part_of
from kernels.language.profile import Profile
from kernels.language.timeline import Calendar

NODES = graph(CHOICES).nodes


@part_of("expense", escalates_by="opex", cash=True, with_use=False)
def stall_rent_usd_per_rack_year():
    """Rent of the stall.

    Paid to its owner.
    """
    return 10.0


@part_of("expense", escalates_by=None, cash=False, with_use=False)
def stall_wear_usd_per_rack_year():
    """Wear of the stall."""
    return 2.0


@part_of("expense", escalates_by=None, cash=True, with_use=True)
def lemons_cost_usd_per_rack_year(utilisation):
    """Lemons, some of which rot."""
    return 1.0 + 4.0 * utilisation


PARTS = (stall_rent_usd_per_rack_year, stall_wear_usd_per_rack_year, lemons_cost_usd_per_rack_year)
GRAPH = Graph.of((*PARTS, *lines(Graph.of(PARTS).parts("expense"))))
GIVEN = {
    "calendar": Calendar(4, 2),
    "utilisation": 0.75,
    "operating_years_by_period": Profile((0.5,) * 4),
    "opex_years_by_period": Profile((0.5, 0.5, 1.0, 1.0)),
    "sold_years_by_period": Profile((0.0, 0.25, 0.5, 0.5)),
}


def computed(name):
    return run(GRAPH.plan([name], GIVEN), GIVEN, None)[name]


def test_each_part_is_a_line_of_the_cash_flow():
    for line in (
        "electricity",
        "carbon",
        "water",
        "facility",
        "operations",
        "revenue",
        "overhead",
        "ebitda",
    ):
        assert NODES[f"{line}_usd_per_rack_by_year"].first_year == 1


def test_parts_of_one_first_word_are_a_line():
    """Rent of 10 a year that doubles in year 2, and 2 of wear that stays."""
    assert computed("stall_usd_per_rack_by_period").values == (6, 6, 11, 11)
    assert computed("stall_usd_per_rack_by_year").values == (12, 22)


def test_what_follows_use_is_told_in_two_shares():
    """1 while nothing is sold and 4 at full use: three quarters of it where a whole half is
    sold.
    """
    assert computed("fixed_lemons_cost_usd_per_rack_year") == 1
    assert computed("variable_lemons_cost_usd_per_rack_year") == 4
    assert computed("lemons_usd_per_rack_by_period").values == (0.5, 1.25, 2, 2)
    assert computed("lemons_usd_per_rack_by_year").values == (1.75, 4)


def test_all_lines_are_the_expense_and_bills_the_cash():
    assert computed("operating_expense_usd_per_rack_by_period").values == (6.5, 7.25, 13, 13)
    assert computed("cash_cost_usd_per_rack_year") == 10 + 4


def test_only_what_follows_use_is_split():
    names = [name for name in GRAPH.nodes if name.startswith(("fixed_", "variable_"))]
    assert names == [
        "fixed_lemons_cost_usd_per_rack_year",
        "variable_lemons_cost_usd_per_rack_year",
    ]
    assert GRAPH.nodes["variable_lemons_cost_usd_per_rack_year"].inner


def test_a_flow_is_described_by_the_first_paragraph_of_its_part():
    doc = GRAPH.nodes["stall_rent_usd_per_rack_by_period"].doc
    assert doc == "Rent of the stall. By period."
    assert GRAPH.nodes["lemons_usd_per_rack_by_year"].doc == "Lemons cost of each operating year."


def test_names_of_what_is_made_of_a_part():
    name = "water_cost_usd_per_rack_year"
    made = (by_period(name), fixed(name), variable(name))
    assert made == (
        "water_cost_usd_per_rack_by_period",
        "fixed_water_cost_usd_per_rack_year",
        "variable_water_cost_usd_per_rack_year",
    )
    assert set(made) <= set(NODES)


def test_the_bill_of_a_ramp_rises_with_it():
    """Half of the draw follows use, which is 0.35 of the rack's in year 1 and 0.7 from then on."""
    tables = reference(hardware={"idle_load_fraction": 0.5}, revenue={"ramp_years": 1})
    full = 132 * 8760 * 1.25 * 0.08
    bill = values(tables, "electricity_usd_per_rack_by_year")
    assert bill[1:] == pytest.approx([full * 0.85] * 4, rel=1e-13)
    whole = values(changed(tables, revenue={"utilisation": 0}), "electricity_usd_per_rack_by_year")
    assert whole == pytest.approx([full * 0.5] * 5, rel=1e-13)
    assert whole[0] < bill[0] < bill[1]
