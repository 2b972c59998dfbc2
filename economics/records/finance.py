"""Capital, debt, tax and depreciation as a typed record, and what it picks."""

from typing import Annotated as A
from typing import Literal

from msgspec import Struct

from economics.formulas.depreciation import Method, kind_of
from economics.vocabulary.bounds import (
    Fraction,
    PositiveFactor,
    Rate,
    Years,
)
from economics.vocabulary.header import is_
from economics.vocabulary.problems import ExcessProblem, Problem, as_one


class Finance(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Capital, debt, tax and depreciation."""

    wacc_per_year: A[Rate | None, is_("weighted average cost of capital, nominal, after tax")] = (
        None
    )
    cost_of_equity_per_year: A[
        Rate | None, is_("return that equity asks for; the WACC if not stated")
    ] = None
    tax_rate: A[Fraction, is_("tax on profit")] = 0.0
    loss_treatment: A[
        Literal["refund", "carry_forward"],
        is_("what becomes of a tax loss: refunded, or an NOL carried forward"),
    ] = "refund"
    loss_limit_fraction: A[
        Fraction, is_("share of later income that an NOL carried forward may offset")
    ] = 1.0
    debt_fraction: A[
        Fraction | None,
        is_("debt of the capital at time 0; with sculpted debt its cap (default 1)"),
    ] = None
    debt_rate_per_year: A[
        Rate | None, is_("nominal rate of the loan; a period bears rate / periods a year")
    ] = None
    debt_tenor_years: A[
        Years | None, is_("years over which the loan is repaid; the life if not stated")
    ] = None
    amortisation: A[
        Literal["level", "straight", "bullet", "sculpted"], is_("how the loan is repaid")
    ] = "level"
    target_dscr: A[PositiveFactor | None, is_("DSCR that sculpted debt is sized to")] = None
    book_depreciation: A[
        Method | None,
        is_("method of the books; straight line over the life to the residual if not stated"),
    ] = None
    tax_depreciation: A[
        Method | None,
        is_("method for tax; straight line over the life to the residual if not stated"),
    ] = None
    lender_recovery_fraction: A[
        Fraction,
        is_("of what a customer in default owes, recovered by a lender against its contract"),
    ] = 0.0
    basis_at_disposal: A[
        Literal["written_off", "lost"], is_("what becomes of tax basis that is left at the end")
    ] = "written_off"
    periods_per_year: A[Literal[1, 4, 12], is_("length of a period: year, quarter or month")] = 12
    tax_instalments_per_year: A[
        Literal[1, 2, 3, 4, 6, 12] | None,
        is_(
            "equal parts of a year's tax, on dates evenly apart; 4, or 1 by the year, if not stated"
        ),
    ] = None
    timing: A[Literal["end", "mid"], is_("when in its period a flow is discounted from")] = "end"


def finance_choices(finance: Finance) -> dict[str, str]:
    """Which formulas of time, debt, tax and depreciation a table of finance picks."""
    chosen = {
        name: getattr(finance, name)
        for name in ("loss_treatment", "amortisation", "basis_at_disposal", "timing")
    }
    return {
        **chosen,
        **{
            name: kind_of(getattr(finance, name))
            for name in ("book_depreciation", "tax_depreciation")
        },
    }


def tax_instalments(finance: Finance) -> int:
    """In how many parts a year's tax is paid: 4 where none are stated and a year has as many
    periods, else 1.
    """
    if finance.tax_instalments_per_year is not None:
        return finance.tax_instalments_per_year
    return 1 if finance.periods_per_year == 1 else 4


def check_finance(finance: Finance) -> None:
    """What no single field of finance can tell. Errors: Problem."""
    instalments = tax_instalments(finance)
    if finance.periods_per_year % instalments:
        raise Problem(
            "finance.tax_instalments_per_year",
            instalments,
            f"a number that divides finance.periods_per_year = {finance.periods_per_year}",
        )
    sculpted = finance.amortisation == "sculpted"
    lacks = {
        "target_dscr": ("a value", sculpted),
        "debt_rate_per_year": ("a rate", sculpted or bool(finance.debt_fraction)),
    }
    because = 'amortisation = "sculpted"' if sculpted else "there is debt (finance.debt_fraction)"
    missing = [
        Problem(f"finance.{field}", None, f"{what}, because {because}")
        for field, (what, needed) in lacks.items()
        if needed and getattr(finance, field) is None
    ]
    if missing:
        raise as_one(missing)
    if finance.target_dscr is not None and not sculpted:
        why = 'unless amortisation = "sculpted"'
        raise ExcessProblem("finance.target_dscr", finance.target_dscr, why)
