"""Figures to be read."""

import pytest

from service.cli import figures
from service.cli.figures import measure


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (float("nan"), "-"),
        (0.0, "0"),
        (-0.0, "0"),
        (5.0, "5"),
        (0.71534, "0.7153"),
        (-2.98714, "-2.9871"),
        (180.1546, "180.15"),
        (12_345.678, "12,345.68"),
        (4_320_000.4, "4,320,000"),
        (-1_438_252.8, "-1,438,253"),
        (0.0000123456, "1.235e-05"),
        (1.5e18, "1.5e+18"),
    ],
)
def test_numbers_are_read_at_a_glance(value, text):
    assert figures.number(value) == text


def test_numbers_of_one_line_are_alike():
    assert figures.measure("npv_usd", "usd").figures((87_281.96, 2.2e-9, -0.2, None)) == [
        "87,282",
        "0",
        "0",
        "-",
    ]
    assert figures.measure("npv_usd", "usd").figures((1.25, 0.5)) == ["1.2500", "0.5000"]


@pytest.mark.parametrize(
    ("name", "unit", "value", "text"),
    [
        ("irr_per_year", "1/year", 0.1905, "19.05 % a year"),
        ("finance.wacc_per_year", "1/year", 0.1, "10 % a year"),
        ("headroom_fraction", "1", -0.28789, "-28.79 %"),
        ("tranches[1].hours_fraction", "1", 0.07, "7 %"),
        ("tax_depreciation_fraction_by_year[2]", "1", 0.32, "32 %"),
        ("breakeven_utilisation", "1", None, "- %"),
        ("tax_rate", "1", 0.00001, "0.0010 %"),
        ("margin_fraction", "1", -12345.6, "-1,234,560 %"),
        ("min_dscr", "1", 1.30187, "1.3019 x"),
        ("pue", "1", 1.25, "1.2500"),
        ("residual_discount_factor", "1", 0.5, "0.5000"),
        ("debt_tenor_years", "years", 5.0, "5 years"),
    ],
)
def test_rates_and_fractions_are_read_in_percent(name, unit, value, text):
    assert measure(name, unit).text(value) == text


def test_a_percentage_among_other_figures_says_so():
    assert measure("utilisation", "1").short(0.6) == "60 %"
    assert measure("utilisation", "1").short(None) == "-"
    assert measure("pue", "1").short(1.2) == "1.2000"


def test_a_name_bears_its_unit_where_it_has_one():
    assert measure("moic", "1").label("moic") == "moic [x]"
    assert measure("pue", "1").label("pue") == "pue"


def test_percentages_of_one_line_keep_their_digits():
    assert measure("tax_rate", "1").figures((25.0, 0.125, None)) == ["2,500", "12.50", "-"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1.0, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (61.0, "1 min 1 s"),
        (3600.0, "1 h"),
        (3605.0, "1 h"),
        (7_800.0, "2 h 10 min"),
        (86_399.7, "1 d"),
        (90_000.0, "1 d 1 h"),
    ],
)
def test_a_time_has_two_units_at_most(seconds, text):
    assert figures.duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (3_140_000_000, "3.1 GB"),
        (5 * 10**16, "50,000.0 TB"),
    ],
)
def test_a_size_is_in_the_unit_that_fits(count, text):
    assert figures.size(count) == text
