"""How many rates above -100 % make a series of dated flows worth 0, and the rate where there is
exactly one.

With x the discount factor of one step, sum of flow_k * x ** k has a positive root for each such
rate. Floats are binary fractions, so the polynomial is taken exactly, in integers, and its positive
roots are counted without rounding: by a Sturm sequence where there are few dates, else by bisection
with Descartes' rule of signs (Vincent, Collins and Akritas). Each distinct root counts once.
"""

import itertools
import math
from fractions import Fraction

# A flow this small beside the largest is the rounding of one that is 0 (say ebitda less a service
# equal to it).
NEGLIGIBLE = 1e-12
STURM_DATES = 40


def polynomial(flows):
    """Integer coefficients, lowest power first, of flows given as {step: amount}; powers of x at
    either end are divided out.
    """
    largest = max(abs(f) for f in flows.values())
    exact = {k: Fraction(f) for k, f in flows.items() if abs(f) > NEGLIGIBLE * largest}
    if not exact:
        return []
    common = math.lcm(*(f.denominator for f in exact.values()))
    first, last = min(exact), max(exact)
    return [int(exact.get(k, Fraction(0)) * common) for k in range(first, last + 1)]


def count_positive_roots(p, dates):
    changes = sign_changes(p)
    if changes <= 1:  # Descartes: the count, less an even number
        return changes
    if dates <= STURM_DATES:
        return sturm_count(p)
    try:
        return bisection_count(p)
    except ArithmeticError:  # no interval, however small, separates the two halves of a double root
        return sturm_count(p)


def sign_changes(values):
    signs = [v > 0 for v in values if v != 0]
    return sum(a != b for a, b in itertools.pairwise(signs))


def sturm_count(p):
    """Distinct roots in (0, infinity): sign changes of the Sturm sequence at 0 less those at
    infinity. p[0] is not 0.
    """
    if len(p) <= 1:
        return 0
    sequence = [primitive(p), primitive([k * c for k, c in enumerate(p)][1:])]
    while len(sequence[-1]) > 1:
        remainder = negative_remainder(sequence[-2], sequence[-1])
        if not remainder:
            break
        sequence.append(remainder)
    return sign_changes([q[0] for q in sequence]) - sign_changes([q[-1] for q in sequence])


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
    return [c // divisor for c in p]


def bisection_count(p):
    """Distinct roots in (0, infinity): those in (0, 1), at 1, and in (1, infinity) by reversal."""
    return count_in_unit(p) + (sum(p) == 0) + count_in_unit(p[::-1])


def count_in_unit(p):
    """Distinct roots in the open interval (0, 1)."""
    total, todo = 0, [(p, 0)]
    while todo:
        q, depth = todo.pop()
        changes = sign_changes(shifted(q[::-1]))
        if changes <= 1:
            total += changes
            continue
        if depth > 400:
            raise ArithmeticError("a multiple root")
        degree = len(q) - 1
        left = [c << (degree - k) for k, c in enumerate(q)]  # 2 ** degree * q(x / 2)
        total += sum(left) == 0
        todo += [(left, depth + 1), (shifted(left), depth + 1)]
    return total


def shifted(p):
    """p(x + 1)."""
    p = list(p)
    for start in range(len(p) - 1):
        for k in range(len(p) - 2, start - 1, -1):
            p[k] += p[k + 1]
    return p


def unique_log_rate(flows):
    """log(1 + rate a step) at the only root, by halving an interval down to the last bit. None
    outside exp(-700)..exp(700).
    """
    low, high = -700.0, 700.0
    at_low, at_high = worth(flows, low), worth(flows, high)
    if not at_low * at_high < 0:
        return None
    for _ in range(1200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if worth(flows, middle) * at_low > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def worth(flows, log_rate):
    """Sum of flows discounted at a log rate a step, up to a positive factor that keeps it finite;
    scaled to about 1.
    """
    origin = min(flows) if log_rate >= 0 else max(flows)
    largest = max(abs(f) for f in flows.values())
    total = math.fsum(f / largest * math.exp(-log_rate * (k - origin)) for k, f in flows.items())
    return math.copysign(1.0, total) if total else 0.0


def internal_rate(flows, steps_per_year):
    """(rate a year or None, number of rates above -100 %), flows as {step: amount}."""
    if not any(flows.values()):
        return None, 0
    p = polynomial(flows)
    count = count_positive_roots(p, sum(1 for f in flows.values() if f))
    if count != 1:
        return None, count
    largest = max(abs(f) for f in flows.values())
    log_rate = unique_log_rate({k: f for k, f in flows.items() if abs(f) > NEGLIGIBLE * largest})
    try:
        rate = None if log_rate is None else math.expm1(log_rate * steps_per_year)
    except OverflowError:
        rate = None
    return rate, count
