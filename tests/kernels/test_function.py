"""A plan written as a function of floats: the same bits as the formulas on floats, by the stand and
by chance.
"""

import random

import msgspec
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from kernels_stand import BASE, GRAPH, bits

from kernels.engines.floats.function import write_function
from kernels.engines.floats.runner import structure
from kernels.language.graph import Graph, run
from kernels.language.node import statuses
from kernels.language.profile import Profile
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS

TARGETS = ("profit", "takings_per_lemon", "pride", "best_week", "fair_price")


def answers(targets, given, *, of=None, graph=GRAPH):
    """What the function gives that is written for `of` (default: for what is given)."""
    varying = sorted(name for name in given if name != "calendar")
    names, function = write_function(graph.plan(targets, given), targets, varying, of or given)
    return dict(
        zip(names, function(*structure([given[name] for name in varying])[1]), strict=False)
    )


def floats(targets, given, graph=GRAPH):
    return run(graph.plan(targets, given), given, FLOATS)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("weeks", [1, 6])
def test_the_stand_has_the_same_bits(target, weeks):
    rng = random.Random(7)
    of = {**BASE, "calendar": Calendar(weeks, 1)}
    for _ in range(20):
        given = {**of, **{name: value * rng.uniform(0.5, 2.0) for name, value in BASE.items()}}
        expected = floats([target], given)
        found = answers([target], given, of=of)
        assert {name: bits(value) for name, value in found.items()} == {
            name: bits(expected[name]) for name in found
        }


def test_a_zero_is_part_of_the_structure():
    given = {**BASE, "lemon": 0.0, "calendar": Calendar(6, 1)}
    assert structure([0.0, 2.0])[0] != structure([1.0, 2.0])[0]
    assert answers(["takings_per_lemon"], given)["takings_per_lemon_status"] == 1.0


def test_where_a_target_says_nothing_every_number_comes_along():
    given = {**BASE, "lemon": 0.0, "calendar": Calendar(6, 1)}
    found, expected = answers(["pride"], given), floats(["pride"], given)
    assert {"takings", "takings_per_lemon_status"} < set(found)
    assert {name: bits(value) for name, value in found.items()} == {
        name: bits(expected[name]) for name in found
    }


class Press(msgspec.Struct):
    """A machine whose floats vary."""

    price: float
    kind: str
    handles: int
    lid: "Press | None" = None


def cost_of(press, xp):
    """What it costs, by its kind."""
    own = press.price * (2.0 if press.kind == "big" else 1.0) * press.handles
    return own if press.lid is None else own + cost_of(press.lid, xp)


def press_cost(press, xp):
    """What a press costs with its lid."""
    return cost_of(press, xp)


def test_records_vary_in_their_floats_alone():
    graph = Graph.of([press_cost])
    small, dear = (
        Press(3.0, "big", 2, Press(0.5, "small", 1)),
        Press(7.0, "big", 2, Press(0.25, "small", 1)),
    )
    assert answers(["press_cost"], {"press": dear}, of={"press": small}, graph=graph) == {
        "press_cost": 28.25
    }
    assert structure([small])[0] == structure([dear])[0]
    others = (
        Press(3.0, "small", 2),
        Press(3.0, "big", 1),
        Press(0.0, "big", 2),
        Press(3.0, "big", 2),
    )
    assert len({structure([one])[0] for one in (small, *others)}) == 5
    assert list(structure([small, 1.0, "word"])[1]) == [3.0, 0.5, 1.0]


def by_week(price, calendar):
    """Prices."""
    return calendar.period * price


def many(price, xp):
    """A long sum."""
    for k in range(100):
        price = price + float(k)
    return price


def pair(price):
    """No number."""
    return price, price


def test_series_are_answered_and_other_things_are_not():
    graph, given = Graph.of([by_week, pair]), {"price": 2.0, "calendar": Calendar(3, 1)}
    found = answers(["by_week", "price"], given, graph=graph)
    assert isinstance(found["by_week"], Profile)
    assert (found["by_week"].values, found["price"]) == ((2.0, 4.0, 6.0), 2.0)
    assert write_function(graph.plan(["pair"], given), ["pair"], ["price"], given) == ((), None)


def test_long_plans_are_not_written():
    steps = Graph.of([many]).plan(["many"], ["price"])
    assert write_function(steps, ["many"], ["price"], {"price": 1.0}, 50) == ((), None)


@statuses(lost="lost in the rain")
def chained(a, b, c, xp):
    """A chain of choices, a walk and a root."""
    walk = xp.scan(
        lambda x, y: ((x * 0.5 + y,), xp.maximum(x, y - b)),
        (a,),
        Profile((a, b, c, a * b, -1.0 * c)),
    )

    def turn(x, series):
        (total,) = xp.fold(lambda t, v: (t + v * x,), (0.0,), series)
        return (0.5 * (x + total / (1.0 + x * x)),), x > c

    (root,) = xp.iterate(turn, (b,), 20, walk)
    some = root > walk.values[2]
    return xp.where(some, root - xp.compound(0.1, root), float("nan")), xp.where(some, 0.0, 1.0)


@drawn(st.lists(st.floats(-50.0, 50.0), min_size=3, max_size=3))
def test_any_numbers_have_the_same_bits(numbers):
    graph, given = Graph.of([chained]), dict(zip("abc", (x + 0.0 for x in numbers), strict=True))
    found, expected = answers(["chained"], given, graph=graph), floats(["chained"], given, graph)
    assert [bits(found[name]) for name in ("chained", "chained_status")] == [
        bits(expected[name]) for name in ("chained", "chained_status")
    ]
