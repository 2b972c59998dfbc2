"""The shape in time of each line of the cash flow: life, ramp, growth, price path. Powers and masks
live here and in `debt`.

A profile `..._years_by_period` says how many years' worth of a yearly amount falls in a period.
"""

from kernels.language.node import helper, inner, named, when
from kernels.language.profile import Profile


@inner
def life_period(economic_life_years, periods_per_year):
    """How many periods the economic life has."""
    return economic_life_years * periods_per_year


@inner
def operating_years_by_period(calendar, life_period, periods_per_year, xp):
    """The length of each period within the life, 0 after it."""
    return calendar.period.map(
        lambda k: xp.where(life_period >= k - 0.5, 1.0 / periods_per_year, 0.0)
    )


@inner
def end_factor_by_period(calendar, life_period, xp):
    """1 in the last period of the life, else 0."""
    return calendar.period.map(
        lambda k: xp.where((life_period >= k - 0.5) & (life_period < k + 0.5), 1.0, 0.0)
    )


@inner
def tax_share_factor_by_period(calendar, end_factor_by_period, life_period, xp):
    """The share of its operating year's tax that each period pays: equal ones in the last period of
    each instalment's part of the year; a year that the life cuts short ends with it.
    """
    if calendar.whole_years:
        return calendar.part_end * (1.0 / calendar.parts_per_year)

    def mark(k, ends_part, ends_life):
        return xp.where(life_period >= k - 0.5, xp.maximum(ends_part, ends_life), 0.0)

    def share(marked, dates):
        return marked / xp.where(dates > 0.0, dates, 1.0)

    dates = calendar.period.map(mark, calendar.part_end, end_factor_by_period)
    return dates.map(share, calendar.by_period(dates.grouped(calendar.periods_per_year)))


@inner
def ramp_factor_by_period(calendar, ramp_years, periods_per_year, xp):
    """Average over each period of a linear ramp from 0 to 1."""
    width = 1.0 / periods_per_year

    def lost(time_years):
        return lost_years(time_years, ramp_years, xp)

    return calendar.period.map(lambda k: 1.0 - (lost(k * width) - lost((k - 1.0) * width)) / width)


@helper
def lost_years(time_years, ramp_years, xp):
    """Years of use that a linear ramp from 0 has cost up to a time since the start."""
    inside = xp.minimum(time_years, ramp_years)
    return inside - inside * inside / (2.0 * xp.where(ramp_years > 0.0, ramp_years, 1.0))


@inner
def sold_years_by_period(operating_years_by_period, ramp_factor_by_period):
    """Years of full use in each period."""
    return operating_years_by_period * ramp_factor_by_period


@inner
@when(price="decline")
def price_factor_by_period(calendar, price_decline_per_year, xp):
    """Price of a period over that of year 1: falling by whole operating year."""
    return calendar.growth(xp.compound(-1.0 * price_decline_per_year, 1.0))


@inner
@when(price="path")
@named("price_factor_by_period")
def path_price_factor_by_period(calendar, price_path_usd_per_gpu_hour, xp):
    """Price of a period over the first: the stated path by year, its last value held, or by period
    where it has more values than there are years.
    """
    path = tuple(price_path_usd_per_gpu_hour)
    first = first_price(path, xp)
    held = Profile(price / first for price in (*path, *(path[-1],) * calendar.years))
    if len(path) > calendar.years:
        return Profile(held.values[: calendar.periods])
    return calendar.by_period(held)


@when(price="path")
def rental_price_usd_per_gpu_hour(price_path_usd_per_gpu_hour, xp):
    """Price of a sold GPU-hour at first: the first of the path that is above 0, behind a time that
    is free.
    """
    return first_price(price_path_usd_per_gpu_hour, xp)


@helper
def first_price(path, xp):
    """The first price of a path that is above 0."""
    *others, found = path
    for price in reversed(others):
        found = xp.where(price > 0.0, price, found)
    return found


@inner
def sales_years_by_period(price_factor_by_period, sold_years_by_period):
    """Years of full use in each period, at year-1 prices."""
    return price_factor_by_period * sold_years_by_period


@inner
def electricity_years_by_period(
    calendar, electricity_escalation_per_year, operating_years_by_period, xp
):
    """The length of each period, at year-1 electricity prices."""
    return (
        calendar.growth(xp.compound(electricity_escalation_per_year, 1.0))
        * operating_years_by_period
    )


@inner
def sold_electricity_years_by_period(electricity_years_by_period, ramp_factor_by_period):
    """Years of full use in each period, at year-1 electricity prices."""
    return electricity_years_by_period * ramp_factor_by_period


@inner
def opex_years_by_period(calendar, opex_escalation_per_year, operating_years_by_period, xp):
    """The length of each period, at year-1 prices of what escalates with opex."""
    return calendar.growth(xp.compound(opex_escalation_per_year, 1.0)) * operating_years_by_period


@inner
def sold_opex_years_by_period(opex_years_by_period, ramp_factor_by_period):
    """Years of full use in each period, at year-1 prices of what escalates with opex."""
    return opex_years_by_period * ramp_factor_by_period
