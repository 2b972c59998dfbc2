"""People, maintenance, insurance, property tax, software."""

import pytest
from racks import small, value

PARTS = {
    "maintenance_fraction_per_year": (0.04, 125 * 0.04),
    "insurance_fraction_per_year": (0.01, 125 * 0.01),
    "property_tax_fraction_per_year": (0.02, 125 * 0.02),
    "staff_cost_usd_per_rack_year": (7.0, 7.0),
    "software_cost_usd_per_gpu_year": (3.0, 6.0),
    "other_cost_usd_per_rack_year": (11.0, 11.0),
}
RACK = {"gpu_per_rack": 2, "spare_fraction": 0.25}


@pytest.mark.parametrize("field", PARTS)
def test_each_part_alone(field):
    stated, expected = PARTS[field]
    assert value(
        small(hardware=RACK, operations={field: stated}), "operations_cost_usd_per_rack_year"
    ) == pytest.approx(expected)


def test_the_parts_add():
    tables = small(
        hardware=RACK, operations={field: stated for field, (stated, _) in PARTS.items()}
    )
    assert value(tables, "operations_cost_usd_per_rack_year") == pytest.approx(
        sum(expected for _, expected in PARTS.values())
    )


def test_overhead_is_of_revenue_and_no_operations_cost():
    tables = small(operations={"revenue_overhead_fraction": 0.25})
    assert value(tables, "operations_cost_usd_per_rack_year") == 0.0
    assert value(tables, "overhead_usd_per_rack_by_year[1]") == pytest.approx(10.0)
