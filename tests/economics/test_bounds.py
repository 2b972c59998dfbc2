"""Numbers have a lower and an upper bound, so that NaN and infinity have no place."""

import msgspec
import pytest

from economics.vocabulary import bounds


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("Amount", (0.0, 1e15), (-1e-9, 1.1e15)),
        ("Count", (1, 10_000_000), (0, 10_000_001, 1.5)),
        ("Factor", (1.0, 100.0), (0.999, 100.1)),
        ("Fraction", (0.0, 1.0), (-0.001, 1.001)),
        ("FractionBelowOne", (0.0, 0.999), (1.0, -0.1)),
        ("PositiveFactor", (1e-9, 100.0), (0.0, 101.0)),
        ("Rate", (-0.999, 0.0, 1.0), (-1.0, 1.1)),
        ("DeclineRate", (-0.999, 1.0), (-1.0, 1.1)),
        ("Years", (0.01, 100.0), (0.0, -1.0, 100.1)),
        ("RampYears", (0.0, 100.0), (-0.1, 100.1)),
    ],
)
def test_bounds(kind, good, bad):
    number = getattr(bounds, kind)
    for value in good:
        assert msgspec.convert(value, number) == value
    for value in (*bad, float("nan"), float("inf"), -float("inf"), "1", None, True):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(value, number)
