"""Whether cash covers the debt: cash available for debt service (CFADS), DSCR by operating year,
LLCR, PLCR, and for how long the debt is owed.
"""

from economics.formulas.cost import over
from economics.formulas.debt import ON_A_SCHEDULE
from economics.vocabulary.statuses import no_debt
from kernels.language.flow import as_flow
from kernels.language.node import by_year, helper, inner, named, when
from kernels.language.profile import sum_of

NO_SERVICE = {"no_service": "no debt service is due"}


@inner
def cfads_usd_per_rack_by_period(ebitda_usd_per_rack_by_period):
    """Cash available for debt service (CFADS) in each period: ebitda."""
    return ebitda_usd_per_rack_by_period


@by_year(1)
def cfads_usd_per_rack_by_year(cfads_usd_per_rack_by_period, calendar):
    """Cash available for debt service (CFADS) in each operating year, before tax: ebitda less any
    component replacement.
    """
    return cfads_usd_per_rack_by_period.grouped(calendar.periods_per_year)


@by_year(1)
def after_tax_cfads_usd_per_rack_by_year(cfads_usd_per_rack_by_year, tax_usd_per_rack_by_year):
    """Cash available for debt service (CFADS) in each operating year, after tax."""
    return cfads_usd_per_rack_by_year - tax_usd_per_rack_by_year


@helper
def service_cover(cash, service, xp):
    """Cash over service, NaN where there is none."""

    def divide(cash, service):
        due = service > 0.0
        return (), xp.where(due, cash / xp.where(due, service, 1.0), float("nan"))

    return xp.scan(divide, (), cash, service)


@by_year(1, **NO_SERVICE)
@when(amortisation=ON_A_SCHEDULE)
def dscr_by_year(
    cfads_usd_per_rack_by_period,
    debt_service_usd_per_rack_by_period,
    due_factor_by_period,
    calendar,
    xp,
):
    """Debt service cover ratio (DSCR) of each operating year: CFADS of its periods within the
    tenor, over their service. No residual.
    """
    m = calendar.periods_per_year
    cash = cfads_usd_per_rack_by_period.masked(due_factor_by_period).grouped(m)
    return service_cover(cash, debt_service_usd_per_rack_by_period.grouped(m), xp)


@inner
@when(amortisation="sculpted")
def sculpted_dscr(target_dscr, sculpted_debt_usd_per_rack, debt_usd_per_rack, xp):
    """What sculpted service is covered by while CFADS is not below 0: the target, times what it
    would repay over what is lent.

    One number for all years, so that none misses the target by a rounding.
    """
    some = debt_usd_per_rack > 0.0
    return target_dscr * (sculpted_debt_usd_per_rack / xp.where(some, debt_usd_per_rack, 1.0))


@inner
@when(amortisation="sculpted")
def shortfall_factor_by_period(cfads_usd_per_rack_by_period, due_factor_by_period, xp):
    """1 in the periods of the tenor whose CFADS is below 0, else 0."""

    def fall_short(cash, due):
        return (), xp.where((due > 0.0) & (cash < 0.0), 1.0, 0.0)

    return xp.scan(fall_short, (), cfads_usd_per_rack_by_period, due_factor_by_period)


@by_year(1, **NO_SERVICE)
@when(amortisation="sculpted")
@named("dscr_by_year")
def sculpted_dscr_by_year(
    cfads_usd_per_rack_by_period,
    debt_service_usd_per_rack_by_period,
    due_factor_by_period,
    shortfall_factor_by_period,
    sculpted_dscr,
    calendar,
    xp,
):
    """Debt service cover ratio (DSCR) of each operating year: CFADS of its periods within the
    tenor, over their service. No residual.

    What the loan was sculpted to, but in years that have a period with CFADS below 0.
    """
    as_it_comes = dscr_by_year(
        cfads_usd_per_rack_by_period,
        debt_service_usd_per_rack_by_period,
        due_factor_by_period,
        calendar,
        xp,
    )

    def choose(cover, short):
        return (), xp.where((short > 0.0) | (cover != cover), cover, sculpted_dscr)

    short = shortfall_factor_by_period.grouped(calendar.periods_per_year)
    return xp.scan(choose, (), as_it_comes, short)


