"""What single instructions on whole numbers and bits give, against Python's integers, at the edges
and elsewhere.
"""

import operator
from itertools import product

import numpy as np
import pytest
from extremes import BITS, COMPARISONS, A, B, bounds, check_whole, edges, wrapped
from trial import each


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
