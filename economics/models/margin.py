"""A seller of what GPUs make: revenue, compute and other cost, and what would have to change to
break even.
"""

from typing import Annotated as A

from msgspec import Struct

from economics.formulas.cost import over
from economics.vocabulary.bounds import Amount
from economics.vocabulary.header import About, is_
from economics.vocabulary.statuses import no_cost, no_revenue
from kernels.language.node import signed, statuses


class Margin(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A year's revenue and cost."""

    revenue_usd_per_year: A[Amount | None, is_("what customers pay")] = None
    compute_cost_usd_per_year: A[Amount | None, is_("what the GPUs, own or rented, cost")] = None
    other_cost_usd_per_year: A[Amount, is_("all other cost")] = 0.0


class MarginScenario(
    About, tag="margin", tag_field="model", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """A year's revenue and cost of a seller."""

    margin: A[Margin, is_("revenue and cost of a year")] = Margin()


TABLES: dict[str, tuple[type[Struct], ...]] = {"margin": (Margin,)}
TARGETS = (
    *(
        "compute_of_revenue_fraction",
        "gross_margin_fraction",
        "operating_margin_fraction",
        "result_usd_per_year",
    ),
    *("breakeven_price_factor", "breakeven_compute_factor", "breakeven_cost_factor"),
)


@no_revenue
def compute_of_revenue_fraction(compute_cost_usd_per_year, revenue_usd_per_year, xp):
    """Compute cost over revenue."""
    return over(compute_cost_usd_per_year, revenue_usd_per_year, xp)


@signed
def gross_margin_fraction(compute_of_revenue_fraction):
    """Share of revenue that is left after compute; below 0 compute alone costs more than customers
    pay.
    """
    return 1.0 - compute_of_revenue_fraction


@signed
@no_revenue
def operating_margin_fraction(result_usd_per_year, revenue_usd_per_year, xp):
    """Share of revenue that is left after all cost; below 0 a loss."""
    return over(result_usd_per_year, revenue_usd_per_year, xp)


def total_cost_usd_per_year(compute_cost_usd_per_year, other_cost_usd_per_year):
    """All cost of a year."""
    return compute_cost_usd_per_year + other_cost_usd_per_year


def result_usd_per_year(revenue_usd_per_year, total_cost_usd_per_year):
    """Revenue less all cost; below 0 a loss."""
    return revenue_usd_per_year - total_cost_usd_per_year


@no_revenue
def breakeven_price_factor(total_cost_usd_per_year, revenue_usd_per_year, xp):
    """By what the price must be multiplied for no loss, if as much is sold."""
    return over(total_cost_usd_per_year, revenue_usd_per_year, xp)


@no_cost
def breakeven_cost_factor(revenue_usd_per_year, total_cost_usd_per_year, xp):
    """By what all cost must be multiplied for no loss, at the price as it is."""
    return over(revenue_usd_per_year, total_cost_usd_per_year, xp)


@statuses(no_cost="there is no cost", not_enough="none: no value meets the target")
def breakeven_compute_factor(
    revenue_usd_per_year, other_cost_usd_per_year, compute_cost_usd_per_year, xp
):
    """By what compute cost must be multiplied for no loss, the rest as it is; none where the rest
    alone costs more than revenue.
    """
    factor, code = over(
        revenue_usd_per_year - other_cost_usd_per_year, compute_cost_usd_per_year, xp
    )
    return xp.where(factor < 0.0, float("nan"), factor), xp.where(factor < 0.0, 2.0, code)
