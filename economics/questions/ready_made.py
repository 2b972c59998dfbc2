"""What the ready-made questions ask for, of each model that has an answer to them."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import UNSET

from economics.formulas.statement import in_sequence, sums
from economics.models.registry import graph, model_of, name_of, usual_targets
from economics.questions.quote import Quote, quote_stated
from economics.scenario.reading import Sourced, scenario
from economics.vocabulary.header import About
from economics.vocabulary.problems import Problem

LINES = {
    "cash_breakeven_utilisation": "pays the running bills",
    "accounting_breakeven_utilisation": "pre-tax profit is 0",
    "breakeven_utilisation": "NPV after tax is 0",
    "equity_breakeven_utilisation": "NPV of equity is 0",
}
PRICES = {
    "breakeven_price_usd_per_gpu_hour": "NPV after tax is 0",
    "equity_breakeven_price_usd_per_gpu_hour": "NPV of equity is 0",
    "cost_usd_per_gpu_hour": "cost of a sold GPU-hour",
}
VALUES = (
    "book_value_usd_per_rack",
    "tax_value_usd_per_rack",
    "economic_value_usd_per_rack",
    "impairment_gap_usd_per_rack",
)
FALLS = (
    "book_depreciation_usd_per_rack_year",
    "tax_depreciation_usd_per_rack_year",
    "economic_depreciation_usd_per_rack_year",
)
PROJECT, EQUITY = ("irr_per_year", "payback_years", "moic"), ("equity_irr_per_year", "min_dscr")
BESIDE = (
    *("tax_depreciation", "disposal_gain", "unlevered_taxable_income", "taxable_income"),
    "debt_balance",
)
BREAKEVEN = "breakeven"
STATEMENT = "cashflow"  # the question whose answer begins with all lines of the model's statement
Targets = tuple[str, ...]
USUAL: Targets = ()
READY: Mapping[str, Mapping[str, Targets]] = {
    BREAKEVEN: {
        "rack": (*LINES, "headroom_fraction", *PRICES, "margin_fraction"),
        "lease": (
            "rent_usd_per_year",
            "breakeven_rent_usd_per_year",
            "equity_breakeven_rent_usd_per_year",
            "residual_for_return_usd",
        ),
        "margin": ("breakeven_price_factor", "breakeven_compute_factor", "breakeven_cost_factor"),
    },
    "depreciate": {
        "rack": (*VALUES, *FALLS, "book_write_off_usd_per_rack", "retirement_age_years"),
        "lease": (
            "book_value_usd",
            "tax_value_usd",
            "book_depreciation_usd_by_year",
            "tax_depreciation_usd_by_year",
            "book_write_off_usd",
        ),
        "program": USUAL,
    },
    STATEMENT: {
        "rack": (
            *(f"{line}_usd_per_rack_by_year" for line in BESIDE),
            "npv_usd_per_rack",
            *PROJECT,
            "equity_npv_usd_per_rack",
            *EQUITY,
        ),
        "lease": (
            *(f"{line}_usd_by_year" for line in BESIDE),
            "npv_usd",
            *PROJECT,
            "equity_npv_usd",
            *EQUITY,
        ),
        "commitments": (*("revenue_usd_by_year", "balance_usd_by_year", "peak_funding_need_usd"),),
    },
}


def ready(question: str, record: About) -> Targets:
    """The targets of a ready-made question. Errors: Problem where a scenario's model has no answer
    to it.
    """
    asked, model = READY[question], name_of(record)
    if model not in asked:
        raise Problem(
            "model", model, f"{' or '.join(asked)} for {question}; quote answers this one"
        )
    targets = asked[model] or usual_targets(record)
    if question == BREAKEVEN:
        return (*targets, *_stated(record))
    if question != STATEMENT:
        return targets
    nodes = graph(model_of(record).choices(record, {})).nodes
    return (*in_sequence(sums(nodes)), *targets)


def answer(question: str, stated: Mapping[str, Any] | About | Sourced) -> Quote:
    """The answer to a ready-made question about one scenario. Errors: Problem."""
    sourced = scenario(stated)
    return quote_stated(sourced, ready(question, sourced.scenario))


def _stated(record: About) -> Iterator[str]:
    """What a rack's scenario states itself of use and price."""
    revenue = getattr(record, "revenue", None)
    if getattr(revenue, "utilisation", None) is not None:
        yield "utilisation"
    price = "rental_price_usd_per_gpu_hour"
    prices = [getattr(revenue, name, UNSET) for name in (price, "price_path_usd_per_gpu_hour")]
    if revenue is not None and prices != [None, None]:
        yield price
