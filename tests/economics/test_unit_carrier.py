"""Units as a carrier: what may be added, multiplied, compounded."""

import pytest

from economics.vocabulary.unit_carrier import UNITS, Truth, Unit, check, parsed
from economics.vocabulary.units import UnitError
from kernels.language.profile import Profile

USD, KW, YEARS, ONE = parsed("x_usd"), parsed("x_kw"), parsed("x_years"), Unit({})
RATE = parsed("wacc_per_year")


def test_units_add_only_to_their_own():
    assert (USD + USD).powers == (USD - USD).powers == {"usd": 1}
    for wrong in (
        lambda: USD + KW,
        lambda: USD - 1.0,
        lambda: 1.0 + USD,
        lambda: USD < KW,
        lambda: USD == 2.0,
    ):
        with pytest.raises(UnitError):
            wrong()


def test_units_multiply():
    assert repr(USD / KW) == "kw^-1 usd^1"
    assert repr(USD / USD) == "1"
    assert repr(2.0 / YEARS) == "year^-1"
    assert repr(USD * 3.0) == repr(3.0 * USD) == "usd^1"


def test_nothing_goes_with_any_unit():
    assert (USD + 0.0).powers == (0.0 + USD).powers == USD.powers
    assert USD * 0.0 == 0.0
    assert isinstance(USD > 0.0, Truth)


def test_a_rate_is_only_compounded():
    for wrong in (
        lambda: RATE + 1.0,
        lambda: RATE + RATE,
        lambda: RATE * 2.0,
        lambda: USD * RATE,
        lambda: 1.0 - RATE,
    ):
        with pytest.raises(UnitError, match="may only be compounded"):
            wrong()
    assert UNITS.compound(RATE, YEARS).powers == UNITS.excess(-1.0 * RATE, 2.0).powers == {}


def test_no_branch_on_a_value():
    for wrong in (USD, USD > 0.0):
        with pytest.raises(UnitError, match=r"use xp\.where"):
            bool(wrong)


def test_a_series_is_checked_step_by_step():
    check("x_usd_by_year", Profile((USD, 0.0)))
    with pytest.raises(UnitError, match=r"gives kw\^1, its name says usd\^1"):
        check("x_usd_by_year", Profile((USD, KW)))


def test_nothing_over_a_unit_is_nothing():
    """The share of a cost that is 0 here: it has no unit that could be wrong."""
    assert 0.0 / USD == 0.0
    assert (1.0 / USD).powers == {"usd": -1}
