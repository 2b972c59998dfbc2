"""For whom a rack's quantities are computed once more: for tax, as if there were no debt, after
tax, to equity.

Each is a pass over the finished graph (`kernels.language.instance`), so that what an extension
changes is changed for all of them, and nobody lists its formulas twice.
"""

from economics.formulas.statement import EQUITY_FLOW, PROJECT_FLOW
from kernels.language.graph import Graph
from kernels.language.instance import between, instance
from kernels.language.node import Node

UNLEVERED = {
    "taxable_income_usd_per_rack_by_year": "unlevered_taxable_income_usd_per_rack_by_year",
    EQUITY_FLOW: PROJECT_FLOW,  # which it is taken from
}
AS_IF_NO_DEBT = "Tax of each operating year as if there were no debt: what the project flow pays."
CAPITAL = {
    "it_capex_usd_per_rack": "equity_outlay_usd_per_rack",
    "wacc_per_year": "cost_of_equity_per_year",
}
RETURNS = (
    *("npv_usd_per_rack", "irr_per_year", "root_count", "mirr_per_year", "moic"),
    *("payback_years", "discounted_payback_years", "project_flow_usd_per_rack_by_year"),
)
BREAKEVENS = ("breakeven_utilisation", "breakeven_price_usd_per_gpu_hour")
COVER = ("min_dscr", "mean_dscr")
HELD = (
    "debt_usd_per_rack",
    "interest_usd_per_rack_by_period",
    "principal_usd_per_rack_by_period",
)


def for_tax(books: Graph) -> tuple[Node, ...]:
    """Depreciation and what is written off for tax: the books of a graph whose books are kept by
    the method for tax.
    """
    return instance(
        books,
        [name for name in books.nodes if name.startswith("book_")],
        lambda name: name.replace("book_", "tax_", 1),
        {"book_depreciation": "tax_depreciation"},
        lambda doc: doc.replace("Book", "Tax").replace("book", "tax"),
    )


def as_if_no_debt(graph: Graph) -> tuple[Node, ...]:
    """The tax that the project flow pays."""
    return instance(
        graph,
        ["tax_usd_per_rack_by_year"],
        lambda name: f"unlevered_{name}",
        UNLEVERED,
        lambda _: AS_IF_NO_DEBT,
    )


def after_tax(graph: Graph) -> tuple[Node, ...]:
    """The cover of debt service by what is left after tax."""
    return instance(
        graph,
        COVER,
        _after_tax,
        {"dscr_by_year": _after_tax("dscr_by_year")},
        lambda doc: f"After tax: {_lowered(doc)}",
    )


def to_equity(graph: Graph) -> tuple[Node, ...]:
    """What equity pays and earns, and where it breaks even with the debt held as it is.

    What has a formula of its own for equity (`equity_outlay_usd_per_rack`) feeds the rest.
    """
    own = {name: _of_equity(name) for name in graph.nodes if _of_equity(name) in graph.nodes}
    wires = {**own, **CAPITAL}
    returns = instance(
        graph,
        between(graph, RETURNS, wires),
        _of_equity,
        wires,
        lambda doc: f"To equity, at the cost of equity: {_lowered(_at_that_rate(doc))}",
    )
    breakevens = instance(
        graph,
        BREAKEVENS,
        _of_equity,
        {"npv_usd_per_rack": _of_equity("npv_usd_per_rack")},
        lambda doc: f"For equity, the debt held as it is: {_lowered(doc)}",
        lambda _: HELD,
    )
    return (*returns, *breakevens)


def _after_tax(name: str) -> str:
    return f"after_tax_{name}"


def _of_equity(name: str) -> str:
    before, project, after = name.partition("project_")
    return f"{before}equity_{after}" if project else f"equity_{name}"


def _at_that_rate(doc: str) -> str:
    return doc.replace("at the WACC", "at that rate")


def _lowered(doc: str) -> str:
    """A description, to stand inside a sentence."""
    return doc[0].lower() + doc[1:]
