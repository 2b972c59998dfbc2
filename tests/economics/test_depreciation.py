"""Depreciation methods by hand, and the law that nothing of the basis is lost."""

import pytest
from hypothesis import given
from racks import asked, reference, small, value, values
from strategies import METHODS, scenarios

from economics.formulas.depreciation import (
    Bonus,
    Custom,
    Macrs,
    StraightLine,
    UnitsOfProduction,
    kind_of,
)
from kernels.language.profile import Profile
from kernels.language.verbs import FLOATS

YEARS, STARTS = Profile((1.0, 2.0, 3.0, 4.0, 5.0)), Profile((0.0, 1.0, 2.0, 3.0, 4.0))
STRAIGHT, DIGITS, DOUBLE = "straight_line", "sum_of_years", "declining_balance"


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (None, [0.2, 0.2, 0.2, 0.2, 0.2]),
        ({"method": STRAIGHT, "life_years": 4}, [0.25, 0.25, 0.25, 0.25, 0]),
        (
            {"method": STRAIGHT, "life_years": 2.5, "salvage_fraction": 0.1},
            [0.36, 0.36, 0.18, 0, 0],
        ),
        ({"method": STRAIGHT, "life_years": 8}, [0.125] * 5),
        ({"method": DIGITS, "life_years": 4}, [0.4, 0.3, 0.2, 0.1, 0]),
        ({"method": DIGITS, "life_years": 2.5}, [2.5 / 4.25, 1.5 / 4.25, 0.25 / 4.25, 0, 0]),
        ({"method": DIGITS, "life_years": 4, "salvage_fraction": 0.5}, [0.2, 0.15, 0.1, 0.05, 0]),
        ({"method": DIGITS, "life_years": 100}, [k / 5050 for k in (100, 99, 98, 97, 96)]),
        (
            {"method": DOUBLE, "factor": 2, "life_years": 5, "switch": False},
            [0.4, 0.24, 0.144, 0.0864, 0.05184],
        ),
        ({"method": DOUBLE, "factor": 2, "life_years": 5}, [0.4, 0.24, 0.144, 0.108, 0.108]),
        (
            {
                "method": DOUBLE,
                "factor": 2,
                "life_years": 5,
                "switch": False,
                "salvage_fraction": 0.2,
            },
            [0.4, 0.24, 0.144, 0.016, 0],
        ),
        (
            {
                "method": DOUBLE,
                "factor": 1,
                "life_years": 2,
                "switch": True,
                "salvage_fraction": 0.0,
            },
            [0.5, 0.5, 0, 0, 0],
        ),
        ({"method": DOUBLE, "factor": 100, "life_years": 2, "switch": True}, [1, 0, 0, 0, 0]),
        ({"method": "macrs", "recovery_years": 5}, [0.2, 0.32, 0.192, 0.1152, 0.1152]),
        (
            {"method": "macrs", "recovery_years": 3, "convention": "mid_quarter_4"},
            [0.0833, 0.6111, 0.2037, 0.1019, 0],
        ),
        (
            {"method": "bonus", "fraction": 0.6, "then": {"method": "macrs", "recovery_years": 3}},
            [0.73332, 0.1778, 0.05924, 0.02964, 0],
        ),
        (
            {"method": "bonus", "fraction": 1.0, "then": {"method": STRAIGHT, "life_years": 5}},
            [1, 0, 0, 0, 0],
        ),
        ({"method": "custom", "schedule": [0.5, 0.25]}, [0.5, 0.25, 0, 0, 0]),
        ({"method": "custom", "schedule": [0.1] * 9}, [0.1] * 5),
        ({"method": "units_of_production", "life_years": 4}, [0.25, 0.25, 0.25, 0.25, 0]),
    ],
)
@pytest.mark.parametrize("kind", ["book", "tax"])
def test_by_hand(method, expected, kind):
    tables = reference(finance={f"{kind}_depreciation": method})
    amounts = [4e6 * share for share in expected]
    assert values(tables, f"{kind}_depreciation_usd_per_rack_year") == pytest.approx(
        amounts, rel=1e-13, abs=1e-8
    )
    assert value(tables, f"{kind}_value_usd_per_rack[5]") == pytest.approx(
        4e6 * (1 - sum(expected)), rel=1e-12, abs=1e-8
    )


def test_by_use_follows_a_ramp():
    """Mean of t / 1.5 over year 1; in year 2 half rises from 2/3 to 1."""
    use = {"method": "units_of_production", "life_years": 5}
    tables = reference(revenue={"ramp_years": 1.5}, finance={"book_depreciation": use})
    levels = [1 / 3, 11 / 12, 1, 1, 1]
    expected = [4e6 * level / sum(levels) for level in levels]
    assert values(tables, "book_depreciation_usd_per_rack_year") == pytest.approx(
        expected, rel=1e-13
    )
    unsold = reference(
        revenue={"ramp_years": 1.5, "utilisation": 0.0}, finance={"book_depreciation": use}
    )
    assert values(unsold, "book_depreciation_usd_per_rack_year") == pytest.approx(
        [8e5] * 5, rel=1e-13
    )


@pytest.mark.parametrize("kind", ["book", "tax"])
@pytest.mark.parametrize("method", METHODS)
def test_depreciation_and_write_off_and_residual_are_the_basis(kind, method):
    @given(scenarios(methods=(method,)))
    def law(scenario):
        answers = asked(
            scenario,
            "it_capex_usd_per_rack",
            "residual_usd_per_rack",
            f"{kind}_depreciation_usd_per_rack_by_year",
            f"{kind}_write_off_usd_per_rack",
            f"{kind}_value_usd_per_rack",
        )
        basis, residual = (
            answers["it_capex_usd_per_rack"].value,
            answers["residual_usd_per_rack"].value,
        )
        written = answers[f"{kind}_depreciation_usd_per_rack_by_year"].values
        write_off = answers[f"{kind}_write_off_usd_per_rack"].value
        book = answers[f"{kind}_value_usd_per_rack"].values
        assert all(amount >= -1e-9 * basis for amount in written)
        assert sum(written) + write_off + residual == pytest.approx(basis, rel=1e-12)
        assert book[0] == basis
        assert book[-1] == pytest.approx(residual + write_off, abs=1e-9 * basis)

    law()


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        (None, "default"),
        (StraightLine(5.0), "method"),
        (Macrs(5), "method"),
        (UnitsOfProduction(5.0), "by_use"),
        (Bonus(0.5, UnitsOfProduction(5.0)), "by_use"),
        (Bonus(0.5, Custom((0.5,))), "method"),
    ],
)
def test_kinds(method, kind):
    assert kind_of(method) == kind


def test_by_use_needs_to_know_the_use():
    with pytest.raises(ValueError, match="needs to know the use"):
        UnitsOfProduction(5.0).fractions(YEARS, STARTS, None, FLOATS)


def test_a_schedule_is_of_the_basis_not_of_the_equipment():
    tables = small(
        hardware={"spare_fraction": 0.25},
        finance={"tax_depreciation": {"method": "custom", "schedule": [1.0]}},
    )
    assert values(tables, "tax_depreciation_usd_per_rack_year")[0] == 125.0
