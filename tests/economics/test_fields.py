"""The numbers of a scenario by their flat names."""

import pytest
from racks import reference

from economics import scenario
from economics.scenario.fields import bounds, field_paths, field_type, is_whole, known_fields


def test_every_field_has_one_place():
    paths = field_paths()
    assert paths["utilisation"] == "revenue.utilisation"
    assert paths["pue"] == "facility.pue"
    assert "timing" not in paths
    assert len(set(paths.values())) == len(paths)


@pytest.mark.parametrize(
    ("field", "whole", "limits"),
    [
        ("gpu_per_rack", True, (1.0, 1e7)),
        ("utilisation", False, (0.0, 1.0)),
        ("wacc_per_year", False, (-1.0 + 1e-9, 1.0)),
        ("tax_depreciation_then_life_years", False, (0.01, 100.0)),
        ("tax_depreciation_fraction", False, (0.0, 1.0)),
    ],
)
def test_types_and_bounds(field, whole, limits):
    bonus = {
        "method": "bonus",
        "fraction": 0.4,
        "then": {"method": "straight_line", "life_years": 5},
    }
    found = field_type(field, scenario(reference(finance={"tax_depreciation": bonus})).scenario)
    assert is_whole(found) is whole
    assert bounds(found) == limits


NO_NUMBERS = [
    "timing",
    "facility_capex_usd_per_kw",
    "book_depreciation_life_years",
    "npv_usd_per_rack",
    "price_path_usd_per_gpu_hour",
]


@pytest.mark.parametrize("field", NO_NUMBERS)
def test_what_is_no_number_of_this_scenario(field):
    assert field_type(field, scenario(reference()).scenario) is None


def test_what_can_vary():
    names = known_fields(
        scenario(
            reference(finance={"book_depreciation": {"method": "straight_line", "life_years": 5}})
        ).scenario
    )
    assert {"utilisation", "gpu_per_rack", "book_depreciation_life_years"} <= names
    assert "launch_price_usd_per_kg" not in names
