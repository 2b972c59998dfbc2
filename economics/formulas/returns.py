"""What the owner earns: NPV, IRR, MIRR, payback, multiple. Written for the project; equity's are
the same formulas on its own flow.
"""

from economics.vocabulary.statuses import NOTHING_PAID, no_outlay
from kernels.language.every_root import every_rate
from kernels.language.flow import flow
from kernels.language.irr import STATUSES, irr
from kernels.language.node import (
    Why,
    above,
    by_year,
    helper,
    inner,
    named,
    one_of,
    signed,
    statuses,
    when,
)
from kernels.language.profile import Profile

PAYBACK: dict[str, str | Why] = {"never": above("never paid back"), "no_outlay": NOTHING_PAID}


@signed
def npv_usd_per_rack(
    it_capex_usd_per_rack,
    residual_usd_per_rack,
    residual_discount_factor,
    operating_flow_usd_per_rack_by_period,
    discount_factor_by_period,
):
    """Net present value at the WACC, after tax, in dollars of time 0, when the capital is spent."""
    start = residual_usd_per_rack * residual_discount_factor - it_capex_usd_per_rack
    return operating_flow_usd_per_rack_by_period.present_value(discount_factor_by_period, start)


@by_year(0)
def project_flow_usd_per_rack_by_year(
    operating_flow_usd_per_rack_by_period,
    it_capex_usd_per_rack,
    residual_usd_per_rack,
    end_factor_by_period,
    calendar,
):
    """Cash by operating year: what is paid at time 0, then what operations leave after tax (to
    equity after debt service too), and the residual at the end.
    """
    whole = operating_flow_usd_per_rack_by_period + flow(
        residual_usd_per_rack, end_factor_by_period
    )
    return Profile((-1.0 * it_capex_usd_per_rack, *whole.grouped(calendar.periods_per_year).values))


@inner
@when(timing="end")
def dates_per_year(calendar):
    """On how many dates of a year money can flow: at each period's end."""
    return calendar.periods_per_year


@inner
@when(timing="mid")
@named("dates_per_year")
def mid_dates_per_year(calendar):
    """On how many dates of a year money can flow: in the middle of each period and at its end."""
    return 2 * calendar.periods_per_year


@inner
@when(timing="end")
def project_flow_usd_per_rack_by_date(
    operating_flow_usd_per_rack_by_period, residual_usd_per_rack, end_factor_by_period
):
    """What the capital buys, date by date."""
    return operating_flow_usd_per_rack_by_period + flow(residual_usd_per_rack, end_factor_by_period)


@inner
@when(timing="mid")
@named("project_flow_usd_per_rack_by_date")
def mid_project_flow_usd_per_rack_by_date(
    operating_flow_usd_per_rack_by_period, residual_usd_per_rack, end_factor_by_period
):
    """What the capital buys, date by date: periods' flows in their middle, the residual at
    the end.
    """
    return operating_flow_usd_per_rack_by_period.spread(2, 0) + flow(
        residual_usd_per_rack, end_factor_by_period.spread(2, 1)
    )


@inner
@when(timing="end")
def discount_factor_by_date(end_discount_factor_by_period):
    """Worth at time 0 of 1 USD on each date, at the WACC."""
    return end_discount_factor_by_period


@inner
@when(timing="mid")
@named("discount_factor_by_date")
def mid_discount_factor_by_date(discount_factor_by_period, end_discount_factor_by_period):
    """Worth at time 0 of 1 USD on each date, at the WACC."""
    pairs = zip(discount_factor_by_period.values, end_discount_factor_by_period.values, strict=True)
    return Profile(worth for pair in pairs for worth in pair)


@inner
def irr_search(it_capex_usd_per_rack, project_flow_usd_per_rack_by_date, dates_per_year, xp):
    """Yearly internal rate of return, its status code and the number of roots."""
    return irr(it_capex_usd_per_rack, project_flow_usd_per_rack_by_date, dates_per_year, xp)


@signed
@statuses(**STATUSES)
@one_of(every_rate, search="irr_search", counted="root_count")
def irr_per_year(irr_search):
    """Internal rate of return a year: the one rate at which the present value falls through 0, if
    it rises through 0 only at rates below that and below 0 %. Rates from -99 % down decide nothing.
    """
    return irr_search[0], irr_search[1]


def root_count(irr_search):
    """How many rates above -99 % a year make the present value 0; one that only touches 0
    counts twice.
    """
    return irr_search[2]


@inner
def gains_search(it_capex_usd_per_rack, project_flow_usd_per_rack_by_date, xp):
    """(gains, losses), undiscounted, netted by date, the capital at time 0 included."""

    def add(got, paid, amount):
        gain, loss = _gain_and_loss(amount, xp)
        return got + gain, paid + loss

    start = _gain_and_loss(-1.0 * it_capex_usd_per_rack, xp)
    return xp.fold(add, start, project_flow_usd_per_rack_by_date)


