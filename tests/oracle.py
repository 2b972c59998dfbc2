"""An independent oracle for a rack rented or under contract: sections 2 to 8 of the specification,
in plain loops over periods.

It shares no code with the model and was written from the specification alone. It is meant to be
read beside that page, not to be fast:

    >>> evaluate(scenario)["npv_usd_per_rack"]
"""

import math

import oracle_breakeven
import oracle_cashflow
import oracle_components
import oracle_contract
import oracle_cost
import oracle_depreciation
import oracle_returns
import oracle_scenario


def evaluate(scenario):
    """Every target of sections 4 to 8 by name: a float, None where there is no finite answer, or a
    target by year as {"index": [...], "values": [...]}. Raises ValueError where the life or the
    tenor is not a whole number of periods.
    """
    s = oracle_scenario.read(scenario)
    oracle_cost.set_capital(s)
    oracle_cashflow.set_tax_basis(s)
    oracle_contract.set_fates(s)
    periods = oracle_cashflow.operate(s, s.utilisation, s.prices)
    ebitda = [period["ebitda"] for period in periods]
    cash = oracle_cashflow.cash_for_debt(s, ebitda)
    debt = oracle_cashflow.size_debt(s, cash)
    book_fractions = oracle_depreciation.schedule(s, s.book_depreciation, s.Y)
    answer = oracle_cost.level_costs(s)
    answer["lcoc_usd_per_gpu_hour"] = levelised_cost(s, periods)
    answer.update(cash_flow(s, periods, ebitda, debt))
    taxes = answer["tax_usd_per_rack_by_year"]["values"]
    answer.update(oracle_cashflow.debt_cover(s, cash, debt, taxes))
    interest_year_1 = oracle_cashflow.by_year(s, debt.interest)[0]
    answer.update(
        oracle_breakeven.steady_breakevens(
            s, oracle_components.with_components(s, book_fractions)[0], interest_year_1
        )
    )
    answer.update(oracle_breakeven.value_breakevens(s, debt))
    answer.update(margins(s, answer))
    answer["cost_of_delay_usd_per_rack_month"] = oracle_breakeven.cost_of_delay(s)
    if s.tranches:
        answer.update(contracts(s))
    answer.update(values_over_time(s, oracle_cashflow.by_year(s, ebitda), book_fractions))
    return answer


def levelised_cost(s, periods):
    """PV of all costs / (PV of sold GPU-hours, less the share of revenue that overhead takes)."""
    r = s.wacc_per_year
    capital = s.it_capex_usd_per_rack - s.residual_usd_per_rack * oracle_returns.at_end(s, r)
    renewals = oracle_components.renewals(s)
    rent = oracle_cashflow.before_operations(s, s.utilisation, oracle_cashflow.no_debt(s)).rent
    costs = oracle_returns.present_value(
        s,
        rent + [period["cost"] + bought for period, bought in zip(periods, renewals, strict=True)],
        r,
    )
    sold = oracle_returns.present_value(s, [0.0] * s.D + [period["sold"] for period in periods], r)
    return (capital + costs) / (sold * (1 - s.revenue_overhead_fraction)) if sold > 0 else None


def margins(s, answer):
    cost, breakeven = answer["cost_usd_per_gpu_hour"], answer["breakeven_utilisation"]
    year = oracle_contract.steady(s, s.utilisation)
    price = (
        year.revenue / (oracle_cost.available_gpu_hours(s) * year.sold) if cost is not None else 0.0
    )
    return {
        "margin_fraction": (1 - s.revenue_overhead_fraction) * (1 - cost / price)
        if price > 0
        else None,
        "headroom_fraction": s.utilisation / breakeven - 1 if breakeven else None,
    }


