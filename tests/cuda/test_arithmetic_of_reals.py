"""What single instructions on reals give, against numpy's float64, at the edges and elsewhere."""

import math
import operator
from fractions import Fraction

import numpy as np
import pytest
from extremes import BITS, COMPARISONS, REALS, A, B, bits, bounds, edges, wrapped
from trial import each


@pytest.mark.parametrize("name", ["add", "sub", "mul", "truediv"])
def test_reals_round_as_ieee_says(name):
    instruction = {"truediv": "div"}.get(name, name)
    with np.errstate(all="ignore"):
        expected = getattr(operator, name)(A, B)
    assert (
        bits(each(f"{instruction}.rn.f64", "f64", ("f64", A), ("f64", B))) == bits(expected)
    ).all()


def test_a_quotient_is_the_nearest():
    for a, b, found in zip(A, B, each("div.rn.f64", "f64", ("f64", A), ("f64", B)), strict=True):
        if math.isfinite(a) and math.isfinite(b) and b and math.isfinite(found):
            error = abs(Fraction(found) - Fraction(a) / Fraction(b))
            assert (
                error
                <= min(
                    abs(Fraction(math.nextafter(found, way)) - Fraction(found))
                    for way in (-1.7e308, 1.7e308)
                )
                / 2
                + error / 2
            )


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [("sqrt.rn", np.sqrt), ("neg", np.negative), ("abs", np.abs), ("rcp.rn", np.reciprocal)],
)
def test_reals_of_one(instruction, expected):
    with np.errstate(all="ignore"):
        assert (
            bits(each(f"{instruction}.f64", "f64", ("f64", REALS))) == bits(expected(REALS))
        ).all()


@pytest.mark.parametrize("name", ["min", "max"])
def test_extremes_prefer_numbers_and_know_the_sign_of_zero(name):
    def expected(a, b):
        if math.isnan(a) or math.isnan(b):
            return a if math.isnan(b) else b
        return {"min": min, "max": max}[name]((a, b), key=lambda one: (one, math.copysign(1, one)))

    found = each(f"{name}.f64", "f64", ("f64", A), ("f64", B))
    assert (
        bits(found) == bits(np.array([expected(a, b) for a, b in zip(A, B, strict=True)]))
    ).all()


@pytest.mark.parametrize(
    "name", [*COMPARISONS, *(f"{name}u" for name in COMPARISONS), "num", "nan"]
)
def test_comparisons_of_reals_ordered_and_not(name):
    unordered = np.isnan(A) | np.isnan(B)
    if name in ("num", "nan"):
        expected = unordered == (name == "nan")
    else:
        holds = eval(f"A {COMPARISONS[name[:2]]} B")
        expected = holds | unordered if name.endswith("u") else holds & ~unordered
    assert (each(f"setp.{name}.f64", "pred", ("f64", A), ("f64", B)) == expected).all()


ROUNDED = {"rzi": math.trunc, "rni": round, "rmi": math.floor, "rpi": math.ceil}
NUMBERS = np.array(
    [
        *REALS,
        0.5,
        1.5,
        2.5,
        -0.5,
        -1.5,
        2147483647.0,
        2147483647.5,
        2147483648.0,
        -2147483648.5,
        -2147483649.0,
        4294967295.5,
        2.0**63,
        1e19,
        2.0**64,
    ]
)


@pytest.mark.parametrize("rounding", ROUNDED)
@pytest.mark.parametrize("kind", ["s32", "u32", "s64", "u64"])
def test_reals_to_integers_are_clamped(kind, rounding):
    low, high = bounds(kind)

    def expected(number):
        if math.isnan(number):
            return wrapped(1 << BITS[kind] - 1, kind)
        return (
            max(low, min(high, ROUNDED[rounding](number)))
            if math.isfinite(number)
            else high
            if number > 0
            else low
        )

    assert each(f"cvt.{rounding}.{kind}.f64", kind, ("f64", NUMBERS)).tolist() == [
        expected(number) for number in NUMBERS.tolist()
    ]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [("rzi", np.trunc), ("rni", np.rint), ("rmi", np.floor), ("rpi", np.ceil)],
)
def test_reals_to_whole_reals(rounding, expected):
    assert (
        bits(each(f"cvt.{rounding}.f64.f64", "f64", ("f64", NUMBERS))) == bits(expected(NUMBERS))
    ).all()


@pytest.mark.parametrize("kind", ["s32", "u32", "s64", "u64"])
def test_integers_to_reals_round_to_the_nearest(kind):
    numbers = [
        *edges(kind),
        *(
            number
            for number in (2**53 + 1, 2**62 + 2**9 + 1, 2**63 + 2**10 + 1)
            if number <= bounds(kind)[1]
        ),
    ]
    assert each(f"cvt.rn.f64.{kind}", "f64", (kind, numbers)).tolist() == [
        float(number) for number in numbers
    ]