@inner
def worth_search(
    it_capex_usd_per_rack, project_flow_usd_per_rack_by_date, discount_factor_by_date, xp
):
    """(gains, losses) at time 0, netted by date, the capital at time 0 included."""

    def add(got, paid, amount, worth):
        gain, loss = _gain_and_loss(amount, xp)
        return got + gain * worth, paid + loss * worth

    start = _gain_and_loss(-1.0 * it_capex_usd_per_rack, xp)
    return xp.fold(add, start, project_flow_usd_per_rack_by_date, discount_factor_by_date)


def _gain_and_loss(amount, xp):
    return xp.maximum(amount, 0.0), xp.maximum(-1.0 * amount, 0.0)


@no_outlay
def moic(gains_search, xp):
    """Multiple on invested capital: all that comes in over all that goes out, netted by date,
    undiscounted.
    """
    got, paid = gains_search
    some = paid > 0.0
    return xp.where(some, got / xp.where(some, paid, 1.0), float("nan")), xp.where(some, 0.0, 1.0)


@inner
def investment_years(economic_life_years):
    """From the payment of the capital to the end of the life."""
    return economic_life_years


@signed
@no_outlay
def mirr_per_year(worth_search, investment_years, wacc_per_year, unit_years, xp):
    """Modified internal rate of return a year: outflows financed and inflows reinvested at the
    WACC; -100 % where nothing comes in.
    """
    got, paid = worth_search
    some, gains = paid > 0.0, got > 0.0
    got, paid = xp.where(gains, got, 1.0), xp.where(some, paid, 1.0)
    grows = got > paid
    excess = xp.where(grows, got / paid, paid / got) - 1.0  # no digits are lost near 0 nor far off
    power_years = xp.where(grows, 1.0, -1.0) * (unit_years * unit_years / investment_years)
    growth = xp.compound(excess / unit_years, power_years) * xp.compound(wacc_per_year, 1.0)
    rate = xp.where(gains, growth, 0.0) - 1.0
    return xp.where(some, rate, float("nan")), xp.where(some, 0.0, 1.0)


@helper
def payback(start, spent, flows, worth, residual, residual_worth, calendar, periods_per_year, xp):
    """(years, code): the time after which a cumulative flow stays at or above 0, from `start` on;
    `spent` is whether anything was paid out before.

    Each flow is spread evenly over its period, the residual comes at the end. 0 where the sum never
    falls below 0.
    """

    def pay(total, spent, paid_at, k, amount, factor, end_factor):
        amount = amount * factor
        after = total + amount
        during = (total < 0.0) & (after >= 0.0)
        paid_at = xp.where(
            during, k - 1.0 - total / xp.where(during, amount, 1.0), owing(after, paid_at)
        )
        end = after + residual * end_factor
        at_end = (after < 0.0) & (end >= 0.0)
        spent = xp.where(amount < 0.0, 1.0, spent)
        return end, spent, xp.where(at_end, k, owing(end, paid_at))

    def owing(total, paid_at):
        return xp.where(total < 0.0, float("nan"), paid_at)

    first = (start, xp.where(spent, 1.0, 0.0), owing(start, 0.0))
    _, spent, periods = xp.fold(pay, first, calendar.period, flows, worth, residual_worth)
    never = xp.where(periods == periods, 0.0, 1.0)
    some = spent > 0.0
    years = xp.where(some, periods / periods_per_year, float("nan"))
    return years, xp.where(some, never, 2.0)


@statuses(**PAYBACK)
def payback_years(
    it_capex_usd_per_rack,
    operating_flow_usd_per_rack_by_period,
    residual_usd_per_rack,
    end_factor_by_period,
    calendar,
    periods_per_year,
    xp,
):
    """The time after which the sum of all flows stays at or above 0; each flow is spread evenly
    over its period.
    """
    return payback(
        -1.0 * it_capex_usd_per_rack,
        it_capex_usd_per_rack > 0.0,
        operating_flow_usd_per_rack_by_period,
        Profile((1.0,) * calendar.periods),
        residual_usd_per_rack,
        end_factor_by_period,
        calendar,
        periods_per_year,
        xp,
    )


@statuses(**PAYBACK)
def discounted_payback_years(
    it_capex_usd_per_rack,
    operating_flow_usd_per_rack_by_period,
    residual_usd_per_rack,
    end_factor_by_period,
    discount_factor_by_period,
    end_discount_factor_by_period,
    calendar,
    periods_per_year,
    xp,
):
    """The time after which the sum of all discounted flows stays at or above 0; each is spread
    evenly over its period.
    """
    return payback(
        -1.0 * it_capex_usd_per_rack,
        it_capex_usd_per_rack > 0.0,
        operating_flow_usd_per_rack_by_period,
        discount_factor_by_period,
        residual_usd_per_rack,
        end_factor_by_period * end_discount_factor_by_period,
        calendar,
        periods_per_year,
        xp,
    )
