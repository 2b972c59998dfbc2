"""The printed IRS tables, exactly. Source: IRS Pub. 946, appendix A."""

from decimal import Decimal

import pytest
from oracle_depreciation import MACRS

from economics.formulas.macrs import macrs_fractions

ROWS = [(convention, years) for convention in MACRS for years in MACRS[convention]]


@pytest.mark.parametrize(("convention", "years"), ROWS)
def test_a_row_is_the_printed_one(convention, years):
    """Against a second copy of the tables, typed from the printed page on its own."""
    printed = [float(percent) / 100.0 for percent in MACRS[convention][years].split()]
    assert list(macrs_fractions(years, convention)) == printed
    assert sum(Decimal(percent) for percent in MACRS[convention][years].split()) == 100
    assert len(printed) == years + 1


@pytest.mark.parametrize(("convention", "years"), ROWS)
def test_a_row_follows_from_the_declining_balance(convention, years):
    """200 % (15 years: 150 %) switching to straight line, the first year from the middle of its
    half or quarter: to 0.0138 points.
    """
    first = {
        "half_year": 0.5,
        "mid_quarter_1": 0.875,
        "mid_quarter_2": 0.625,
        "mid_quarter_3": 0.375,
        "mid_quarter_4": 0.125,
    }[convention]
    book, left, shares = 1.0, float(years), []
    for year in range(years + 1):
        part = first if year == 0 else min(1.0, left)
        amount = max(book * (1.5 if years == 15 else 2.0) / years * part, book / left * part)
        shares.append(min(amount, book))
        book, left = book - shares[-1], left - part
    assert macrs_fractions(years, convention) == pytest.approx(shares, abs=1.39e-4)
