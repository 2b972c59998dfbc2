"""Payments that are promised against revenue that is hoped for, year by year, and what must be
raised in between.
"""

from typing import Annotated as A

from msgspec import Meta, Struct

from economics.formulas.cost import over
from economics.vocabulary.bounds import Amount, Fraction, PositiveFactor
from economics.vocabulary.header import About, is_
from economics.vocabulary.statuses import no_revenue
from kernels.language.flow import flow
from kernels.language.node import adds_to, by_year, taken_from
from kernels.language.profile import Profile, pad, sum_of

Path = A[tuple[Amount, ...], Meta(min_length=1, max_length=100)]
YEAR_MONTHS = 12
Months = A[tuple[Amount, ...], Meta(min_length=YEAR_MONTHS, max_length=1200)]


class Commitments(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is to be paid and what comes in, one value a year."""

    committed_usd: A[Path | None, is_("committed payments by year; none after the last")] = None
    revenue_usd: A[Path | None, is_("revenue by year; none after the last")] = None
    committed_factor: A[PositiveFactor, is_("by what all committed payments are multiplied")] = 1.0
    revenue_factor: A[PositiveFactor, is_("by what all revenue is multiplied")] = 1.0
    cash_margin_fraction: A[
        Fraction | None, is_("share of revenue left for the commitments after all other cost")
    ] = None
    cash_usd: A[Amount, is_("cash at the start")] = 0.0
    revenue_usd_per_month: A[
        Months | None, is_("revenue of each month, the latest last; at least twelve")
    ] = None


class CommitmentsScenario(
    About,
    tag="commitments",
    tag_field="model",
    forbid_unknown_fields=True,
    frozen=True,
    kw_only=True,
):
    """Committed payments against revenue."""

    commitments: A[Commitments, is_("payments and revenue by year")] = Commitments()


TABLES: dict[str, tuple[type[Struct], ...]] = {"commitments": (Commitments,)}
IF_STATED = {
    "revenue_usd_per_month": (
        "run_rate_usd_per_year",
        "trailing_revenue_usd_per_year",
        "run_rate_factor",
    )
}
TARGETS = (
    "funding_gap_usd_by_year",
    "balance_usd_by_year",
    "peak_funding_need_usd",
    "total_committed_usd",
    "total_revenue_usd",
)


def _by_year(amounts, factor, calendar):
    """Stated amounts by year, nothing after the last of them."""
    return flow(factor, pad(amounts, calendar.years))


@by_year(1)
@adds_to("funding_gap_usd_by_year")
def committed_usd_by_year(committed_usd, committed_factor, calendar):
    """Committed payments of each year."""
    return _by_year(committed_usd, committed_factor, calendar)


@by_year(1)
def revenue_usd_by_year(revenue_usd, revenue_factor, calendar):
    """Revenue of each year."""
    return _by_year(revenue_usd, revenue_factor, calendar)


@by_year(1)
@taken_from("funding_gap_usd_by_year")
def cash_margin_usd_by_year(revenue_usd_by_year, cash_margin_fraction):
    """What revenue leaves for the commitments of each year."""
    return revenue_usd_by_year * cash_margin_fraction


@by_year(1)
def funding_gap_usd_by_year(committed_usd_by_year, cash_margin_usd_by_year):
    """What revenue does not pay of each year's commitments; below 0 cash is left over."""
    return committed_usd_by_year - cash_margin_usd_by_year


@by_year(1)
def balance_usd_by_year(cash_usd, funding_gap_usd_by_year, xp):
    """Cash at the end of each year if nothing is raised; below 0 it would have had to be."""

    def pay(cash, gap):
        return (cash - gap,), cash - gap

    return xp.scan(pay, (cash_usd,), funding_gap_usd_by_year)


def peak_funding_need_usd(balance_usd_by_year, xp):
    """The most that is ever lacking: what must be raised in all by then."""

    def deeper(need, balance):
        return (xp.maximum(need, -1.0 * balance),)

    return xp.fold(deeper, (0.0,), balance_usd_by_year)[0]


def total_committed_usd(committed_usd_by_year, calendar):
    """All committed payments."""
    return committed_usd_by_year.present_value(Profile((1.0,) * calendar.years))


def total_revenue_usd(revenue_usd_by_year, calendar):
    """Revenue of all years."""
    return revenue_usd_by_year.present_value(Profile((1.0,) * calendar.years))


def run_rate_usd_per_year(revenue_usd_per_month, month_per_year):
    """The latest month's revenue times twelve: what is announced as annualised revenue."""
    return revenue_usd_per_month[-1] * month_per_year


def trailing_revenue_usd_per_year(revenue_usd_per_month, month_per_year):
    """Revenue of the latest twelve months."""
    return sum_of(revenue_usd_per_month[-YEAR_MONTHS:]) / YEAR_MONTHS * month_per_year


@no_revenue
def run_rate_factor(run_rate_usd_per_year, trailing_revenue_usd_per_year, xp):
    """The run-rate over the revenue of the latest twelve months: 1 where revenue does not grow."""
    return over(run_rate_usd_per_year, trailing_revenue_usd_per_year, xp)
