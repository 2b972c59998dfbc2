"""What single instructions give, against Python's integers and numpy's float64, at the edges and
elsewhere.
"""

import math
import operator
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from trial import each

EDGES = [
    0.0,
    1.0,
    1.5,
    3.0,
    0.1,
    1e308,
    1.7976931348623157e308,
    5e-324,
    2.2250738585072014e-308,
    1e-310,
    math.inf,
    math.nan,
    2.0**53,
    1e-20,
]
REALS = np.array([*EDGES, *(-edge for edge in EDGES), *np.random.default_rng(7).normal(size=20)])
A, B = (np.array(side) for side in zip(*product(REALS, REALS), strict=True))
BITS = {
    "u32": 32,
    "s32": 32,
    "b32": 32,
    "u64": 64,
    "s64": 64,
    "b64": 64,
    "u16": 16,
    "s16": 16,
    "b16": 16,
}


def bits(values):
    """The bits of float64, with one NaN."""
    return np.where(np.isnan(values), np.nan, values).view(np.uint64)


def edges(kind):
    """Whole numbers of a type: its bounds, what is next to them, and others."""
    low, high = bounds(kind)
    near = [
        low,
        low + 1,
        low // 3,
        -8,
        -3,
        -2,
        -1,
        0,
        1,
        2,
        3,
        7,
        31,
        32,
        33,
        63,
        64,
        100,
        255,
        high // 2,
        high // 3,
        high - 1,
        high,
    ]
    return [number for number in dict.fromkeys(near) if low <= number <= high]


def bounds(kind):
    return (
        (-(2 ** (BITS[kind] - 1)), 2 ** (BITS[kind] - 1) - 1)
        if kind[0] == "s"
        else (0, 2 ** BITS[kind] - 1)
    )


def wrapped(number, kind):
    """A whole number as what a type keeps of it."""
    number %= 2 ** BITS[kind]
    return (
        number - 2 ** BITS[kind] if kind[0] == "s" and number >= 2 ** (BITS[kind] - 1) else number
    )


def check_whole(instruction, kind, expected, count=2, result=None, second=None):
    """Every pair (or triple) of edges gives what Python's integers give."""
    kinds = [kind, second or kind, kind][:count]
    cases = list(product(*(edges(one) for one in kinds)))
    columns = [(one, column) for one, column in zip(kinds, zip(*cases, strict=True), strict=True)]
    result = result or kind
    assert each(instruction, result, *columns).tolist() == [
        wrapped(expected(*case), result) for case in cases
    ]


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


COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


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


@pytest.mark.parametrize("kind", ["s16", "u16", "s32", "u32", "s64", "u64"])
@pytest.mark.parametrize("name", [*COMPARISONS, "lo", "ls", "hi", "hs"])
def test_comparisons_of_integers(name, kind):
    if name in COMPARISONS or kind[0] == "u":
        symbol = COMPARISONS.get(name) or {"lo": "<", "ls": "<=", "hi": ">", "hs": ">="}[name]
        cases = list(product(edges(kind), edges(kind)))
        first, second = (column for column in zip(*cases, strict=True))
        found = each(f"setp.{name}.{kind}", "pred", (kind, first), (kind, second))
        assert found.tolist() == [eval(f"{a} {symbol} {b}") for a, b in cases]


@pytest.mark.parametrize("combination", ["and", "or", "xor"])
def test_a_comparison_combined_with_a_condition(combination):
    a, b, c = np.array([1, 1, 2, 2]), np.array([1, 2, 1, 2]), np.array([True, False, True, True])
    expected = {"and": (a < b) & c, "or": (a < b) | c, "xor": (a < b) ^ c}[combination]
    assert (
        each(f"setp.lt.{combination}.s32", "pred", ("s32", a), ("s32", b), ("pred", c)) == expected
    ).all()


@pytest.mark.parametrize("kind", ["s16", "u16", "s32", "u32", "s64", "u64"])
def test_integers_wrap_around(kind):
    check_whole(f"add.{kind}", kind, operator.add)
    check_whole(f"sub.{kind}", kind, operator.sub)
    check_whole(f"mul.lo.{kind}", kind, operator.mul)
    check_whole(f"min.{kind}", kind, min)
    check_whole(f"max.{kind}", kind, max)


