"""A program of spending, a lot of equipment a year: what the books write off in each calendar year,
by one method and by another.
"""

from typing import Annotated as A

from msgspec import Meta, Struct

from economics.formulas.depreciation import (
    Bonus,
    Custom,
    DecliningBalance,
    Macrs,
    StraightLine,
    SumOfYears,
)
from economics.vocabulary.bounds import Amount, FractionBelowOne, PositiveFactor
from economics.vocabulary.header import About, is_
from kernels.language.flow import flow
from kernels.language.node import by_year, renamed
from kernels.language.profile import Profile, pad, sum_of

Spending = A[tuple[Amount, ...], Meta(min_length=1, max_length=100)]
Lasting = StraightLine | SumOfYears | DecliningBalance | Macrs | Custom | Bonus


class Program(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is spent at the start of each year, how it is written off, and what it must earn."""

    spend_usd: A[
        Spending | None,
        is_("spending by year, each at the start of its year; written off from that year"),
    ] = None
    spend_factor: A[PositiveFactor, is_("by what all spending is multiplied")] = 1.0
    book_depreciation: A[
        Lasting | None, is_("method of the books, by year since the spending; not by use")
    ] = None
    compared_depreciation: A[Lasting | None, is_("another method to compare with")] = None
    operating_cost_usd_per_year: A[Amount, is_("cost of each year beside depreciation")] = 0.0
    target_margin_fraction: A[
        FractionBelowOne | None,
        is_("share of revenue to be left after depreciation and operating cost"),
    ] = None


class ProgramScenario(
    About, tag="program", tag_field="model", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """A program of spending and its depreciation."""

    program: A[Program, is_("spending by year, and how it is written off")] = Program()


TABLES: dict[str, tuple[type[Struct], ...]] = {"program": (Program,)}
TARGETS = ("total_spend_usd", "book_depreciation_usd_by_year", "book_value_usd_by_year")
IF_STATED = {
    "compared_depreciation": ("compared_depreciation_usd_by_year", "understatement_usd_by_year"),
    "target_margin_fraction": ("revenue_needed_usd_by_year", "peak_revenue_needed_usd_per_year"),
}


def total_spend_usd(spend_usd, spend_factor):
    """All that is spent."""
    return sum_of(spend_usd) * spend_factor


@by_year(1)
def spend_usd_by_year(spend_usd, spend_factor, calendar):
    """Spending of each calendar year, at its start."""
    return flow(spend_factor, pad(spend_usd, calendar.years))


@by_year(1)
def book_depreciation_usd_by_year(spend_usd, spend_factor, book_depreciation, calendar, xp):
    """What the books write off in each calendar year: each year's spending by the method, from that
    year on.
    """
    fractions = book_depreciation.fractions(calendar.year, calendar.year_start, None, xp).values
    spent = pad(spend_usd, calendar.years).values
    return flow(
        spend_factor,
        Profile(
            sum_of(spent[k] * fractions[year - k] for k in range(year + 1))
            for year in range(calendar.years)
        ),
    )


COMPARED = (
    renamed(
        book_depreciation_usd_by_year,
        {
            "book_depreciation_usd_by_year": "compared_depreciation_usd_by_year",
            "book_depreciation": "compared_depreciation",
        },
        "What the method compared with would write off in each calendar year.",
    ),
)


@by_year(1)
def understatement_usd_by_year(compared_depreciation_usd_by_year, book_depreciation_usd_by_year):
    """What the books write off less than by the method compared with; below 0 they write
    off more.
    """
    return compared_depreciation_usd_by_year - book_depreciation_usd_by_year


@by_year(1)
def cumulative_understatement_usd_by_year(understatement_usd_by_year, xp):
    """What the books have written off less than by the method compared with, up to the end of each
    year.
    """

    def add(so_far, amount):
        return (so_far + amount,), so_far + amount

    return xp.scan(add, (0.0,), understatement_usd_by_year)


@by_year(1)
def book_value_usd_by_year(spend_usd_by_year, book_depreciation_usd_by_year, xp):
    """What is not yet written off at the end of each calendar year."""

    def carry(book, spent, written):
        return (book + spent - written,), book + spent - written

    return xp.scan(carry, (0.0,), spend_usd_by_year, book_depreciation_usd_by_year)


@by_year(1)
def revenue_needed_usd_by_year(
    book_depreciation_usd_by_year,
    operating_cost_usd_per_year,
    target_margin_fraction,
    unit_years,
    calendar,
):
    """Revenue of each year that leaves the target margin after depreciation and operating cost."""
    cost = flow(operating_cost_usd_per_year * unit_years, Profile((1.0,) * calendar.years))
    return (book_depreciation_usd_by_year + cost) * (1.0 / (1.0 - target_margin_fraction))


def peak_revenue_needed_usd_per_year(revenue_needed_usd_by_year, unit_years, xp):
    """The most revenue that any year needs."""

    def higher(most, needed):
        return (xp.maximum(most, needed),)

    return xp.fold(higher, (0.0,), revenue_needed_usd_by_year)[0] / unit_years
