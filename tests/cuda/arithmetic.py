"""What PTX means by an operation where numpy means something else, on arrays or single numbers of
one type. A NaN's bits are not kept.
"""

import numpy as np


def smaller(a, b):
    """min of float64: a number before a NaN, -0 before +0."""
    return np.where((a < b) | (b != b) | ((a == b) & np.signbit(a)), a, b)


def larger(a, b):
    """max of float64: a number before a NaN, +0 before -0."""
    return np.where((a > b) | (b != b) | ((a == b) & np.signbit(b)), a, b)


def quotient(a, b):
    """Division of integers towards zero; b is not 0."""
    whole = a // b
    return whole + ((whole * b != a) & ((a < 0) != (b < 0))).astype(whole.dtype)


def remainder(a, b):
    """What division towards zero leaves; b is not 0."""
    return a - quotient(a, b) * b


def high_product(a, b):
    """The upper half of the product of two integers of 64 bits or fewer."""
    bits = 8 * a.dtype.itemsize
    if bits < 64:
        wide = np.int64 if a.dtype.kind == "i" else np.uint64
        return ((a.astype(wide) * b.astype(wide)) >> wide(bits)).astype(a.dtype)
    x, y, half, low = a.view(np.uint64), b.view(np.uint64), np.uint64(32), np.uint64(0xFFFFFFFF)
    x0, x1, y0, y1 = x & low, x >> half, y & low, y >> half
    middle = x1 * y0 + (x0 * y0 >> half)
    high = x1 * y1 + (middle >> half) + ((x0 * y1 + (middle & low)) >> half)
    if a.dtype.kind == "i":
        high = high - np.where(a < 0, y, np.uint64(0)) - np.where(b < 0, x, np.uint64(0))
    return high.view(a.dtype)


def whole_number(value, dtype):
    """A rounded float64 as an integer: the nearest bound where it is out of range, the upper bit
    alone for a NaN.
    """
    bounds = np.iinfo(dtype)
    above, below = value >= float(bounds.max), value <= float(bounds.min)
    odd = dtype.type(1 << (bounds.bits - 1) if bounds.min == 0 else bounds.min)
    inside = np.where(above | below | (value != value), 0.0, value).astype(dtype)
    return np.where(
        above,
        dtype.type(bounds.max),
        np.where(below, dtype.type(bounds.min), np.where(value != value, odd, inside)),
    )


def clipped(value, dtype):
    """An integer as one of another type, the nearest bound where it is out of range."""
    bounds, own = np.iinfo(dtype), np.iinfo(value.dtype)
    return np.clip(
        value,
        value.dtype.type(max(bounds.min, own.min)),
        value.dtype.type(min(bounds.max, own.max)),
    ).astype(dtype)


def shifted_left(a, amount):
    """a << amount, 0 from the width of a on; the amount is uint32."""
    return np.where(amount < 8 * a.dtype.itemsize, a << amount.astype(a.dtype), a.dtype.type(0))


def shifted_right(a, amount):
    """a >> amount, with the sign of a shifted in; from the width of a on nothing else is left."""
    most = np.uint32(8 * a.dtype.itemsize - 1)
    shifted = a >> np.minimum(amount, most).astype(a.dtype)
    return shifted if a.dtype.kind == "i" else np.where(amount > most, a.dtype.type(0), shifted)


def leading_zeros(a):
    """How many bits stand above the highest that is set, as uint32."""
    for step in (1, 2, 4, 8, 16, 32)[: (8 * a.dtype.itemsize).bit_length() - 1]:
        a = a | a >> a.dtype.type(step)
    return (8 * a.dtype.itemsize - np.bitwise_count(a).astype(np.int32)).astype(np.uint32)


def reversed_bits(a):
    """The bits of an unsigned integer in reverse order."""
    bits = 8 * a.dtype.itemsize
    result = a & a.dtype.type(0)
    for bit in range(bits):
        result = result | ((a >> a.dtype.type(bit)) & a.dtype.type(1)) << a.dtype.type(
            bits - 1 - bit
        )
    return result


def field_mask(length, dtype):
    """As many low bits as a length (uint32) says, all from the width of the type on."""
    bits = 8 * dtype.itemsize
    short = (dtype.type(1) << np.minimum(length, np.uint32(bits - 1)).astype(dtype)) - dtype.type(1)
    return np.where(length >= bits, dtype.type(2**bits - 1), short)


def bit_field(a, start, length):
    """`length` bits of a from `start` on (the low 8 bits of each count); in a signed type the
    field's top bit fills the rest.
    """
    start, length = start & np.uint32(255), length & np.uint32(255)
    unsigned = np.dtype(f"u{a.dtype.itemsize}")
    mask = field_mask(length, unsigned)
    if a.dtype.kind == "u":
        return shifted_right(a, start) & mask
    bits = np.uint32(8 * a.dtype.itemsize)
    top = np.minimum(start.astype(np.uint64) + length, np.uint64(bits)).astype(np.uint32)
    negative = (length > 0) & (
        (
            shifted_right(a.view(unsigned), np.maximum(top, np.uint32(1)) - np.uint32(1))
            & unsigned.type(1)
        )
        == 1
    )
    inside = shifted_right(a.view(unsigned), start) & mask
    known = field_mask(
        np.where(start < bits, np.minimum(length, bits - np.minimum(start, bits)), np.uint32(0)),
        unsigned,
    )
    return np.where(negative, inside | ~known, inside & known).view(a.dtype)


def with_bit_field(a, b, start, length):
    """b with `length` bits from `start` on taken from the low bits of a."""
    start, length = start & np.uint32(255), length & np.uint32(255)
    mask = shifted_left(field_mask(length, a.dtype), start)
    return (b & ~mask) | (shifted_left(a, start) & mask)


def chosen_bytes(a, b, choice):
    """Four bytes out of the eight of b:a, each by four bits of the choice; the upper of the four
    spreads the byte's sign.
    """
    both = a.astype(np.uint64) | b.astype(np.uint64) << np.uint64(32)
    result = choice & np.uint32(0)
    for place in range(4):
        nibble = choice >> np.uint32(4 * place) & np.uint32(15)
        byte = (both >> (nibble & np.uint32(7)).astype(np.uint64) * np.uint64(8)).astype(
            np.uint32
        ) & np.uint32(255)
        signs = (byte >> np.uint32(7)) * np.uint32(255)
        result = result | np.where(nibble >= 8, signs, byte) << np.uint32(8 * place)
    return result


def funnel(a, b, amount, direction, mode):
    """The upper half of b:a shifted left, or its lower half shifted right; the amount is clamped to
    32 or wraps around.
    """
    both = a.astype(np.uint64) | b.astype(np.uint64) << np.uint64(32)
    amount = (
        np.minimum(amount, np.uint32(32)) if mode == "clamp" else amount & np.uint32(31)
    ).astype(np.uint64)
    return ((both << amount) >> np.uint64(32) if direction == "l" else both >> amount).astype(
        np.uint32
    )
