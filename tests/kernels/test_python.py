"""The text of a trace: what it computes, and that it neither skips what may fail nor nests too
deeply.
"""

from math import exp, expm1, inf, isnan, log1p, nan

import pytest

from kernels.engines.floats.function import Scalars
from kernels.engines.floats.python import source
from kernels.language.profile import Profile
from kernels.language.verbs import FLOATS


def write_function(formula, *numbers, codes=None):
    """What a formula of numbers and verbs gives as text."""
    tracer = Scalars()
    values = formula(*(tracer.lift(x) for x in numbers), tracer)
    values = values if isinstance(values, tuple) else (values,)
    text = source(tracer.inputs, values, codes or [None] * len(values), [])
    scope = {"Profile": Profile, "exp": exp, "expm1": expm1, "log1p": log1p, "inf": inf, "nan": nan}
    exec(text, scope)
    return text, scope["function"]


def agrees(formula, *numbers):
    """The text, once it is sure that it gives what the formula gives of floats."""
    text, function = write_function(formula, *numbers)
    expected = formula(*numbers, FLOATS)
    assert function(*numbers) == (expected if isinstance(expected, tuple) else (expected,))
    return text


def test_each_operation():
    def formula(a, b, xp):
        either = (a < b) & (a <= b) | (a > b) ^ (a >= b)
        return (
            *(
                a + b,
                a - b,
                2.0 * a / b,
                -1.0 * a,
                xp.where(either, a, b),
                xp.where((a == b) ^ True, a, b),
                xp.where(a != b, a, b),
            ),
            *(
                xp.minimum(a, b),
                xp.maximum(a, b),
                xp.compound(a, b),
                xp.excess(a, b),
                xp.compound(0.25, b),
            ),
            xp.where((a < b) == (b > a), a, b),
        )

    agrees(formula, 0.5, 3.0)
    agrees(formula, 3.0, 0.5)
    agrees(formula, 2.0, 2.0)


def test_a_whole_year_takes_no_power():
    _, function = write_function(lambda a, b, xp: xp.compound(a, b), 0.35, 3.0)
    assert function(0.35, 1.0) == (1.35,) != (exp(log1p(0.35)),)


def test_what_is_used_once_stands_where_it_is_used():
    assert agrees(lambda a, b, xp: (a + b) * (a - b), 5.0, 2.0).count("\n") == 4
    assert "v1 = (x0 + x1)" in agrees(lambda a, b, xp: (a + b) * (a + b) * a, 5.0, 2.0)


def test_long_sums_are_cut():
    def formula(a, xp):
        for _ in range(500):
            a = a + a * 0.5 - 1.0
        total = a
        for k in range(500):
            total = (total + float(k)) * 0.5
        return total

    agrees(formula, 3.0)


@pytest.mark.parametrize(
    "formula",
    [
        lambda a, b, xp: xp.where(b > 1.0, a / b, 0.0),
        lambda a, b, xp: xp.where(b > 1.0, (a / b) * 2.0 + 1.0, 0.0),
        lambda a, b, xp: xp.where((b > 1.0) & (a / b > 1.0), 1.0, 2.0),
        lambda a, b, xp: xp.where((b <= 1.0) | (a / b > 1.0), 1.0, 2.0),
        lambda a, b, xp: xp.iterate(lambda x: ((x + 1.0,), x < 3.0), (a / b,), 9, only=b > 1.0)[0],
    ],
)
def test_what_floats_fail_at_is_never_skipped(formula):
    _, function = write_function(formula, 1.0, 2.0)
    with pytest.raises(ZeroDivisionError):
        function(1.0, 0.0)
    with pytest.raises(ZeroDivisionError):
        formula(1.0, 0.0, FLOATS)


def test_an_overflow_is_left_to_the_floats():
    _, function = write_function(lambda a, xp: xp.excess(a, 10_000.0), 0.5)
    with pytest.raises(OverflowError):
        function(0.5)


def halved(a, xp):
    """A repetition without series, with a state that nobody changes and one that swaps."""
    return xp.iterate(
        lambda x, y, z: ((y, 0.5 * x, z), y > 0.01 * z), (a, a + 1.0, 3.0), 50, only=a > 1.0
    )


@pytest.mark.parametrize("a", [0.5, 1.5, 40.0])
def test_a_repetition(a):
    agrees(halved, a)


def root(a, b, xp):
    """A repetition with two series, and a loop over each and over both; a choice around them."""

    def turn(x, seen, one, two):
        (value,) = xp.fold(lambda v, c: (v * x + c,), (0.0,), one)
        low, high = xp.fold(lambda v, w, c, d: (w, v * x + c * d), (x, 1.0), one, two)
        return (0.5 * (x + 1.0 / (1.0 + value * value)), seen + low + high), seen < 60.0

    one, two = Profile((a, b, 2.0)), Profile((b, 1.0, b - a))
    return xp.iterate(turn, (a, 0.0), 30, one, two, only=a < b)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.75), (2.0, 1.0), (1.0, 3.0)])
def test_loops_over_kept_series(a, b):
    text = agrees(root, a, b)
    assert text.count("for ") == 3


def nested(a, b, xp):
    """A repetition inside a repetition that takes from both."""

    def outer(x, k):
        (inner,) = xp.iterate(lambda y: ((y * 0.5 + b + x,), y > x), (x + 4.0,), 7)
        return (inner * 0.25 + a, k + 1.0), k < 5.0

    return xp.iterate(outer, (a, 0.0), 40)


def test_repetitions_inside_one_another():
    assert agrees(nested, 0.5, 0.25).count("for _ in") == 2


def test_a_repetition_without_an_end_stops_at_its_limit():
    agrees(lambda a, xp: xp.iterate(lambda x: ((x + a,), True), (a,), 12), 0.5)
    agrees(lambda a, xp: xp.iterate(lambda x: ((x,), x < a), (a,), 12), 0.5)


def test_values_that_say_nothing_bring_the_others_along():
    tracer = Scalars()
    a = tracer.lift(2.0)
    scope = {"Profile": Profile, "nan": nan}
    values = (tracer.where(a > 1.0, a, nan), Profile((a, tracer.where(a > 0.5, 1.0, nan))))
    exec(source(tracer.inputs, values, [tracer.where(a > 1.0, 0.0, 1.0), None], [a * 3.0]), scope)
    first, series, code = scope["function"](2.0)
    assert (first, series.values, code) == (2.0, (2.0, 1.0), 0.0)
    first, series, code = scope["function"](0.75)
    assert isnan(first)
    assert (series.values, code) == ((0.75, 1.0), 1.0)
    assert scope["function"](0.25)[2:] == (1.0, 0.75)


def test_numbers_are_written_as_they_are():
    _, function = write_function(
        lambda a, xp: (a * -0.0, a * nan, a * inf, a - -2.5, a * 5e-324, a + 0.1),
        0.5,
        codes=[1.0] * 6,
    )
    negative_zero, not_a_number, *others = function(0.5)[:6]
    assert str(negative_zero) == "-0.0"
    assert isnan(not_a_number)
    assert others == [inf, 3.0, 0.5 * 5e-324, 0.6]
