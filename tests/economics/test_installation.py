"""The tables of a scenario."""

import msgspec
import pytest

from economics.models.rack import TABLES
from economics.records.installation import Colocation, Facility, Hardware, Orbital, Owned, Power

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
    ("record", "field", "off"),
    [
        (Hardware, "availability", 1.0),
        (Hardware, "idle_load_fraction", 1.0),
        (Hardware, "rack_count", 1),
        (Hardware, "residual_fraction", 0.0),
        (Owned, "facility_opex_usd_per_kw_year", 0.0),
        (Orbital, "satellite_price_usd_per_kw", 0.0),
        (Power, "electricity_escalation_per_year", 0.0),
    ],
)
def test_the_default_is_the_off_value(record, field, off):
    assert getattr(record(), field) == off