@pytest.mark.parametrize("kind", ["s16", "u16", "s32", "u32", "s64", "u64"])
def test_high_and_wide_products(kind):
    check_whole(f"mul.hi.{kind}", kind, lambda a, b: a * b >> BITS[kind])
    if BITS[kind] < 64:
        check_whole(f"mul.wide.{kind}", kind, operator.mul, result=f"{kind[0]}{2 * BITS[kind]}")


@pytest.mark.parametrize("kind", ["s32", "u32", "s64", "u64"])
def test_multiply_and_add(kind):
    check_whole(f"mad.lo.{kind}", kind, lambda a, b, c: a * b + c, count=3)
    check_whole(f"mad.hi.{kind}", kind, lambda a, b, c: (a * b >> BITS[kind]) + c, count=3)


@pytest.mark.parametrize("kind", ["s16", "u16", "s32", "u32", "s64", "u64"])
def test_division_goes_towards_zero(kind):
    cases = [
        (a, b)
        for a, b in product(edges(kind), edges(kind))
        if b and (a, b) != (bounds(kind)[0], -1)
    ]
    first, second = ((kind, column) for column in zip(*cases, strict=True))
    quotients = [abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1) for a, b in cases]
    assert each(f"div.{kind}", kind, first, second).tolist() == quotients
    assert each(f"rem.{kind}", kind, first, second).tolist() == [
        a - q * b for (a, b), q in zip(cases, quotients, strict=True)
    ]


@pytest.mark.parametrize("kind", ["s16", "s32", "s64"])
def test_signs_of_integers(kind):
    check_whole(f"neg.{kind}", kind, operator.neg, count=1)
    check_whole(f"abs.{kind}", kind, abs, count=1)


@pytest.mark.parametrize("kind", ["b16", "b32", "b64"])
def test_bits(kind):
    check_whole(f"and.{kind}", kind, operator.and_)
    check_whole(f"or.{kind}", kind, operator.or_)
    check_whole(f"xor.{kind}", kind, operator.xor)
    check_whole(f"not.{kind}", kind, operator.invert, count=1)
    check_whole(f"shl.{kind}", kind, lambda a, b: a << b if b < BITS[kind] else 0, second="u32")


@pytest.mark.parametrize("kind", ["s16", "u16", "s32", "u32", "s64", "u64"])
def test_shifts_right(kind):
    check_whole(f"shr.{kind}", kind, lambda a, b: a >> min(b, 100), second="u32")
    assert each(f"shr.{kind}", kind, (kind, edges(kind)), "3").tolist() == [
        a >> 3 for a in edges(kind)
    ]


@pytest.mark.parametrize("kind", ["b32", "b64"])
def test_counts_of_bits(kind):
    check_whole(f"popc.{kind}", kind, int.bit_count, count=1, result="u32")
    check_whole(f"clz.{kind}", kind, lambda a: BITS[kind] - a.bit_length(), count=1, result="u32")
    check_whole(f"brev.{kind}", kind, lambda a: int(f"{a:0{BITS[kind]}b}"[::-1], 2), count=1)


def field(a, start, length, kind):
    """bfe, bit by bit as the manual has it."""
    start, length, top = start & 255, length & 255, BITS[kind] - 1
    sign = 0 if kind[0] == "u" or not length else a >> min(start + length - 1, top) & 1
    return sum(
        (a >> (start + bit) & 1 if bit < length and start + bit <= top else sign) << bit
        for bit in range(top + 1)
    )


COUNTS = [0, 1, 5, 31, 32, 33, 63, 64, 200, 255, 256, 261]


@pytest.mark.parametrize("kind", ["u32", "s32", "u64", "s64"])
def test_fields_of_bits(kind):
    cases = list(product(edges(kind), COUNTS, COUNTS))
    a, start, length = (column for column in zip(*cases, strict=True))
    found = each(f"bfe.{kind}", kind, (kind, a), ("u32", start), ("u32", length))
    assert found.tolist() == [wrapped(field(*case, kind), kind) for case in cases]