def contracts(s):
    """Section 8: what contracts are worth, and what default, a backstop and a prepayment do
    to it.
    """
    safe = oracle_breakeven.varied(s, default_probability_per_year=0.0)
    value = loss = 0.0
    for tranche, kept in zip(s.tranches, safe.tranches, strict=True):
        due, missing = [0.0] * s.D, [0.0] * s.D
        for k in range(1, s.N + 1):
            price = s.prices[k - 1]
            expected = [
                oracle_contract.tranche_revenue(s, one, k, s.utilisation, price)
                for one in (kept, tranche)
            ]
            due.append(oracle_contract.payment(s, tranche, k, s.utilisation))
            missing.append(expected[0] - expected[1])
        value += oracle_contract.prepayment(
            s, tranche, s.utilisation
        ) + oracle_returns.present_value(s, due, s.wacc_per_year)
        loss += oracle_returns.present_value(s, missing, s.wacc_per_year)
    year = oracle_contract.steady(s, s.utilisation)
    sold = oracle_cost.available_gpu_hours(s) * year.sold
    answer = {
        "contract_value_usd_per_rack": value,
        "expected_loss_usd_per_rack": loss,
        "backstop_value_usd_per_rack": oracle_breakeven.backstop_value(s),
        "breakeven_default_probability_per_year": oracle_breakeven.default_breakeven(s),
        "prepayment_usd_per_rack": math.fsum(
            oracle_contract.prepayment(s, tranche, s.utilisation) for tranche in s.tranches
        ),
        "project_outlay_usd_per_rack": (
            s.it_capex_usd_per_rack - oracle_contract.prepaid_net(s, s.utilisation)
        ),
        "steady_revenue_usd_per_rack_year": year.revenue,
        "mean_price_usd_per_gpu_hour": year.revenue / sold if sold > 0 else None,
        "used_fraction": year.used,
    }
    for at, tranche in enumerate(s.tranches):
        for name, reading in oracle_contract.readings(s, tranche).items():
            answer[name if len(s.tranches) == 1 else f"tranches[{at}].{name}"] = reading
    return answer


def cash_flow(s, periods, ebitda, debt):
    """Returns of the project and of its equity, and every flow by operating year."""
    residual = s.residual_usd_per_rack
    unlevered = oracle_cashflow.no_debt(s)
    before = oracle_cashflow.before_operations(s, s.utilisation, debt)
    before_unlevered = oracle_cashflow.before_operations(s, s.utilisation, unlevered)
    project_outlay = s.it_capex_usd_per_rack - before.received
    equity_outlay = project_outlay - debt.amount
    project = oracle_cashflow.after_tax_flows(s, ebitda, unlevered, before_unlevered)
    equity = oracle_cashflow.after_tax_flows(s, ebitda, debt, before)
    income = oracle_cashflow.taxable_income(s, ebitda, debt, before)
    unlevered_income = oracle_cashflow.taxable_income(s, ebitda, unlevered, before_unlevered)
    operating_years = {
        name: oracle_cashflow.by_year(s, [period[name] for period in periods])
        for name in (
            "revenue",
            "overhead",
            "electricity",
            "carbon",
            "water",
            "facility",
            "operations",
            "ebitda",
        )
    }
    taxes = oracle_cashflow.tax(s, income)
    cash = oracle_cashflow.by_year(s, oracle_cashflow.cash_for_debt(s, ebitda))
    yearly = {
        **operating_years,
        "cfads": cash,
        "after_tax_cfads": [one - tax for one, tax in zip(cash, taxes, strict=True)],
        **(
            {"renewal": oracle_cashflow.by_year(s, oracle_components.renewals(s))}
            if s.components
            else {}
        ),
        "tax_depreciation": s.tax_depreciation_by_year,
        "interest": oracle_cashflow.by_year(s, debt.interest),
        "principal": oracle_cashflow.by_year(s, debt.principal),
        "taxable_income": income,
        "tax": taxes,
        "unlevered_taxable_income": unlevered_income,
        "unlevered_tax": oracle_cashflow.tax(s, unlevered_income),
    }
    from_year_0 = {
        "project_flow": yearly_flow(s, project_outlay, project, residual),
        "equity_flow": yearly_flow(s, equity_outlay, equity, residual),
        "debt_balance": [debt.balance[min(y * s.m, s.N)] for y in range(s.Y + 1)],
    }
    return {
        "debt_usd_per_rack": debt.amount,
        **oracle_returns.returns(s, "", project_outlay, project, residual, s.wacc_per_year),
        **oracle_returns.returns(
            s, "equity_", equity_outlay, equity, residual, s.cost_of_equity_per_year
        ),
        **{f"{name}_usd_per_rack_by_year": series(1, values) for name, values in yearly.items()},
        **{
            f"{name}_usd_per_rack_by_year": series(0, values)
            for name, values in from_year_0.items()
        },
    }


