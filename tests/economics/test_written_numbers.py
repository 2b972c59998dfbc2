"""Percentages are exact, and what is no number says what was likely meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from economics.vocabulary.written_numbers import hint, number, percentage


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8%", 0.08),
        (" 8.5 % ", 0.085),
        ("-2.5%", -0.025),
        ("+.5%", 0.005),
        ("120%", 1.2),
        ("7.%", 0.07),
        ("0.1%", 0.001),
    ],
)
def test_a_percentage_is_the_decimal_that_it_says(text, value):
    assert percentage(text) == number(text) == value


@given(st.integers(0, 10_000_000), st.integers(0, 5))
def test_it_is_the_float_nearest_to_the_decimal(digits, places):
    from fractions import Fraction

    written = f"{digits // 10**places}.{digits % 10**places:0{max(places, 1)}d}"
    assert percentage(f"{written}%") == float(Fraction(written) / 100)


@pytest.mark.parametrize(
    "text", ["8", "%", "", "8%%", "8e1%", "1,000%", "1_0%", "nan%", "inf%", "eight%", "8% a year"]
)
def test_nothing_else_is_one(text):
    assert percentage(text) is None


@pytest.mark.parametrize(
    ("value", "bounds", "meant"),
    [
        (8, (-1.0, 1.0), 'did you mean 0.08 or "8%"?'),
        (-3.0, (-1.0, 1.0), 'did you mean -0.03 or "-3%"?'),
        (21, (0.0, 1.0), 'did you mean 0.21 or "21%"?'),
        (8.25, (0.0, 1.0), 'did you mean 0.0825 or "8.25%"?'),
        (100, (0.0, 1.0), 'did you mean 1.0 or "100%"?'),
        (100, (0.0, 1.0 - 1e-9), ""),
        (-8, (0.0, 1.0), ""),
        (101, (0.0, 1.0), ""),
        (0.5, (0.6, 1.0), ""),
        (120, (1.0, 100.0), ""),
        (True, (0.0, 1.0), ""),
        (None, (0.0, 1.0), ""),
        ("30,000", (0.0, 1e15), "did you mean 30000, without quotes?"),
        ("30_000", (0.0, 1e15), "did you mean 30000, without quotes?"),
        ("1 200 000.5", (0.0, 1e15), "did you mean 1200000.5, without quotes?"),
        ("0,08", (0.0, 1.0), "did you mean 0.08, without quotes?"),
        ("0.7", (0.0, 1.0), "did you mean 0.7, without quotes?"),
        ("nan", (0.0, 1.0), ""),
        ("inf", (0.0, 1.0), ""),
        ("3,0,0", (0.0, 1e15), ""),
        ("9" * 50, (0.0, 1.0), ""),
    ],
)
def test_what_was_likely_meant(value, bounds, meant):
    assert hint(value, *bounds).removeprefix("; ") == meant