@pytest.mark.parametrize("kind", ["b32", "b64"])
def test_fields_are_put_in(kind):
    def expected(a, b, start, length):
        start, length = start & 255, length & 255
        places = [bit for bit in range(length) if start + bit < BITS[kind] and bit < BITS[kind]]
        return b & ~sum(1 << start + bit for bit in places) | sum(
            (a >> bit & 1) << start + bit for bit in places
        )

    cases = list(product(edges(kind)[::2], edges(kind)[::3], COUNTS, COUNTS))
    a, b, start, length = (column for column in zip(*cases, strict=True))
    found = each(f"bfi.{kind}", kind, (kind, a), (kind, b), ("u32", start), ("u32", length))
    assert found.tolist() == [expected(*case) for case in cases]


def test_bytes_are_chosen():
    def expected(a, b, choice):
        both, found = a | b << 32, 0
        for place in range(4):
            nibble = choice >> 4 * place & 15
            byte = both >> 8 * (nibble & 7) & 255
            found |= (255 * (byte >> 7) if nibble & 8 else byte) << 8 * place
        return found

    cases = [
        (0x80C1F203, 0x44D56677, choice)
        for choice in (0x3210, 0x7654, 0xFEDC, 0x0000, 0x8B91, 0x4567, 0x10002)
    ]
    a, b, choice = (("b32", column) for column in zip(*cases, strict=True))
    assert each("prmt.b32", "b32", a, b, choice).tolist() == [expected(*case) for case in cases]


@pytest.mark.parametrize("mode", ["clamp", "wrap"])
def test_funnel_shifts(mode):
    cases = list(
        product([0, 0x80000001, 0xFFFFFFFF], [1, 0xF000000F], [0, 1, 31, 32, 33, 64, 2**32 - 1])
    )
    a, b, amount = (("b32", column) for column in zip(*cases, strict=True))

    def by(amount):
        return min(amount, 32) if mode == "clamp" else amount % 32

    left = [((b << 32 | a) << by(n)) >> 32 & 0xFFFFFFFF for a, b, n in cases]
    right = [(b << 32 | a) >> by(n) & 0xFFFFFFFF for a, b, n in cases]
    assert each(f"shf.l.{mode}.b32", "b32", a, b, amount).tolist() == left
    assert each(f"shf.r.{mode}.b32", "b32", a, b, amount).tolist() == right


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


@pytest.mark.parametrize("given", ["s16", "u16", "s32", "u32", "s64", "u64"])
@pytest.mark.parametrize("wanted", ["s16", "u16", "s32", "u32", "s64", "u64"])
def test_integers_to_integers(given, wanted):
    check_whole(f"cvt.{wanted}.{given}", given, lambda a: a, count=1, result=wanted)
    check_whole(
        f"cvt.sat.{wanted}.{given}",
        given,
        lambda a: max(bounds(wanted)[0], min(bounds(wanted)[1], a)),
        count=1,
        result=wanted,
    )


def test_selection_and_moves_keep_the_bits():
    a, b = A.copy(), B.copy()
    a.view(np.uint64)[0] = 0x7FF8000000000123
    condition = np.arange(len(a)) % 3 == 0
    found = each("selp.f64", "f64", ("f64", a), ("f64", b), ("pred", condition))
    assert (
        found.view(np.uint64) == np.where(condition, a.view(np.uint64), b.view(np.uint64))
    ).all()
    assert (each("mov.b64", "u64", ("f64", a)) == a.view(np.uint64)).all()


def test_conditions():
    a, b = np.array([False, False, True, True]), np.array([False, True, False, True])
    assert (each("and.pred", "pred", ("pred", a), ("pred", b)) == (a & b)).all()
    assert (each("or.pred", "pred", ("pred", a), ("pred", b)) == (a | b)).all()
    assert (each("xor.pred", "pred", ("pred", a), ("pred", b)) == (a ^ b)).all()
    assert (each("not.pred", "pred", ("pred", a)) == ~a).all()
