"""The rack, its building, its power and its operations as typed records: one field, one bound, one
line of meaning. `None` stands for "not stated".
"""

from typing import Annotated as A

from msgspec import Struct

from economics.vocabulary.bounds import (
    Amount,
    Count,
    Factor,
    Fraction,
    FractionBelowOne,
    PositiveAmount,
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
    job_gpu: A[Count | None, is_("GPUs that one job runs on; the failure of any stops it")] = None
    mtbf_gpu_hour: A[
        PositiveAmount | None, is_("GPU-hours between two failures that stop a job")
    ] = None
    hours_lost_per_interruption: A[
        Amount | None, is_("hours of a job that one interruption costs")
    ] = None


Facility = Colocation | Owned | Orbital
