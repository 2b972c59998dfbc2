"""What the rack is worth over its life: in the books, for tax, and in use."""

from economics.formulas.debt import balances
from economics.formulas.depreciation import Use, within
from kernels.language.flow import flow
from kernels.language.node import by_year, helper, named, signed, statuses, when, whole_years
from kernels.language.profile import Profile


@when(book_depreciation=("method", "by_use"))
def book_depreciable_usd_per_rack(it_capex_usd_per_rack):
    """The basis that book depreciation is a fraction of: the rack's capital."""
    return it_capex_usd_per_rack


@when(book_depreciation="default")
@named("book_depreciable_usd_per_rack")
def default_book_depreciable_usd_per_rack(it_capex_usd_per_rack, residual_usd_per_rack):
    """The basis that book depreciation is a fraction of: the rack's capital less its residual."""
    return it_capex_usd_per_rack - residual_usd_per_rack


@by_year(1)
@when(book_depreciation="default")
def book_depreciation_fraction_by_year(calendar, economic_life_years, xp):
    """Book depreciation of each operating year as a fraction of its basis: the same every year of
    the economic life.
    """
    return within(calendar.year, calendar.year_start, economic_life_years, xp) / economic_life_years


@by_year(1)
@when(book_depreciation="method")
@named("book_depreciation_fraction_by_year")
def method_book_depreciation_fraction_by_year(calendar, book_depreciation, economic_life_years, xp):
    """Book depreciation of each operating year as a fraction of its basis, by the stated method,
    within the economic life.
    """
    fractions = book_depreciation.fractions(calendar.year, calendar.year_start, None, xp)
    return owned(fractions, calendar, economic_life_years, xp)


@by_year(1)
@when(book_depreciation="by_use")
@named("book_depreciation_fraction_by_year")
def used_book_depreciation_fraction_by_year(
    calendar, book_depreciation, ramp_years, sold_gpu_hour_per_rack_year, economic_life_years, xp
):
    """Book depreciation of each operating year as a fraction of its basis, by use, within the
    economic life.
    """
    use = Use(ramp_years, sold_gpu_hour_per_rack_year)
    return owned(
        book_depreciation.fractions(calendar.year, calendar.year_start, use, xp),
        calendar,
        economic_life_years,
        xp,
    )


@helper
def owned(fractions, calendar, economic_life_years, xp):
    """The fractions of the years that begin within the economic life."""
    return fractions.map(
        lambda fraction, start: xp.where(economic_life_years > start, fraction, 0.0),
        calendar.year_start,
    )


@by_year(1)
def book_depreciation_usd_per_rack_by_year(
    book_depreciable_usd_per_rack, book_depreciation_fraction_by_year
):
    """Book depreciation in each operating year, before any write-off at the end."""
    return flow(book_depreciable_usd_per_rack, book_depreciation_fraction_by_year)


@whole_years
@by_year(1)
def book_depreciation_usd_per_rack_year(book_depreciation_usd_per_rack_by_year, unit_years):
    """Yearly book depreciation by operating year, before any write-off at the end."""
    return book_depreciation_usd_per_rack_by_year * (1.0 / unit_years)


@whole_years
@by_year(0)
def book_value_usd_per_rack(it_capex_usd_per_rack, book_depreciation_usd_per_rack_by_year, xp):
    """Capital not yet depreciated, at time 0 and at the end of each operating year; at the last
    before its write-off.
    """

    def write_off(book, amount):
        return (book - amount,), book - amount

    return balances(
        it_capex_usd_per_rack,
        xp.scan(write_off, (it_capex_usd_per_rack,), book_depreciation_usd_per_rack_by_year),
    )


@signed
def book_write_off_usd_per_rack(
    it_capex_usd_per_rack,
    book_depreciable_usd_per_rack,
    book_depreciation_fraction_by_year,
    residual_usd_per_rack,
):
    """What is written off at the end of the economic life: the basis left less the residual (below
    0: a gain).
    """
    written = Profile(book_depreciation_fraction_by_year.values).dot(
        Profile((1.0,) * len(book_depreciation_fraction_by_year.values))
    )
    return it_capex_usd_per_rack - book_depreciable_usd_per_rack * written - residual_usd_per_rack


@whole_years
@by_year(0)
def economic_value_usd_per_rack(
    ebitda_usd_per_rack_by_year,
    residual_usd_per_rack,
    economic_life_years,
    wacc_per_year,
    calendar,
    xp,
):
    """Value in use at time 0 and at each year's end: next year's ebitda and value, discounted a
    year at the WACC, before tax.

    Never below the residual: the owner may scrap the rack at any year's end.
    """
    yearly = xp.compound(wacc_per_year, 1.0)
    backward = Profile(reversed(ebitda_usd_per_rack_by_year.values))

    def before(value, ebitda, start):
        kept = xp.maximum(residual_usd_per_rack, (ebitda + value) / yearly)
        value = xp.where(economic_life_years > start, kept, residual_usd_per_rack)
        return (value,), value

    values = xp.scan(
        before, (residual_usd_per_rack,), backward, Profile(reversed(calendar.year_start.values))
    )
    return Profile((*reversed(values.values), residual_usd_per_rack))


@whole_years
@by_year(1)
def economic_depreciation_usd_per_rack_year(economic_value_usd_per_rack, unit_years):
    """What the rack's value in use loses in each operating year."""
    before, after = (
        Profile(economic_value_usd_per_rack.values[:-1]),
        Profile(economic_value_usd_per_rack.values[1:]),
    )
    return (before - after) * (1.0 / unit_years)


@whole_years
@by_year(0)
def impairment_gap_usd_per_rack(book_value_usd_per_rack, economic_value_usd_per_rack):
    """Book value less value in use, at time 0 and at each year's end; below 0 the rack is worth
    more than its book.

    A gap, not an impairment charge: accounting standards test otherwise (undiscounted or pre-tax
    cash flows, groups of assets).
    """
    return book_value_usd_per_rack - economic_value_usd_per_rack


@statuses(not_within_life="not within the economic life")
def retirement_age_years(ebitda_usd_per_rack_by_year, economic_life_years, calendar, xp):
    """The last operating year whose ebitda is not below 0; 0 if there is none, no answer if it is
    the last of the life.
    """

    def look(age, ebitda, year, start):
        return (xp.where((ebitda >= 0.0) & (economic_life_years > start), year, age),)

    (age,) = xp.fold(look, (0.0,), ebitda_usd_per_rack_by_year, calendar.year, calendar.year_start)
    beyond = age >= economic_life_years
    return xp.where(beyond, float("nan"), age), xp.where(beyond, 1.0, 0.0)
