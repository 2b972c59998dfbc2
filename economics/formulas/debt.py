"""The loan: how much is drawn at time 0, and what is paid on it. Loan rates are nominal, rate / m a
period.
"""

from economics.formulas.statement import EQUITY_FLOW
from kernels.language.flow import flow
from kernels.language.node import by_year, helper, inner, named, taken_from, when

ON_A_SCHEDULE = ("level", "straight", "bullet")


def debt_tenor_years(economic_life_years):
    """Years over which the loan is repaid: the economic life where none are stated."""
    return economic_life_years


@inner
def loan_rate_factor(debt_rate_per_year, periods_per_year):
    """Interest of a period on 1 USD owed at its start."""
    return debt_rate_per_year / periods_per_year


@inner
def due_factor_by_period(calendar, debt_tenor_years, periods_per_year, xp):
    """1 in the periods in which debt is served, else 0."""
    return calendar.period.map(
        lambda k: xp.where(debt_tenor_years * periods_per_year >= k - 0.5, 1.0, 0.0)
    )


@inner
def loan_discount_factor_by_period(calendar, due_factor_by_period, loan_rate_factor, xp):
    """Worth at time 0 of 1 USD at the end of a period of the tenor, at the loan's rate; 0 after the
    tenor.
    """
    worth = calendar.powers(1.0 / (1.0 + loan_rate_factor))
    return worth.map(lambda value, due: xp.where(due > 0.0, value, 0.0), due_factor_by_period)


@inner
@when(amortisation="level")
def principal_factor_by_period(
    due_factor_by_period, loan_discount_factor_by_period, loan_rate_factor, xp
):
    """Principal repaid in each period on a loan of 1: equal payments of interest and principal."""
    payment = 1.0 / due_factor_by_period.dot(loan_discount_factor_by_period)

    def pay(balance, due):
        principal = due * (payment - balance * loan_rate_factor)
        return (balance - principal,), principal

    return xp.scan(pay, (1.0,), due_factor_by_period)


@inner
@when(amortisation="straight")
@named("principal_factor_by_period")
def straight_principal_factor_by_period(due_factor_by_period, debt_tenor_years, periods_per_year):
    """Principal repaid in each period on a loan of 1: the same in each."""
    return due_factor_by_period * (1.0 / (debt_tenor_years * periods_per_year))


@inner
@when(amortisation="bullet")
@named("principal_factor_by_period")
def bullet_principal_factor_by_period(calendar, debt_tenor_years, periods_per_year, xp):
    """Principal repaid in each period on a loan of 1: all of it in the last."""
    last = debt_tenor_years * periods_per_year
    return calendar.period.map(lambda k: xp.where((last >= k - 0.5) & (last < k + 0.5), 1.0, 0.0))


@inner
@when(amortisation=ON_A_SCHEDULE)
def interest_factor_by_period(
    principal_factor_by_period, due_factor_by_period, loan_rate_factor, xp
):
    """Interest of each period on a loan of 1: on the balance at its start."""
    return interest_on(1.0, principal_factor_by_period, due_factor_by_period, loan_rate_factor, xp)


@helper
def interest_on(debt, principal, due, loan_rate_factor, xp):
    """Interest of each period on the balance at its start."""

    def accrue(balance, paid, owed):
        return (balance - paid,), owed * (balance * loan_rate_factor)

    return xp.scan(accrue, (debt,), principal, due)


@when(amortisation=ON_A_SCHEDULE)
def debt_usd_per_rack(it_capex_usd_per_rack, debt_fraction):
    """Debt drawn at time 0."""
    return it_capex_usd_per_rack * debt_fraction


@inner
@when(amortisation=ON_A_SCHEDULE)
def principal_usd_per_rack_by_period(debt_usd_per_rack, principal_factor_by_period):
    """Principal repaid in each period."""
    return flow(debt_usd_per_rack, principal_factor_by_period)


@inner
@when(amortisation=ON_A_SCHEDULE)
def interest_usd_per_rack_by_period(debt_usd_per_rack, interest_factor_by_period):
    """Interest paid in each period."""
    return flow(debt_usd_per_rack, interest_factor_by_period)


@inner
@when(amortisation=ON_A_SCHEDULE)
def debt_service_usd_per_rack_by_period(
    interest_usd_per_rack_by_period, principal_usd_per_rack_by_period
):
    """Interest and principal of each period."""
    return interest_usd_per_rack_by_period + principal_usd_per_rack_by_period


