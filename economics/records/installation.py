"""The tables of a scenario file as typed records: one field, one bound, one line of meaning. `None`
stands for "not stated".
"""

from typing import Annotated as A
from typing import Literal

from msgspec import Meta, Struct

from economics.formulas.depreciation import Method
from economics.formulas.subscription import Subscription
from economics.formulas.tokens import Tokens
from economics.vocabulary.bounds import (
    Amount,
    Count,
    DeclineRate,
    Factor,
    Fraction,
    FractionBelowOne,
    PositiveAmount,
    PositiveFactor,
    RampYears,
    Rate,
    Years,
)
from economics.vocabulary.header import is_


class Hardware(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The rack. `gpu_price_usd_per_gpu` or `server_price_usd_per_rack` must be above 0."""

    gpu_per_rack: A[Count | None, is_("GPUs of a rack")] = None
    gpu_price_usd_per_gpu: A[Amount, is_("price of what is quoted by the GPU")] = 0.0
    server_price_usd_per_rack: A[
        Amount, is_("price of all that is quoted for the rack as a whole")
    ] = 0.0
    network_price_usd_per_gpu: A[Amount, is_("network equipment for each GPU")] = 0.0
    storage_price_usd_per_gpu: A[Amount, is_("storage for each GPU")] = 0.0
    spare_fraction: A[Fraction, is_("spares bought with the rack, of its equipment price")] = 0.0
    installation_fraction: A[
        Fraction, is_("freight, integration and sales tax, of equipment and spares")
    ] = 0.0
    it_load_kw_per_rack: A[
        Amount | None, is_("draw of all of the rack at full load, cooling not included")
    ] = None
    idle_load_fraction: A[Fraction, is_("share of the full draw that remains while unsold")] = 1.0
    availability: A[Fraction, is_("share of installed hours in which it could be sold")] = 1.0
    economic_life_years: A[Years | None, is_("years until the rack is retired and sold")] = None
    residual_fraction: A[
        Fraction, is_("of the equipment price, received at the end of the life")
    ] = 0.0
    server_life_years: A[
        Years | None,
        is_(
            "own life of what server_price_usd_per_rack buys; it is bought again when that is over"
        ),
    ] = None
    network_life_years: A[
        Years | None, is_("own life of the network equipment; it is bought again when that is over")
    ] = None
    storage_life_years: A[
        Years | None, is_("own life of the storage; it is bought again when that is over")
    ] = None
    rack_count: A[Count, is_("racks of the site, for site totals only")] = 1


class Colocation(
    Struct,
    tag="colocation",
    tag_field="kind",
    forbid_unknown_fields=True,
    frozen=True,
    kw_only=True,
):
    """Rented space with power and cooling."""

    site: A[str | None, is_("row of the catalog that fills fields left out")] = None
    colocation_price_usd_per_kw_month: A[
        Amount | None, is_("rent of a provisioned kW of IT load for a month")
    ] = None
    provision_factor: A[Factor, is_("IT load that is rented over the rack's full load")] = 1.0
    pue: A[Factor | None, is_("power usage effectiveness: facility energy over IT energy")] = None


class Owned(
    Struct, tag="owned", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """An owned hall, its capital charged as an internal rent over its own life."""

    site: A[str | None, is_("row of the catalog that fills fields left out")] = None
    facility_capex_usd_per_kw: A[Amount | None, is_("capital of a provisioned kW of IT load")] = (
        None
    )
    facility_life_years: A[Years | None, is_("years over which the hall's capital is charged")] = (
        None
    )
    facility_opex_usd_per_kw_year: A[
        Amount, is_("yearly running cost of a provisioned kW of IT load")
    ] = 0.0
    provision_factor: A[Factor, is_("IT load that is built over the rack's full load")] = 1.0
    pue: A[Factor | None, is_("power usage effectiveness: facility energy over IT energy")] = None


class Orbital(
    Struct, tag="orbital", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """A satellite that makes its own power."""

    site: A[str | None, is_("row of the catalog that fills fields left out")] = None
    satellite_mass_kg_per_kw: A[Amount | None, is_("launched mass for a kW of IT load")] = None
    launch_price_usd_per_kg: A[Amount | None, is_("price of a kilogram in orbit")] = None
    satellite_price_usd_per_kw: A[
        Amount, is_("price of the satellite itself for a kW of IT load")
    ] = 0.0
    satellite_life_years: A[
        Years | None, is_("years over which the satellite's capital is charged")
    ] = None


class Power(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Electricity, carbon and water."""

    tariff: A[str | None, is_("row of the catalog that fills fields left out")] = None
    electricity_price_usd_per_kwh: A[Amount | None, is_("price of energy in year 1")] = None
    demand_charge_usd_per_kw_month: A[Amount, is_("monthly charge on the full facility load")] = 0.0
    electricity_escalation_per_year: A[
        Rate, is_("yearly rise of energy price and demand charge")
    ] = 0.0
    carbon_intensity_kg_per_kwh: A[Amount, is_("carbon dioxide of a kWh from the grid")] = 0.0
    carbon_price_usd_per_kg: A[Amount, is_("price of a kg of carbon dioxide")] = 0.0
    water_use_l_per_kwh: A[Amount, is_("water for a kWh of IT energy")] = 0.0
    water_price_usd_per_l: A[Amount, is_("price of a litre of water")] = 0.0


class Operations(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What it takes to run and sell the rack."""

    maintenance_fraction_per_year: A[Fraction, is_("yearly maintenance, of IT capex")] = 0.0
    insurance_fraction_per_year: A[Fraction, is_("yearly insurance, of IT capex")] = 0.0
    property_tax_fraction_per_year: A[Fraction, is_("yearly property tax, of IT capex")] = 0.0
    staff_cost_usd_per_rack_year: A[Amount, is_("staff for a rack")] = 0.0
    software_cost_usd_per_gpu_year: A[Amount, is_("software and licences for a GPU")] = 0.0
    other_cost_usd_per_rack_year: A[Amount, is_("all other running cost of a rack")] = 0.0
    revenue_overhead_fraction: A[
        FractionBelowOne, is_("fees, SG&A and revenue share, of revenue")
    ] = 0.0
    opex_escalation_per_year: A[Rate, is_("yearly rise of all running cost but electricity")] = 0.0
    delay_years: A[
        RampYears, is_("years from the capital's payment until operations and life begin")
    ] = 0.0
    rent_during_delay: A[bool, is_("whether the space is paid for meanwhile")] = False
    job_gpu: A[Count | None, is_("GPUs that one job runs on; the failure of any stops it")] = None
    mtbf_gpu_hour: A[
        PositiveAmount | None, is_("GPU-hours between two failures that stop a job")
    ] = None
    hours_lost_per_interruption: A[
        Amount | None, is_("hours of a job that one interruption costs")
    ] = None


class Finance(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Capital, debt, tax and depreciation."""

    wacc_per_year: A[Rate | None, is_("weighted average cost of capital, nominal, after tax")] = (
        None
    )
    cost_of_equity_per_year: A[
        Rate | None, is_("return that equity asks for; the WACC if not stated")
    ] = None
    tax_rate: A[Fraction, is_("tax on profit")] = 0.0
    loss_treatment: A[Literal["refund", "carry_forward"], is_("what becomes of a tax loss")] = (
        "refund"
    )
    loss_limit_fraction: A[
        Fraction, is_("share of later income that carried losses may offset")
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
    target_dscr: A[PositiveFactor | None, is_("cover that sculpted debt is sized to")] = None
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
    timing: A[Literal["end", "mid"], is_("when in its period a flow is discounted from")] = "end"


class Merchant(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """GPU-hours sold to whoever comes, at the price of the day."""

    market: A[str | None, is_("row of the catalog's rentals that fills fields left out")] = None
    rental_price_usd_per_gpu_hour: A[Amount | None, is_("price of a sold GPU-hour in year 1")] = (
        None
    )
    utilisation: A[Fraction | None, is_("sold hours over available hours, after any ramp")] = None
    price_decline_per_year: A[DeclineRate, is_("yearly fall of the price")] = 0.0
    price_path_usd_per_gpu_hour: A[
        A[tuple[A[float, Meta(gt=0.0, le=1e15)], ...], Meta(min_length=1, max_length=100)] | None,
        is_("price by operating year, the last held; instead of a price and a decline"),
    ] = None
    ramp_years: A[RampYears, is_("years in which utilisation rises linearly from 0")] = 0.0


class Rental(
    Merchant, tag="rental", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """GPU-hours sold at a price."""


class Tranche(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hours reserved for one customer or one way of selling: reserved, on demand, spot."""

    label: A[str | None, is_("what it is called")] = None
    hours_fraction: A[Fraction | None, is_("share of the available hours")] = None
    contract_price_usd_per_gpu_hour: A[
        Amount | None, is_("price of a paid GPU-hour, the same in all years of the term")
    ] = None
    contract_term_years: A[
        Years | None, is_("years of the contract; the economic life if not stated")
    ] = None
    take_or_pay_fraction: A[
        Fraction, is_("share of its hours that is paid for whether used or not")
    ] = 1.0
    use_fraction: A[
        Fraction | None,
        is_("share of its hours that is used; the utilisation of other hours if not stated"),
    ] = None
    default_probability_per_year: A[
        FractionBelowOne, is_("probability that the customer defaults within a year")
    ] = 0.0
    vacancy_years: A[RampYears, is_("years that its hours stand empty after a default")] = 0.0
    recovery_fraction: A[
        Fraction, is_("of what is missing after a default, recovered from the customer")
    ] = 0.0
    backstop_fraction: A[Fraction, is_("of what is missing after that, paid by a guarantor")] = 0.0
    prepayment_fraction: A[Fraction, is_("of the undiscounted contract, received at time 0")] = 0.0


class Contract(
    Merchant,
    tag="contract",
    tag_field="kind",
    forbid_unknown_fields=True,
    frozen=True,
    kw_only=True,
):
    """GPU-hours sold in tranches under contract, the rest at the price of the day."""

    tranches: A[
        tuple[Tranche, ...], is_("the contracts, together at most all available hours")
    ] = ()


Facility = Colocation | Owned | Orbital
Revenue = Rental | Contract | Tokens | Subscription
TABLES: dict[str, tuple[type[Struct], ...]] = {
    "hardware": (Hardware,),
    "facility": (Colocation, Owned, Orbital),
    "power": (Power,),
    "operations": (Operations,),
    "finance": (Finance,),
    "revenue": (Rental, Contract, Tokens, Subscription),
}
