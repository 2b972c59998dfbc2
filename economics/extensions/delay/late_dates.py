"""Dates and paybacks counted from the payment of the capital, where operations begin later."""

from economics.formulas import returns
from kernels.language.node import (
    inner,
    statuses,
)
from kernels.language.profile import Profile


def _shifted(series, before, calendar, delay_period, dates, xp):
    """A series from the start of operations, `dates` values a period, as one from time 0:
    `before(k)` at the k-th date of the delay.
    """
    values = series.values

    def after(k, delay):
        place = k - delay * dates
        return values[place] if 0 <= place < len(values) else 0.0

    def at(k):
        first, *others = calendar.delays
        value = after(k, first)
        for delay in others:
            value = xp.where(delay_period > delay - 0.5, after(k, delay), value)
        return (
            xp.where(delay_period * dates > k + 0.5, before(k), value)
            if k < calendar.delays[-1] * dates
            else value
        )

    return Profile(at(k) for k in range(len(values) + calendar.delays[-1] * dates))


@inner
def project_flow_usd_per_rack_by_date(
    undelayed_project_flow_usd_per_rack_by_date,
    delay_cost_usd_per_rack_year,
    delay_period,
    dates_per_year,
    periods_per_year,
    calendar,
    xp,
):
    """What the outlay buys, date by date from time 0: rent during the delay, then what operations
    leave.
    """
    dates, paid = (
        dates_per_year // calendar.periods_per_year,
        -1.0 * (delay_cost_usd_per_rack_year / periods_per_year),
    )
    series = undelayed_project_flow_usd_per_rack_by_date
    return _shifted(series, lambda k: 0.0 if k % dates else paid, calendar, delay_period, dates, xp)


@inner
def discount_factor_by_date(
    undelayed_discount_factor_by_date,
    wacc_per_year,
    delay_period,
    dates_per_year,
    periods_per_year,
    calendar,
    xp,
):
    """Worth at time 0 of 1 USD on each date, at the WACC."""
    dates = dates_per_year // calendar.periods_per_year

    def worth(k):
        return xp.compound(wacc_per_year, -1.0 * (k + 1) / dates / periods_per_year)

    return _shifted(undelayed_discount_factor_by_date, worth, calendar, delay_period, dates, xp)


def _since_outlay(years, code, delay_years, xp):
    """A payback counted from the start of operations as one from time 0, and its code: where
    nothing is owed, that is so from time 0 on.
    """
    return xp.where(years == 0.0, 0.0, years + delay_years), code


@statuses(**returns.PAYBACK)
def payback_years(
    project_outlay_usd_per_rack,
    start_cost_usd_per_rack,
    operating_flow_usd_per_rack_by_period,
    residual_usd_per_rack,
    end_factor_by_period,
    calendar,
    periods_per_year,
    delay_years,
    xp,
):
    """The time after which the sum of all flows stays at or above 0, counted from time 0; each flow
    is spread evenly over its period.
    """
    years, code = returns.payback(
        -1.0 * start_cost_usd_per_rack,
        (project_outlay_usd_per_rack > 0.0)
        | (start_cost_usd_per_rack > project_outlay_usd_per_rack),
        operating_flow_usd_per_rack_by_period,
        Profile((1.0,) * calendar.periods),
        residual_usd_per_rack,
        end_factor_by_period,
        calendar,
        periods_per_year,
        xp,
    )
    return _since_outlay(years, code, delay_years, xp)


@statuses(**returns.PAYBACK)
def discounted_payback_years(
    project_outlay_usd_per_rack,
    start_worth_usd_per_rack,
    operating_flow_usd_per_rack_by_period,
    residual_usd_per_rack,
    end_factor_by_period,
    discount_factor_by_period,
    end_discount_factor_by_period,
    calendar,
    periods_per_year,
    delay_years,
    xp,
):
    """The time after which the sum of all discounted flows stays at or above 0, counted from time
    0; each is spread evenly over its period.
    """
    years, code = returns.payback(
        -1.0 * start_worth_usd_per_rack,
        (project_outlay_usd_per_rack > 0.0)
        | (start_worth_usd_per_rack > project_outlay_usd_per_rack),
        operating_flow_usd_per_rack_by_period,
        discount_factor_by_period,
        residual_usd_per_rack,
        end_factor_by_period * end_discount_factor_by_period,
        calendar,
        periods_per_year,
        xp,
    )
    return _since_outlay(years, code, delay_years, xp)