@inner
@when(amortisation="sculpted")
def sculpted_service_usd_per_rack_by_period(
    cfads_usd_per_rack_by_period, due_factor_by_period, target_dscr, xp
):
    """What each period of the tenor could serve at the target DSCR: its CFADS over `target_dscr`,
    never below 0.
    """

    def serve(cash, due):
        return (), due * xp.maximum(0.0, cash) / target_dscr

    return xp.scan(serve, (), cfads_usd_per_rack_by_period, due_factor_by_period)


@when(amortisation="sculpted")
def sculpted_debt_usd_per_rack(
    sculpted_service_usd_per_rack_by_period, loan_discount_factor_by_period
):
    """Debt that the sculpted service repays, before any cap."""
    return sculpted_service_usd_per_rack_by_period.dot(loan_discount_factor_by_period)


@when(amortisation="sculpted")
@named("debt_usd_per_rack")
def capped_debt_usd_per_rack(sculpted_debt_usd_per_rack, it_capex_usd_per_rack, debt_fraction, xp):
    """Debt drawn at time 0: what the sculpted service repays, at most `debt_fraction` of the
    capital.
    """
    return xp.minimum(sculpted_debt_usd_per_rack, it_capex_usd_per_rack * debt_fraction)


@inner
@when(amortisation="sculpted")
@named("debt_service_usd_per_rack_by_period")
def sculpted_debt_service_usd_per_rack_by_period(
    sculpted_service_usd_per_rack_by_period, sculpted_debt_usd_per_rack, debt_usd_per_rack, xp
):
    """Interest and principal of each period: the sculpted service, scaled down where the
    cap binds.
    """
    some = sculpted_debt_usd_per_rack > 0.0
    share = xp.where(some, debt_usd_per_rack / xp.where(some, sculpted_debt_usd_per_rack, 1.0), 0.0)
    return sculpted_service_usd_per_rack_by_period * share


@inner
@when(amortisation="sculpted")
@named("principal_usd_per_rack_by_period")
def sculpted_principal_usd_per_rack_by_period(
    debt_service_usd_per_rack_by_period,
    debt_usd_per_rack,
    due_factor_by_period,
    loan_rate_factor,
    xp,
):
    """Principal repaid in each period: service less interest; below 0 where the service does not
    cover the interest, which is added to the loan.
    """

    def pay(balance, service, due):
        principal = service - due * (balance * loan_rate_factor)
        return (balance - principal,), principal

    return xp.scan(
        pay, (debt_usd_per_rack,), debt_service_usd_per_rack_by_period, due_factor_by_period
    )


@inner
@when(amortisation="sculpted")
@named("interest_usd_per_rack_by_period")
def sculpted_interest_usd_per_rack_by_period(
    debt_usd_per_rack, principal_usd_per_rack_by_period, due_factor_by_period, loan_rate_factor, xp
):
    """Interest paid in each period: on the balance at its start."""
    return interest_on(
        debt_usd_per_rack,
        principal_usd_per_rack_by_period,
        due_factor_by_period,
        loan_rate_factor,
        xp,
    )


@by_year(1)
@taken_from(EQUITY_FLOW)
def interest_usd_per_rack_by_year(interest_usd_per_rack_by_period, calendar):
    """Interest paid in each operating year."""
    return interest_usd_per_rack_by_period.grouped(calendar.periods_per_year)


@by_year(1)
@taken_from(EQUITY_FLOW)
def principal_usd_per_rack_by_year(principal_usd_per_rack_by_period, calendar):
    """Principal repaid in each operating year."""
    return principal_usd_per_rack_by_period.grouped(calendar.periods_per_year)


@by_year(0)
def debt_balance_usd_per_rack_by_year(debt_usd_per_rack, principal_usd_per_rack_by_year, xp):
    """Debt owed at time 0 and at the end of each operating year."""

    def repay(balance, paid):
        return (balance - paid,), balance - paid

    return balances(
        debt_usd_per_rack, xp.scan(repay, (debt_usd_per_rack,), principal_usd_per_rack_by_year)
    )


@helper
def balances(first, later):
    """A series with one value for the start before those of the years."""
    return type(later)((first, *later.values))
