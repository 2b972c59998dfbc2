"""A yearly bill for GPU-hours at one price: what it buys, and what it would be at another."""

from typing import Annotated as A

from msgspec import Struct

from economics.formulas.cost import over
from economics.vocabulary.bounds import Amount
from economics.vocabulary.header import About, is_
from economics.vocabulary.statuses import no_price, nothing_sold
from kernels.language.node import signed


class Bill(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is paid a year, at which price, and the prices to compare with."""

    bill_usd_per_year: A[Amount | None, is_("what the customer pays a year")] = None
    bill_price_usd_per_gpu_hour: A[Amount | None, is_("price that the customer pays")] = None
    list_price_usd_per_gpu_hour: A[Amount | None, is_("price that others pay")] = None
    stated_list_bill_usd_per_year: A[
        Amount | None, is_("what somebody says the bill would be at the list price")
    ] = None
    owner_cost_usd_per_gpu_hour: A[Amount | None, is_("what a sold GPU-hour costs the owner")] = (
        None
    )


class BillScenario(
    About, tag="bill", tag_field="model", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """A customer's yearly bill at a price."""

    bill: A[Bill, is_("what is paid, and prices to compare with")] = Bill()


TABLES: dict[str, tuple[type[Struct], ...]] = {"bill": (Bill,)}
TARGETS = (
    "gpu_hour_per_year",
    "fleet_gpu",
    "list_bill_usd_per_year",
    "subsidy_usd_per_year",
    "discount_fraction",
)
IF_STATED = {
    "stated_list_bill_usd_per_year": ("implied_list_price_usd_per_gpu_hour",),
    "owner_cost_usd_per_gpu_hour": ("owner_margin_fraction", "owner_result_usd_per_year"),
}


@no_price
def gpu_hour_per_year(bill_usd_per_year, bill_price_usd_per_gpu_hour, xp):
    """GPU-hours a year that the bill pays for."""
    return over(bill_usd_per_year, bill_price_usd_per_gpu_hour, xp)


def fleet_gpu(gpu_hour_per_year, hour_per_year):
    """GPUs that the bill pays for on average: its GPU-hours over the hours of a year."""
    return gpu_hour_per_year / hour_per_year


def list_bill_usd_per_year(gpu_hour_per_year, list_price_usd_per_gpu_hour):
    """What the same GPU-hours would cost at the list price."""
    return gpu_hour_per_year * list_price_usd_per_gpu_hour


def subsidy_usd_per_year(list_bill_usd_per_year, bill_usd_per_year):
    """What the customer pays less than at the list price."""
    return list_bill_usd_per_year - bill_usd_per_year


@no_price
def discount_fraction(bill_price_usd_per_gpu_hour, list_price_usd_per_gpu_hour, xp):
    """Share of the list price that the customer does not pay."""
    share, code = over(bill_price_usd_per_gpu_hour, list_price_usd_per_gpu_hour, xp)
    return 1.0 - share, code


@nothing_sold
def implied_list_price_usd_per_gpu_hour(stated_list_bill_usd_per_year, gpu_hour_per_year, xp):
    """List price at which the stated bill at list price would follow from the bill."""
    return over(stated_list_bill_usd_per_year, gpu_hour_per_year, xp)


@signed
@no_price
def owner_margin_fraction(owner_cost_usd_per_gpu_hour, bill_price_usd_per_gpu_hour, xp):
    """Share of the price that is left to the owner after what a sold GPU-hour costs; below 0 a
    loss.
    """
    share, code = over(owner_cost_usd_per_gpu_hour, bill_price_usd_per_gpu_hour, xp)
    return 1.0 - share, code


def owner_result_usd_per_year(bill_usd_per_year, gpu_hour_per_year, owner_cost_usd_per_gpu_hour):
    """What the owner keeps of the bill in a year; below 0 a loss."""
    return bill_usd_per_year - gpu_hour_per_year * owner_cost_usd_per_gpu_hour
