"""What the numbers of one scenario show that its reader should know: less is lent than asked, a
year under the target DSCR, more drawn than spent, a return on next to no equity, what refunds of
tax are worth, a margin that the NPV does not bear out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from economics.models.lease import leased
from economics.models.registry import MODELS
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Plan
from economics.vocabulary.header import About
from economics.vocabulary.problems import MissingProblem
from kernels.language.caches import cached

DEBT, CAPITAL = "debt_usd_per_rack", "it_capex_usd_per_rack"
OUTLAY, COVER, NPV = "equity_outlay_usd_per_rack", "dscr_by_year", "npv_usd_per_rack"
BALANCE = "debt_balance_usd_per_rack_by_year"
EQUITY_IRR = "equity_irr_per_year"
DOUBLED = 1.0  # a rate that doubles money in a year
INCOME = "unlevered_taxable_income_usd_per_rack_by_year"
MARGIN = "margin_fraction"
WATCHED = (DEBT, CAPITAL, OUTLAY, INCOME, MARGIN, NPV)
MATTERS = 0.05  # of the capital
ROUNDING = 1e-12
NOTHING = 1e-6  # of a margin, and of an NPV by the capital


def watched(inputs: Inputs, plan: Plan) -> tuple[str, ...]:
    """What is looked at beside the targets of a plan: what is computed on the way to them."""
    found = [name for name in WATCHED if _named(inputs, name) in plan.needs]
    if DEBT in found and _is_sculpted(inputs) and _can_answer(inputs, COVER):
        found += [COVER, BALANCE]
    return tuple(_named(inputs, name) for name in found)


def remarks(record: About, inputs: Inputs, values: Mapping[str, Any]) -> Iterator[str]:
    """The remarks on the values of what is watched of a scenario; capital may be a field too."""
    seen = {}
    for name, own in _names(inputs.model):
        if own in values:
            seen[name] = values[own]
        elif own in inputs.values:
            seen[name] = inputs.values[own]
    if COVER in seen and DEBT in seen and _is_sculpted(inputs):
        yield from _of_sculpting(record, inputs, seen)
    if seen.get(DEBT, 0.0) > 0.0 and seen.get(OUTLAY, 0.0) < 0.0:
        yield (
            f"debt and prepayments bring {_usd(inputs, -seen[OUTLAY])} more at time 0 than is"
            " spent: equity receives it"
        )
    if EQUITY_IRR in seen and OUTLAY in seen and CAPITAL in seen:
        yield from _of_little_equity(inputs, seen)
    if INCOME in seen and CAPITAL in seen and min(seen[INCOME].values) < 0.0:
        yield from _of_refunds(inputs, seen[CAPITAL])
    if MARGIN in seen and NPV in seen and seen.get(CAPITAL, 0.0) > 0.0:
        yield from _of_margin(seen[MARGIN], seen[NPV] / seen[CAPITAL])


def _can_answer(inputs: Inputs, target: str) -> bool:
    """Whether the scenario states all that a target needs."""
    try:
        inputs.plan([target])
    except MissingProblem:
        return False
    return True


def _is_sculpted(inputs: Inputs) -> bool:
    return inputs.choices.get("amortisation") == "sculpted"


def _of_sculpting(record: About, inputs: Inputs, seen: Mapping[str, Any]) -> Iterator[str]:
    target, asked = inputs.values["target_dscr"], inputs.values["debt_fraction"]
    finance = getattr(record, "finance", None)
    is_asked = finance is not None and finance.debt_fraction is not None
    given = _named(inputs, DEBT) in inputs.values
    if CAPITAL in seen and is_asked and not given:
        lent = seen[DEBT] / seen[CAPITAL]
        if lent < asked * (1.0 - ROUNDING):
            yield (
                f"finance.debt_fraction asks for {asked:.4g} of the capital, {lent:.4g} is lent:"
                f" CFADS over finance.target_dscr = {target:g} repays no more"
            )
    life = MODELS[inputs.model].life or ""
    tenor = inputs.values.get("debt_tenor_years", inputs.values[life])
    covers = {year: cover for year, cover in enumerate(seen[COVER].values, 1) if year < tenor + 1.0}
    under = [year for year, cover in covers.items() if cover < target * (1.0 - ROUNDING)]
    owed = seen[DEBT] * ROUNDING
    unserved = [
        year
        for year, cover in covers.items()
        if cover != cover and seen[BALANCE].values[year - 1] > owed
    ]
    if under:
        why = "more is lent than CFADS repays" if given else "CFADS is below 0 in a part of it"
        yield (
            f"DSCR is under finance.target_dscr = {target:g} in {_listed(under)}"
            f" (least {min(covers[year] for year in under):.4g}): {why}"
        )
    if unserved:
        yield (
            f"no debt is served in {_listed(unserved)}, where CFADS is not above 0: interest"
            " is added to the loan"
        )


def _of_little_equity(inputs: Inputs, seen: Mapping[str, Any]) -> Iterator[str]:
    """A return that is great because next to nothing is put in."""
    share = seen[OUTLAY] / seen[CAPITAL] if seen[CAPITAL] else 1.0
    if 0.0 < share < MATTERS and seen[EQUITY_IRR] > DOUBLED:
        yield (
            f"{EQUITY_IRR} is that of {_usd(inputs, seen[OUTLAY])} of equity, {100.0 * share:.2g} %"
            " of the capital: of so little it says next to nothing, the equity's NPV says more"
        )


def _of_refunds(inputs: Inputs, capital: float) -> Iterator[str]:
    """What it is worth that losses are refunded, where that is much or decides."""
    choices, npv = inputs.choices, _named(inputs, NPV)
    if choices.get("loss_treatment") != "refund" or not inputs.values.get("tax_rate"):
        return
    if not _can_answer(inputs, npv):
        return
    other = inputs.choosing("loss_treatment", "carry_forward")
    refunded, carried = (one.compute(one.plan([npv]))[npv] for one in (inputs, other))
    if refunded - carried > MATTERS * capital or carried < 0.0 < refunded:
        yield (
            f"tax losses are refunded, as where other income takes them up: that adds"
            f" {_usd(inputs, refunded - carried)} to the NPV ({_usd(inputs, carried)} with"
            ' finance.loss_treatment = "carry_forward")'
        )


def _of_margin(margin: float, worth: float) -> Iterator[str]:
    """A margin on one side of 0, the NPV (over the capital) on the other."""
    matters = abs(margin) > NOTHING and abs(worth) > NOTHING
    if matters and (margin > 0.0) != (worth > 0.0):
        above, below = ("above", "below") if margin > 0.0 else ("below", "above")
        yield (
            f"{MARGIN} is {above} 0, the NPV {below}: the margin is that of a steady year at"
            " year-1 prices before tax, the NPV counts ramp, growth, delay, default and tax"
        )


@cached()
def _names(model: str) -> tuple[tuple[str, str], ...]:
    """What is looked at, with its names in a model."""
    lease = model == "lease"
    names = (*WATCHED, COVER, BALANCE, EQUITY_IRR)
    return tuple((name, leased(name) if lease else name) for name in names)


def _named(inputs: Inputs, name: str) -> str:
    """The name of a rack's quantity in a scenario's model."""
    return leased(name) if inputs.model == "lease" else name


def _usd(inputs: Inputs, amount: float) -> str:
    return f"{amount:,.0f} USD" + (" a rack" if inputs.model == "rack" else "")


def _listed(years: list[int]) -> str:
    return f"year{'s' if len(years) > 1 else ''} {', '.join(map(str, years))}"
