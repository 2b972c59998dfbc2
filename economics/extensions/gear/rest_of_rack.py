"""A rack some of whose components have a life of their own: the rest of it, and the whole."""

from economics.formulas import value
from economics.formulas.depreciation import within
from economics.formulas.statement import BEFORE_TAX
from kernels.language.flow import flow
from kernels.language.node import (
    by_year,
    inner,
    named,
    taken_from,
    when,
    whole_years,
)
from kernels.language.profile import Profile


def main_capex_usd_per_rack(it_capex_usd_per_rack, component_capex_usd_per_rack):
    """Capital spent at time 0 on what has no life of its own."""
    return it_capex_usd_per_rack - component_capex_usd_per_rack


def main_residual_usd_per_rack(
    residual_fraction, equipment_price_usd_per_rack, component_residual_usd_per_rack
):
    """What is received at the end of the economic life for what has no life of its own."""
    return residual_fraction * equipment_price_usd_per_rack - component_residual_usd_per_rack


@by_year(0)
def scrap_value_usd_per_rack(component_value_usd_per_rack, main_residual_usd_per_rack):
    """What the rack could be sold for at time 0 and at each year's end: components with a
    life of their own at straight-line value.
    """
    return component_value_usd_per_rack + main_residual_usd_per_rack


def residual_usd_per_rack(scrap_value_usd_per_rack):
    """What the rack is sold for at the end of its economic life, components with a life of their
    own at straight-line value.
    """
    return scrap_value_usd_per_rack.values[-1]


@by_year(1)
@taken_from(BEFORE_TAX)
@when(components="none")
@named("renewal_usd_per_rack_by_year")
def no_renewal(calendar):
    """Cost of component replacement in each operating year: 0 if no component has its own life."""
    return Profile((0.0,) * calendar.years)


@by_year(1)
@taken_from(BEFORE_TAX)
def renewal_usd_per_rack_by_year(renewal_usd_per_rack_by_period, calendar):
    """Cost of component replacement in each operating year."""
    return renewal_usd_per_rack_by_period.grouped(calendar.periods_per_year)


@inner
def cfads_usd_per_rack_by_period(ebitda_usd_per_rack_by_period, renewal_usd_per_rack_by_period):
    """Cash available for debt service (CFADS) in each period: ebitda less component replacement."""
    return ebitda_usd_per_rack_by_period - renewal_usd_per_rack_by_period


@inner
def paid_expense_usd_per_rack_by_period(
    operating_expense_usd_per_rack_by_period, renewal_usd_per_rack_by_period
):
    """All running cost of each period, and its component replacement."""
    return operating_expense_usd_per_rack_by_period + renewal_usd_per_rack_by_period


@by_year(1)
def component_depreciation_usd_per_rack_by_year(
    component_depreciation_usd_per_rack_year, economic_life_years, calendar, xp
):
    """Depreciation of components with a life of their own in each operating year: one of each is
    always in service.
    """
    return flow(
        component_depreciation_usd_per_rack_year,
        within(calendar.year, calendar.year_start, economic_life_years, xp),
    )


@by_year(1)
def book_depreciation_usd_per_rack_by_year(
    book_depreciable_usd_per_rack,
    book_depreciation_fraction_by_year,
    component_depreciation_usd_per_rack_by_year,
):
    """Book depreciation in each operating year, before any write-off at the end: of the rack, and
    of components with a life of their own.
    """
    main = value.book_depreciation_usd_per_rack_by_year(
        book_depreciable_usd_per_rack, book_depreciation_fraction_by_year
    )
    return main + component_depreciation_usd_per_rack_by_year


@whole_years
@by_year(0)
def book_value_usd_per_rack(
    it_capex_usd_per_rack, book_depreciation_usd_per_rack_by_year, renewal_usd_per_rack_by_year, xp
):
    """Capital not yet depreciated, replaced components included, at time 0 and at each year's end;
    at the last before its write-off.
    """
    lost = book_depreciation_usd_per_rack_by_year - renewal_usd_per_rack_by_year
    return value.book_value_usd_per_rack(it_capex_usd_per_rack, lost, xp)


@whole_years
@by_year(0)
def economic_value_usd_per_rack(
    ebitda_usd_per_rack_by_year,
    renewal_usd_per_rack_by_year,
    scrap_value_usd_per_rack,
    economic_life_years,
    wacc_per_year,
    calendar,
    xp,
):
    """Value in use at time 0 and at each year's end: next year's ebitda less component
    replacement, and value, discounted at the WACC, before tax.

    Never below what the rack could be sold for: the owner may scrap it at any year's end.
    """
    yearly = xp.compound(wacc_per_year, 1.0)
    earned = (ebitda_usd_per_rack_by_year - renewal_usd_per_rack_by_year).values
    *scraps, last = scrap_value_usd_per_rack.values

    def before(value, earned, scrap, start):
        value = xp.where(
            economic_life_years > start, xp.maximum(scrap, (earned + value) / yearly), last
        )
        return (value,), value

    years = (earned, scraps, calendar.year_start.values)
    values = xp.scan(before, (last,), *(Profile(reversed(one)) for one in years))
    return Profile((*reversed(values.values), last))
