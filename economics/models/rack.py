"""A scenario of a rack: its tables, and which formulas they choose."""

from typing import Annotated as A

from economics.extensions.contract.names import check_tranches, tranche_choices
from economics.formulas.depreciation import kind_of
from economics.records.installation import (
    Colocation,
    Facility,
    Finance,
    Hardware,
    Operations,
    Power,
    Rental,
    Revenue,
)
from economics.vocabulary.header import About, is_
from economics.vocabulary.problems import Problem

TARGETS = (
    *(
        "it_capex_usd_per_rack",
        "cost_usd_per_rack_year",
        "cost_usd_per_rack_hour",
        "cost_usd_per_available_gpu_hour",
    ),
    *("cost_usd_per_gpu_hour", "lcoc_usd_per_gpu_hour", "margin_fraction"),
    *(
        "cash_breakeven_utilisation",
        "accounting_breakeven_utilisation",
        "breakeven_utilisation",
        "headroom_fraction",
    ),
    *(
        "breakeven_price_usd_per_gpu_hour",
        "npv_usd_per_rack",
        "irr_per_year",
        "payback_years",
        "moic",
    ),
    *("equity_npv_usd_per_rack", "equity_irr_per_year", "equity_breakeven_utilisation", "min_dscr"),
)
OF_REVENUE = {  # usual targets of what is sold, beside those of every rack
    "tokens": (
        "cost_usd_per_mtok_output",
        "cost_usd_per_mtok",
        "price_usd_per_mtok",
        "gross_margin_fraction",
        "price_to_cost_factor",
    ),
    "subscription": (
        *(
            "cost_usd_per_request",
            "cost_usd_per_user_month",
            "idle_cost_usd_per_user_month",
            "margin_usd_per_user_month",
        ),
        *("breakeven_request_per_user_month", "user_per_rack", "breakeven_user_per_rack"),
    ),
    "contract": (
        *(
            "contract_value_usd_per_rack",
            "expected_loss_usd_per_rack",
            "backstop_value_usd_per_rack",
        ),
        "breakeven_default_probability_per_year",
    ),
}
IF_STATED = {  # usual targets where a field is stated
    "use_sigma": ("loss_user_fraction",),
    "delay_years": ("cost_of_delay_usd_per_rack_month",),
    "launch_price_usd_per_kg": ("launched_power_price_usd_per_kw_year",),
}
SWEPT = ("cost_usd_per_gpu_hour", "breakeven_utilisation", "npv_usd_per_rack")


class Scenario(
    About, tag="rack", tag_field="model", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """One rack, its building, its power, its finance and its customers. Make one with
    `scenario`.
    """

    accelerator: A[str | None, is_("row of the catalog that fills hardware fields left out")] = None
    hardware: Hardware = Hardware()
    facility: Facility = Colocation()
    power: Power = Power()
    operations: Operations = Operations()
    finance: Finance = Finance()
    revenue: Revenue = Rental()


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


def choices(record: Scenario) -> dict[str, str]:
    """Which formulas a rack's scenario picks."""
    path = getattr(record.revenue, "price_path_usd_per_gpu_hour", None) is not None
    tags = {
        name: str(getattr(record, name).__struct_config__.tag) for name in ("facility", "revenue")
    }
    kinds = {**tags, "price": "path" if path else "decline"}
    return {**kinds, **finance_choices(record.finance), **tranche_choices(record)}


def check(record: Scenario) -> None:
    """What no single field of a rack can tell. Errors: Problem."""
    revenue = record.revenue
    if (
        getattr(revenue, "price_path_usd_per_gpu_hour", None) is not None
        and revenue.price_decline_per_year
    ):
        expected = "nothing beside price_path_usd_per_gpu_hour, which states it"
        raise Problem("revenue.price_decline_per_year", revenue.price_decline_per_year, expected)
    check_tranches(record)
    check_finance(record.finance)


def check_finance(finance: Finance) -> None:
    """What no single field of finance can tell. Errors: Problem."""
    if finance.debt_fraction and finance.debt_rate_per_year is None:
        raise Problem(
            "finance.debt_rate_per_year", None, "a rate, for there is debt (finance.debt_fraction)"
        )
    if finance.amortisation == "sculpted":
        for field in ("target_dscr", "debt_rate_per_year"):
            if getattr(finance, field) is None:
                raise Problem(f"finance.{field}", None, "a value, for amortisation is sculpted")
    elif finance.target_dscr is not None:
        raise Problem(
            "finance.target_dscr", finance.target_dscr, 'nothing, unless amortisation = "sculpted"'
        )
