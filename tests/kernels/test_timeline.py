"""Periods and years of a lemonade stand that is open for two and a half years, four seasons
each.
"""

import pytest

from kernels.language.profile import Profile
from kernels.language.timeline import Calendar

SEASONS = Calendar(10, 4)


def test_begun_years_count():
    assert (SEASONS.years, Calendar(8, 4).years, Calendar(1, 12).years) == (3, 2, 1)


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (SEASONS.period, (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
        (SEASONS.year, (1, 2, 3)),
        (SEASONS.year_start, (0, 1, 2)),
        (SEASONS.part_end, (0, 0, 0, 1, 0, 0, 0, 1, 0, 0)),
        (Calendar(10, 4, parts_per_year=2).part_end, (0, 1, 0, 1, 0, 1, 0, 1, 0, 1)),
        (SEASONS.growth(2.0), (1, 1, 1, 1, 2, 2, 2, 2, 4, 4)),
        (Calendar(4, 1).powers(0.5), (0.5, 0.25, 0.125, 0.0625)),
        (Calendar(3, 1).powers(0.5, 8.0), (8, 4, 2)),
        (SEASONS.by_period(Profile((7.0, 8.0, 9.0))), (7, 7, 7, 7, 8, 8, 8, 8, 9, 9)),
    ],
)
def test_series(series, expected):
    assert series.values == expected


def test_the_period_is_made_once():
    assert SEASONS.period is SEASONS.period
