"""A scenario of a rack: its tables, with the fields that extensions add, and which formulas they
choose.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from typing import Annotated as A

from msgspec import Struct
from msgspec.structs import asdict

from economics.extensions.contract.names import check_tranches
from economics.extensions.extension import ExtensionError, fields_added
from economics.extensions.extensions import EXTENSIONS
from economics.records import finance, installation
from economics.records.additions import with_fields
from economics.records.finance import check_finance, finance_choices
from economics.records.installation import Colocation, Facility, Orbital, Owned
from economics.records.revenue import Contract, Rental, Revenue, Subscription, Tokens
from economics.vocabulary.header import About, is_
from economics.vocabulary.problems import ExcessProblem, Problem

if TYPE_CHECKING:
    from economics.records.finance import Finance
    from economics.records.installation import Hardware, Operations, Power
else:
    OWN = {
        "hardware": installation.Hardware,
        "power": installation.Power,
        "operations": installation.Operations,
        "finance": finance.Finance,
    }
    ADDED = fields_added(EXTENSIONS)
    if strange := set(ADDED) - set(OWN):
        raise ExtensionError(f"fields for {min(strange)}: only {', '.join(OWN)} take more")
    Hardware, Power, Operations, Finance = (
        with_fields(own, ADDED.get(table, {}), __name__) for table, own in OWN.items()
    )

TABLES: dict[str, tuple[type[Struct], ...]] = {
    "hardware": (Hardware,),
    "facility": (Colocation, Owned, Orbital),
    "power": (Power,),
    "operations": (Operations,),
    "finance": (Finance,),
    "revenue": (Rental, Contract, Tokens, Subscription),
}
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
IF_STATED = {  # usual targets where something of that kind is sold, or where a field is stated
    "tokens": (
        *("cost_usd_per_mtok_output", "cost_usd_per_mtok", "price_usd_per_mtok"),
        *("gross_margin_fraction", "price_to_cost_factor"),
    ),
    "subscription": (
        *("cost_usd_per_request", "cost_usd_per_user_month", "idle_cost_usd_per_user_month"),
        *("margin_usd_per_user_month", "breakeven_request_per_user_month"),
        *("user_per_rack", "breakeven_user_per_rack"),
    ),
    "input_token_per_second_per_gpu": ("cost_usd_per_mtok_input",),
    "use_sigma": ("loss_user_fraction",),
    **{name: more for one in EXTENSIONS for name, more in one.targets.items()},
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
    hardware: A[Hardware, is_("the rack")] = Hardware()
    facility: A[Facility, is_("where it stands")] = Colocation()
    power: A[Power, is_("what its electricity costs")] = Power()
    operations: A[Operations, is_("what running it costs beside power")] = Operations()
    finance: A[Finance, is_("capital, debt, tax and time")] = Finance()
    revenue: A[Revenue, is_("what is sold, and at which price")] = Rental()


USUAL = Scenario(revenue=Rental(utilisation=1.0))  # of which the choices are the usual ones


def choices(record: Scenario, swept: Mapping[str, Any]) -> dict[str, str]:
    """Which formulas a rack's scenario picks, where some fields are swept."""
    path = getattr(record.revenue, "price_path_usd_per_gpu_hour", None) is not None
    tags = {
        name: str(getattr(record, name).__struct_config__.tag) for name in ("facility", "revenue")
    }
    chosen = {
        **tags,
        "price": "path" if path else "decline",
        **_of_what_is_left_out(record, swept),
        **finance_choices(record.finance),
    }
    for one in EXTENSIONS:
        for choice, option in one.choose(record, swept).items():
            if chosen.setdefault(choice, option) != option:
                raise ExtensionError(f"{one.name} chooses {choice}, which is chosen already")
    return chosen


def _of_what_is_left_out(record: Scenario, swept: Mapping[str, Any]) -> dict[str, str]:
    """Which formulas do without a field that is not stated, because others leave it nothing to
    decide: the rate at which nothing is read, the use of a rack that draws as much unsold.
    """
    fields = {**asdict(record.hardware), **asdict(record.revenue)}

    def is_idle(field: str, others: Mapping[str, float]) -> bool:
        some = any(fields.get(name) == value for name, value in others.items())
        return fields.get(field) is None and some and not {field, *others} & {*swept}

    nothing_read = {
        **dict.fromkeys(("input_token_per_output_token", "input_token_per_request"), 0.0),
        "cached_input_fraction": 1.0,
    }
    return {
        "reading": "none" if is_idle("input_token_per_second_per_gpu", nothing_read) else "some",
        "load": "full" if is_idle("utilisation", {"idle_load_fraction": 1.0}) else "by_use",
    }


def check(record: Scenario) -> None:
    """What no single field of a rack can tell. Errors: Problem."""
    revenue, path = record.revenue, getattr(record.revenue, "price_path_usd_per_gpu_hour", None)
    if path is not None and not any(path):
        where = "revenue.price_path_usd_per_gpu_hour"
        raise Problem(where, path, "a price above 0 among them")
    if path is not None and revenue.price_decline_per_year:
        why = "because price_path_usd_per_gpu_hour states the price of every year"
        raise ExcessProblem("revenue.price_decline_per_year", revenue.price_decline_per_year, why)
    check_tranches(record)
    check_finance(record.finance)
