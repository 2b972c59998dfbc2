"""A rack's model, assembled: every formula once, the lines of the cash flow, what extensions add
and change, and what is computed once more for others than the project.
"""

from collections.abc import Iterator, Mapping

from economics.extensions.extension import extended
from economics.extensions.extensions import EXTENSIONS
from economics.formulas import (
    breakeven,
    cashflow,
    cost,
    cover,
    debt,
    discounting,
    facility,
    failures,
    hardware,
    operations,
    power,
    returns,
    schedules,
    subscription,
    tokens,
    value,
)
from economics.formulas.expense import EXPENSE
from economics.formulas.lines import lines
from economics.formulas.statement import before_tax
from economics.models.owners import after_tax, as_if_no_debt, for_tax, to_equity
from economics.vocabulary.units import STRUCTURE
from kernels.language.graph import Graph
from kernels.language.node import Node, formulas_of, node

MODEL_VERSION = "1"
CONSTANTS = {
    "hour_per_year": 8760.0,
    "month_per_year": 12.0,
    "second_per_hour": 3600.0,
    "token_per_mtok": 1e6,
    "unit_years": 1.0,
    "unit_price_usd_per_gpu_hour": 1.0,
}
CALENDAR = ("calendar", "periods_per_year")
MODULES = (
    *(hardware, power, facility, operations, discounting, schedules, cost, failures, debt),
    *(cover, cashflow, value, returns, breakeven, tokens, subscription),
)
FORMULAS: tuple[Node, ...] = (
    *(one for module in MODULES for one in formulas_of(module)),
    *(node(one) for extension in EXTENSIONS for one in extension.formulas),
)
BOOKS, TAX = "book_depreciation", "tax_depreciation"  # the same methods may be chosen for both
Choices = Mapping[str, str]


def graph(choices: Choices) -> Graph:
    """The model's graph for a scenario's choices."""
    project = _project(choices)
    books = {**choices, BOOKS: choices[TAX]}
    kept = project if books == choices else _project(books)
    taxed = project.replaced((*for_tax(kept), *as_if_no_debt(project), before_tax(project.nodes)))
    return taxed.replaced((*after_tax(taxed), *to_equity(taxed)))


def _project(choices: Choices) -> Graph:
    """The rack as its project sees it, with the extensions that are chosen."""
    formulas = Graph.of(FORMULAS, choices)
    made = lines(formulas.parts(EXPENSE))
    parts = (one for one in formulas.nodes.values() if one.name != EXPENSE)
    return extended(Graph.of((*parts, *made), choices), EXTENSIONS, choices)


def variants(usual: Choices) -> Iterator[Choices]:
    """The usual choices, then each other value of each of them, one at a time."""
    yield usual
    for choice, option in dict.fromkeys((*_chosen_by_formulas(), *_chosen_by_extensions())):
        if choice in usual and usual[choice] != option:
            yield {**usual, choice: option}


def _chosen_by_formulas() -> Iterator[tuple[str, str]]:
    for formula in FORMULAS:
        for choice, options in formula.when.items():
            kept = (BOOKS, TAX) if choice == BOOKS else (choice,)
            yield from ((one, option) for one in kept for option in options)


def _chosen_by_extensions() -> Iterator[tuple[str, str]]:
    for one in EXTENSIONS:
        yield from ((one.choice, option) for option in one.values)


def is_public(name: str, nodes: Mapping[str, Node]) -> bool:
    """Whether a name can be asked for or given: no constant, nothing of the structure of time, no
    quantity that serves others only.
    """
    own = nodes.get(name)
    hidden = own.inner if own is not None else name in CONSTANTS
    return not hidden and name not in STRUCTURE


def public_names(nodes: Mapping[str, Node]) -> list[str]:
    """The quantities that can be asked for."""
    return [name for name in nodes if is_public(name, nodes)]
