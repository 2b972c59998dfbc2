"""Dates and paybacks counted from the payment of the capital, where operations begin later."""

from economics.formulas import returns
from economics.vocabulary.statuses import never
from kernels.language.node import (
    inner,
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


def _unless_free(outlay, years, code, xp):
    """A payback and its code: at once where nothing is paid at time 0, for the sum of flows is not
    below 0 there.
    """
    paid = outlay > 0.0
    return xp.where(paid, years, 0.0), xp.where(paid, code, 0.0)


@never
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
    """When the flows have returned, for the first time, all that was paid before operations;
    counted from time 0, 0 without an outlay.
    """
    years, code = returns.payback_years(
        start_cost_usd_per_rack,
        operating_flow_usd_per_rack_by_period,
        residual_usd_per_rack,
        end_factor_by_period,
        calendar,
        periods_per_year,
        xp,
    )
    return _unless_free(project_outlay_usd_per_rack, years + delay_years, code, xp)


@never
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
    """When the discounted flows have returned, for the first time, all that was paid before
    operations; counted from time 0.
    """
    years, code = returns.discounted_payback_years(
        start_worth_usd_per_rack,
        operating_flow_usd_per_rack_by_period,
        residual_usd_per_rack,
        end_factor_by_period,
        discount_factor_by_period,
        end_discount_factor_by_period,
        calendar,
        periods_per_year,
        xp,
    )
    return _unless_free(project_outlay_usd_per_rack, years + delay_years, code, xp)