def yearly_flow(s, outlay, flows, residual):
    """Flows of year 0, a delay's included, and of each operating year."""
    yearly = oracle_cashflow.by_year(s, flows[s.D :])
    yearly[-1] = yearly[-1] + residual
    return [math.fsum(flows[: s.D]) - outlay, *yearly]


def series(first, values):
    return {"index": list(range(first, first + len(values))), "values": list(values)}


def values_over_time(s, ebitda_by_year, book_fractions):
    """Section 6: book, tax and economic value by year (only where the life is whole), and when
    running the rack stops paying.
    """
    answer = {"retirement_age_years": retirement_age(s, ebitda_by_year)}
    if s.N % s.m != 0:
        return answer
    tax_fractions = oracle_depreciation.schedule(s, s.tax_depreciation, s.Y)
    book, tax = (
        oracle_components.values_by_year(
            s, oracle_depreciation.values_by_year(s.main_capital, fractions)
        )
        for fractions in (book_fractions, tax_fractions)
    )
    scrap = oracle_components.values_by_year(s, [s.main_residual] * (s.Y + 1))
    worth = economic_values(s, ebitda_by_year, scrap)
    answer["book_value_usd_per_rack"] = series(0, book)
    answer["tax_value_usd_per_rack"] = series(0, tax)
    answer["economic_value_usd_per_rack"] = series(0, worth)
    if s.components:
        answer["scrap_value_usd_per_rack"] = series(0, scrap)
    answer["impairment_gap_usd_per_rack"] = series(
        0, [b - w for b, w in zip(book, worth, strict=True)]
    )
    answer["book_depreciation_usd_per_rack_year"] = series(
        1, oracle_components.with_components(s, book_fractions)
    )
    answer["tax_depreciation_usd_per_rack_year"] = series(
        1, oracle_components.with_components(s, tax_fractions)
    )
    answer["economic_depreciation_usd_per_rack_year"] = series(
        1, [worth[y - 1] - worth[y] for y in range(1, s.Y + 1)]
    )
    return answer


def economic_values(s, ebitda_by_year, scrap):
    """Value in use at the end of years 0..L, the owner free to scrap the rack at any year's end for
    what it then brings.
    """
    values = [scrap[s.Y]]
    bought = oracle_cashflow.by_year(s, oracle_components.renewals(s))
    for y in range(s.Y, 0, -1):
        kept = (ebitda_by_year[y - 1] - bought[y - 1] + values[0]) / (1 + s.wacc_per_year)
        values.insert(0, max(scrap[y - 1], kept))
    return values


def retirement_age(s, ebitda_by_year):
    """The last operating year whose ebitda is not negative; 0 if there is none, None if it is the
    last year of life.
    """
    last = max((y for y in range(1, s.Y + 1) if ebitda_by_year[y - 1] >= 0), default=0)
    return None if last == s.Y else float(last)


def all_finite(answer):
    """Whether every number of an answer is finite: what has no finite answer must be None."""
    for value in answer.values():
        numbers = value["values"] if isinstance(value, dict) else [value]
        if not all(number is None or math.isfinite(number) for number in numbers):
            return False
    return True
