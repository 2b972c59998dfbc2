"""The table of finance: what it picks, what no single field of it can tell."""

import msgspec
import pytest
from racks import CHOICES, reference

from economics import Problem, scenario
from economics.formulas.depreciation import Method
from economics.records.finance import Finance, check_finance, finance_choices


def test_records_are_frozen_and_hashable():
    method = msgspec.convert({"method": "macrs", "recovery_years": 5}, Method)
    with pytest.raises(AttributeError):
        method.recovery_years = 7
    assert hash(Finance(tax_depreciation=method)) == hash(Finance(tax_depreciation=method))


@pytest.mark.parametrize(
    ("field", "off"),
    [
        ("tax_rate", 0.0),
        ("loss_treatment", "refund"),
        ("loss_limit_fraction", 1.0),
        ("amortisation", "level"),
        ("basis_at_disposal", "written_off"),
        ("periods_per_year", 12),
        ("timing", "end"),
        ("cost_of_equity_per_year", None),
    ],
)
def test_the_default_is_the_off_value(field, off):
    assert getattr(Finance(), field) == off


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"finance": {"debt_fraction": 0.5}}, "finance.debt_rate_per_year"),
        ({"finance": {"target_dscr": 1.3}}, "finance.target_dscr"),
        (
            {"finance": {"amortisation": "sculpted", "debt_rate_per_year": 0.1}},
            "finance.target_dscr",
        ),
    ],
)
def test_fields_that_do_not_go_together(changes, where):
    with pytest.raises(Problem) as caught:
        scenario(reference(**changes))
    assert caught.value.where == where


def test_an_error_says_what_else_is_stated():
    with pytest.raises(Problem, match=r"a rate, because there is debt \(finance.debt_fraction\)"):
        check_finance(Finance(debt_fraction=0.5))
    with pytest.raises(Problem, match=r"finance.target_dscr = 1.3: leave it out unless"):
        check_finance(Finance(target_dscr=1.3))
    sculpted = Finance(amortisation="sculpted", target_dscr=1.3)
    with pytest.raises(Problem, match=r"debt_rate_per_year is not stated: .* because amortisation"):
        check_finance(sculpted)


@pytest.mark.parametrize(
    "finance",
    [
        Finance(),
        Finance(debt_fraction=0.0),
        Finance(debt_fraction=0.5, debt_rate_per_year=0.0),
        Finance(amortisation="sculpted", target_dscr=1.3, debt_rate_per_year=0.08),
    ],
    ids=["nothing", "no debt", "free debt", "sculpted"],
)
def test_sound_finance_passes(finance):
    assert check_finance(finance) is None


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        (None, "default"),
        ({"method": "macrs", "recovery_years": 5}, "method"),
        ({"method": "units_of_production", "life_years": 5}, "by_use"),
    ],
)
def test_books_and_tax_pick_their_formulas_apart(stated, kind):
    tables = reference(finance={"tax_depreciation": stated, "loss_treatment": "carry_forward"})
    picked = finance_choices(scenario(tables).scenario.finance)
    expected = {"tax_depreciation": kind, "loss_treatment": "carry_forward"}
    assert picked == {name: {**CHOICES, **expected}[name] for name in picked}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("periods_per_year", 2),
        ("tax_rate", 1.1),
        ("timing", "start"),
        ("target_dscr", 0),
        ("wacc_per_year", -1),
    ],
)
def test_what_a_field_cannot_be(field, wrong):
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert({field: wrong}, Finance)
