"""All rates above -99 % a year at which a series of dated flows is worth nothing, on which side of
each it is worth something, and what an IRR is then.

With x the discount factor of one step, sum of flow_k * x ** k has a root for each such rate. Floats
are binary fractions, so the polynomial is taken exactly, in integers, and its roots are parted from
one another without rounding: by a Sturm sequence where there are few dates, else by bisection with
Descartes' rule of signs (Vincent, Collins and Akritas). With rising x the worth comes up from below
0 at a return, whose rate it *falls* with, and goes down at a rate of borrowing.
"""

import itertools
import math
from fractions import Fraction

# A flow this small beside the largest is the rounding of one that is 0 (say ebitda less a service
# equal to it).
NEGLIGIBLE = 1e-12
STURM_DATES = 40
WIDTH = Fraction(1, 2**60)


def internal_rate(flows, steps_per_year):
    """(rate a year or None, status, how many roots there are), flows as {step: amount}; a root that
    is touched counts twice.
    """
    p = polynomial(flows)
    if not sign_changes(p):
        return None, "no_sign_change", 0
    found = rates(flows, steps_per_year)
    count = sum(2 if kind == "touch" else 1 for _, kind in found)
    if not found:
        sunk = p[0] < 0 < p[-1]
        return None, "below_minus_99_percent" if sunk else "no_root", 0
    if [kind for _, kind in found] == ["rise"]:
        return None, "borrowing", 1
    returns = [rate for rate, kind in found if kind == "fall"]
    others = [rate for rate, kind in found if kind != "fall"]
    touched = any(kind == "touch" for _, kind in found)
    if len(returns) == 1 and not touched and all(r < min(0.0, returns[0]) for r in others):
        return returns[0], "ok", count
    return None, "several_roots", count


def rates(flows, steps_per_year):
    """(rate a year, "fall", "rise" or "touch") of each root, the lowest rate first."""
    p = polynomial(flows)
    top = Fraction(100.0 ** (1 / steps_per_year))
    found = []
    for low, high in parted(p, top):
        before, after = at(p, low), at(p, high)
        kind = "touch" if (before < 0) == (after < 0) else "fall" if before < 0 else "rise"
        x = (low + high) / 2 if kind == "touch" else halved(p, low, high, before < 0)
        found.append((math.expm1(-steps_per_year * math.log(x)), kind))
    return found[::-1]


def polynomial(flows):
    """Integer coefficients, lowest power first, of flows given as {step: amount}, without powers of
    x at either end.
    """
    largest = max(abs(f) for f in flows.values())
    exact = {k: Fraction(f) for k, f in flows.items() if abs(f) > NEGLIGIBLE * largest}
    if not exact:
        return []
    common = math.lcm(*(f.denominator for f in exact.values()))
    first, last = min(exact), max(exact)
    return [int(exact.get(k, Fraction(0)) * common) for k in range(first, last + 1)]


def at(p, x):
    """The value at x, times a positive number."""
    total, scale = 0, 1
    for c in reversed(p):
        total = total * x.numerator + c * scale
        scale *= x.denominator
    return total


def halved(p, low, high, rises):
    """The root between two ends of different sign, to 60 bits."""
    while high - low > WIDTH * high:
        middle = (low + high) / 2
        value = at(p, middle)
        if value == 0:
            return middle
        low, high = (middle, high) if (value < 0) == rises else (low, middle)
    return low


def sign_changes(values):
    signs = [v > 0 for v in values if v != 0]
    return sum(a != b for a, b in itertools.pairwise(signs))


def parted(p, top):
    """Intervals with one root each, in order, of all roots between 0 and `top`."""
    if sum(1 for c in p if c) > STURM_DATES:
        try:
            return parted_by_descartes(p, top)
        except ArithmeticError:  # no interval, however small, parts the halves of a double root
            pass
    return parted_by_sturm(p, top)


def parted_by_sturm(p, top):
    sequence = sturm_sequence(p)

    def changes(x):
        return sign_changes([at(q, x) for q in sequence])

    if at(p, top) == 0:
        top -= WIDTH
    found, todo = [], [(Fraction(0), changes(Fraction(0)), top, changes(top))]
    while todo:
        low, at_low, high, at_high = todo.pop()
        if at_low - at_high > 1 or (at_low - at_high == 1 and doubtful(p, low, high)):
            middle = (low + high) / 2
            if at(p, middle) == 0:
                middle += (high - low) / 7
            between = changes(middle)
            todo += [(middle, between, high, at_high), (low, at_low, middle, between)]
        elif at_low - at_high == 1:
            found.append((low, high))
    return found


def doubtful(p, low, high):
    """Whether an interval of a root that is only touched is still wide."""
    return (at(p, low) < 0) == (at(p, high) < 0) and high - low > Fraction(1, 2**40) * high


def sturm_sequence(p):
    sequence = [primitive(p), primitive([k * c for k, c in enumerate(p)][1:])]
    while len(sequence[-1]) > 1:
        remainder = negative_remainder(sequence[-2], sequence[-1])
        if not remainder:
            break
        sequence.append(remainder)
    return sequence


def negative_remainder(a, b):
    """-(a mod b), times a positive number; [] if 0."""
    a = list(a)
    lead, sign = abs(b[-1]), 1 if b[-1] > 0 else -1
    while len(a) >= len(b):
        factor, shift = a[-1] * sign, len(a) - len(b)
        a = [c * lead for c in a]
        for k, c in enumerate(b):
            a[k + shift] -= factor * c
        a.pop()
        while a and a[-1] == 0:
            a.pop()
    return primitive([-c for c in a])


def primitive(p):
    divisor = math.gcd(*p) if p else 1
    return [c // divisor for c in p] if divisor else p


def parted_by_descartes(p, top):
    """By halving (0, top), as (0, 1), until each interval has one sign change or none."""
    n, degree = top.numerator, len(p) - 1
    scaled = [c * n**k * top.denominator ** (degree - k) for k, c in enumerate(p)]
    found, todo = [], [(scaled, Fraction(0), Fraction(1))]
    while todo:
        q, low, size = todo.pop()
        changes = sign_changes(shifted(q[::-1]))
        if changes == 1 and at(p, low * top) and at(p, (low + size) * top):
            found.append((low * top, (low + size) * top))
        elif changes:
            if size < Fraction(1, 2**400):
                raise ArithmeticError("a multiple root")
            left = [c << (degree - k) for k, c in enumerate(q)]  # 2 ** degree * q(x / 2)
            if sum(left) == 0:
                raise ArithmeticError("a root that is halved at")
            todo += [(shifted(left), low + size / 2, size / 2), (left, low, size / 2)]
    return found


def shifted(p):
    """p(x + 1)."""
    p = list(p)
    for start in range(len(p) - 1):
        for k in range(len(p) - 2, start - 1, -1):
            p[k] += p[k + 1]
    return p
