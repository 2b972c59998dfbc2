"""The project's quantities once more: for tax, as if there were no debt, to equity."""

import pytest
from racks import CHOICES, asked, reference, small, values

from economics.models.assembly import BOOKS, TAX, graph
from economics.models.owners import BREAKEVENS, RETURNS, as_if_no_debt, for_tax, to_equity
from kernels.language.graph import Graph

NODES = graph(CHOICES).nodes
ALL = graph({**CHOICES, "revenue": "contract", "tranches": "1", "delay": "rented"}).nodes


def test_equity_has_every_return_of_the_project():
    for name in (
        *(name for name in RETURNS if not name.startswith("project_")),
        *BREAKEVENS,
    ):
        assert name in NODES
        assert f"equity_{name}" in NODES


def test_interest_lowers_the_tax_of_equity_only():
    loan = {
        "tax_rate": 0.5,
        "debt_fraction": 0.5,
        "debt_rate_per_year": 0.1,
        "amortisation": "bullet",
    }
    tables = small(finance=loan)
    assert values(tables, "tax_usd_per_rack_by_year") == pytest.approx([5] * 4, rel=1e-13)
    assert values(tables, "unlevered_tax_usd_per_rack_by_year") == pytest.approx(
        [7.5] * 4, rel=1e-13
    )
    assert values(tables, "project_flow_usd_per_rack_by_year") == pytest.approx(
        [-100, 32.5, 32.5, 32.5, 32.5], rel=1e-13
    )
    assert values(tables, "equity_flow_usd_per_rack_by_year") == pytest.approx(
        [-50, 30, 30, 30, -20], rel=1e-13
    )


def test_book_and_tax_values_keep_apart():
    book, tax = (
        {"method": "straight_line", "life_years": 6},
        {"method": "macrs", "recovery_years": 5},
    )
    tables = reference(finance={"book_depreciation": book, "tax_depreciation": tax})
    answers = asked(tables, "book_value_usd_per_rack", "tax_value_usd_per_rack")
    assert answers["book_value_usd_per_rack"].index == (0, 1, 2, 3, 4, 5)
    assert answers["book_value_usd_per_rack"].values == pytest.approx(
        [4e6 * (1 - y / 6) for y in range(6)], rel=1e-12
    )
    left = [1, 0.8, 0.48, 0.288, 0.1728, 0.0576]
    assert answers["tax_value_usd_per_rack"].values == pytest.approx(
        [4e6 * share for share in left], rel=1e-12
    )


def test_equity_pays_its_own_outlay_and_asks_for_its_own_return():
    """Whatever extensions have made of the project's return, no input of it is left."""
    project, equity = ALL["npv_usd_per_rack"].needs, ALL["equity_npv_usd_per_rack"].needs
    changed_inputs = {old: new for old, new in zip(project, equity, strict=True) if old != new}
    assert changed_inputs["operating_flow_usd_per_rack_by_period"] == (
        "equity_operating_flow_usd_per_rack_by_period"
    )
    worth = changed_inputs["start_worth_usd_per_rack"]
    assert {"equity_outlay_usd_per_rack", "cost_of_equity_per_year"} <= set(ALL[worth].needs)
    assert "equity_delay_cost_usd_per_rack_year" in ALL[worth].needs


@pytest.mark.parametrize("nodes", [NODES, ALL], ids=["rental", "late contract"])
def test_nothing_of_equity_is_what_the_project_pays_or_asks_for(nodes):
    own = {name for name in nodes if name.startswith("equity_")} - {"equity_outlay_usd_per_rack"}
    assert len(own) > len(RETURNS)
    for name in own:
        project = {"wacc_per_year", "it_capex_usd_per_rack", "project_outlay_usd_per_rack"}
        assert project.isdisjoint(nodes[name].needs), name


def test_a_breakeven_of_equity_holds_the_debt_as_it_is():
    for name in BREAKEVENS:
        for parameter, asked_of in NODES[f"equity_{name}"].probes.items():
            of_project = NODES[name].probes[parameter]
            assert asked_of.target == "equity_npv_usd_per_rack"
            assert asked_of.unknown == of_project.unknown
            assert set(asked_of.held) - set(of_project.held) == {
                "debt_usd_per_rack",
                "interest_usd_per_rack_by_period",
                "principal_usd_per_rack_by_period",
            }


@pytest.mark.parametrize("book", ["default", "method", "by_use"])
@pytest.mark.parametrize("tax", ["default", "method", "by_use"])
def test_tax_follows_its_method_and_books_follow_theirs(book, tax):
    mixed = graph({**CHOICES, BOOKS: book, TAX: tax}).nodes
    books, taxed = (graph({**CHOICES, BOOKS: one, TAX: one}).nodes for one in (book, tax))
    for kind, alike in (("book", books), ("tax", taxed)):
        for name in (f"{kind}_depreciable_usd_per_rack", f"{kind}_depreciation_fraction_by_year"):
            assert mixed[name].formula is alike[name].formula, name
            assert mixed[name].needs == alike[name].needs, name
    taken = {need for name, one in mixed.items() if name.startswith("tax_") for need in one.needs}
    assert "tax_depreciable_usd_per_rack" in taken
    assert not [name for name in taken if name.startswith("book_")]


def test_what_is_told_once_more_says_for_whom():
    taxed = for_tax(Graph(NODES))
    assert all(one.name.startswith("tax_") and "ook" not in one.doc for one in taxed)
    (tax,) = as_if_no_debt(Graph(NODES))
    assert tax.name == "unlevered_tax_usd_per_rack_by_year"
    assert "unlevered_taxable_income_usd_per_rack_by_year" in tax.needs
    assert all("quity" in one.doc for one in to_equity(Graph(NODES)))


def test_a_flow_of_the_project_is_one_of_equity():
    """`project_` gives way to `equity_`, and stands nowhere beside it."""
    assert "equity_flow_usd_per_rack_by_year" in NODES
    assert not [name for name in ALL if "equity" in name and "project" in name]