@by_year(1, **NO_SERVICE)
def after_tax_dscr_by_year(
    dscr_by_year,
    tax_usd_per_rack_by_period,
    debt_service_usd_per_rack_by_period,
    due_factor_by_period,
    calendar,
    xp,
):
    """Debt service cover ratio (DSCR) of each operating year after tax: CFADS less tax of its
    periods within the tenor, over their service.
    """
    m = calendar.periods_per_year
    tax = tax_usd_per_rack_by_period.masked(due_factor_by_period).grouped(m)
    return dscr_by_year - service_cover(tax, debt_service_usd_per_rack_by_period.grouped(m), xp)


@no_debt
def min_dscr(dscr_by_year, xp):
    """Least debt service cover ratio (DSCR) of any operating year with service."""

    def lower(least, cover):
        return (xp.where(cover < least, cover, least),)

    (least,) = xp.fold(lower, (float("inf"),), dscr_by_year)
    some = least < float("inf")
    return xp.where(some, least, float("nan")), xp.where(some, 0.0, 1.0)


@no_debt
def mean_dscr(dscr_by_year, min_dscr, xp):
    """Mean debt service cover ratio (DSCR) of the operating years with service."""

    def add(above, years, cover):
        some = cover == cover
        return above + xp.where(some, cover - min_dscr, 0.0), years + xp.where(some, 1.0, 0.0)

    above, code = over(*xp.fold(add, (0.0, 0.0), dscr_by_year), xp)
    return min_dscr + above, code  # from the least up: the mean of equal ones is that one


@no_debt
@when(amortisation=ON_A_SCHEDULE)
def llcr(
    cfads_usd_per_rack_by_period,
    due_factor_by_period,
    loan_discount_factor_by_period,
    debt_usd_per_rack,
    xp,
):
    """Loan life cover ratio (LLCR): present value of CFADS over the tenor at the loan's rate, over
    the debt, at the start of operations.
    """
    worth = cfads_usd_per_rack_by_period.masked(due_factor_by_period).present_value(
        loan_discount_factor_by_period
    )
    return over(worth, debt_usd_per_rack, xp)


@no_debt
@when(amortisation="sculpted")
@named("llcr")
def sculpted_llcr(
    cfads_usd_per_rack_by_period,
    due_factor_by_period,
    loan_discount_factor_by_period,
    debt_usd_per_rack,
    shortfall_factor_by_period,
    sculpted_dscr,
    xp,
):
    """Loan life cover ratio (LLCR): present value of CFADS over the tenor at the loan's rate, over
    the debt, at the start of operations.

    What the loan was sculpted to, unless a period of the tenor has CFADS below 0.
    """
    as_it_comes, code = llcr(
        cfads_usd_per_rack_by_period,
        due_factor_by_period,
        loan_discount_factor_by_period,
        debt_usd_per_rack,
        xp,
    )
    held = (code == 0.0) & (sum_of(shortfall_factor_by_period.values) == 0.0)
    return xp.where(held, sculpted_dscr, as_it_comes), code


@no_debt
def plcr(
    llcr,
    cfads_usd_per_rack_by_period,
    due_factor_by_period,
    loan_rate_factor,
    debt_usd_per_rack,
    calendar,
    xp,
):
    """Project life cover ratio (PLCR): present value of CFADS over the life at the loan's rate,
    over the debt, at the start of operations.
    """
    later = cfads_usd_per_rack_by_period.masked(1.0 - due_factor_by_period)
    worth = later.present_value(calendar.powers(1.0 / (1.0 + loan_rate_factor)))
    covered, code = over(worth, debt_usd_per_rack, xp)
    return llcr + covered, code


@no_debt
def debt_average_life_years(
    principal_usd_per_rack_by_period, debt_usd_per_rack, calendar, periods_per_year, xp
):
    """How long a dollar of the debt is owed on average, from the start of operations."""
    weighted = as_flow(principal_usd_per_rack_by_period).present_value(calendar.period)
    return over(weighted / periods_per_year, debt_usd_per_rack, xp)
