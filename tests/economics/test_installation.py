"""The tables of a scenario."""

import msgspec
import pytest

from economics.formulas.depreciation import Method
from economics.models.rack import TABLES
from economics.records.finance import Finance
from economics.records.installation import Colocation, Facility, Hardware, Orbital, Owned, Power
from economics.records.revenue import Rental, Revenue, Subscription, Tokens, Tranche

RECORDS = [record for records in TABLES.values() for record in records]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_says_what_it_means(record):
    properties = msgspec.json.schema(record)["$defs"][record.__name__]["properties"]
    for name in record.__struct_fields__:
        assert properties[name].get("description"), name


def test_no_name_stands_in_two_tables():
    """So that a flat name says where a field is."""
    names = [
        (table, name)
        for table, records in TABLES.items()
        for record in records
        for name in record.__struct_fields__
    ]
    tables_of = {name: {table for table, other in names if other == name} for _, name in names}
    assert not {name: tables for name, tables in tables_of.items() if len(tables) > 1}


@pytest.mark.parametrize(
    ("kind", "record"), [("colocation", Colocation), ("owned", Owned), ("orbital", Orbital)]
)
def test_a_kind_picks_a_record(kind, record):
    assert isinstance(msgspec.convert({"kind": kind}, Facility), record)


@pytest.mark.parametrize(
    ("kind", "record"), [("rental", Rental), ("tokens", Tokens), ("subscription", Subscription)]
)
def test_a_kind_of_revenue_picks_a_record(kind, record):
    assert isinstance(msgspec.convert({"kind": kind}, Revenue), record)


@pytest.mark.parametrize(
    ("record", "field", "off"),
    [
        (Hardware, "availability", 1.0),
        (Hardware, "idle_load_fraction", 1.0),
        (Hardware, "rack_count", 1),
        (Hardware, "residual_fraction", 0.0),
        (Owned, "facility_opex_usd_per_kw_year", 0.0),
        (Orbital, "satellite_price_usd_per_kw", 0.0),
        (Power, "electricity_escalation_per_year", 0.0),
        (Finance, "tax_rate", 0.0),
        (Finance, "loss_treatment", "refund"),
        (Finance, "loss_limit_fraction", 1.0),
        (Finance, "amortisation", "level"),
        (Finance, "basis_at_disposal", "written_off"),
        (Finance, "periods_per_year", 12),
        (Finance, "timing", "end"),
        (Finance, "cost_of_equity_per_year", None),
        (Rental, "ramp_years", 0.0),
        (Rental, "price_decline_per_year", 0.0),
        (Tranche, "take_or_pay_fraction", 1.0),
        (Tranche, "default_probability_per_year", 0.0),
        (Tranche, "prepayment_fraction", 0.0),
        (Tranche, "use_fraction", None),
    ],
)
def test_the_default_is_the_off_value(record, field, off):
    assert getattr(record(), field) == off


def test_records_are_frozen_and_hashable():
    method = msgspec.convert({"method": "macrs", "recovery_years": 5}, Method)
    with pytest.raises(AttributeError):
        method.recovery_years = 7
    assert hash(Finance(tax_depreciation=method)) == hash(Finance(tax_depreciation=method))
