"""A trace in order: each value after what it needs, and what repetitions and loops take from
outside.
"""

import pytest
from kernels_stand import BASE, GRAPH

from kernels.language.graph import run
from kernels.language.profile import Profile
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS
from kernels.trace.expressions import Expr, Loop, Turn
from kernels.trace.program import inner, needs, program, work
from kernels.trace.tracer import Tracer


@pytest.fixture
def trace():
    return Tracer((), -1, FLOATS)


def in_order(what):
    """Whether each value stands once, after all that it needs and that is not taken from
    outside.
    """
    known = set(what.imports)
    for one in what.nodes:
        assert one not in known
        known.add(one)
        if one.op != "result":
            assert all(need in known or need.op in ("state", "element") for need in needs(one))
    return len(known) == len(what.nodes) + len(what.imports)


def test_the_stand_is_in_order(trace):
    given = {**{name: trace.input(name) for name in BASE}, "calendar": Calendar(6, 1)}
    values = run(GRAPH.plan(["profit", "pride", "best_week", "fair_price"], given), given, trace)
    whole = program(values[name] for name in ("profit", "pride", "best_week", "fair_price"))
    assert in_order(whole)
    assert whole.imports == ()
    assert {one.args[0] for one in whole.nodes if one.op == "input"} == {
        "passers_by",
        "price",
        "cooling",
        "stall",
        "lemon",
        "stock",
    }


def test_only_what_is_wanted_is_there(trace):
    a, b = trace.input("a"), trace.input("b")
    unused, wanted = a * b, a + 1.0
    assert unused not in {*program([wanted]).nodes}
    assert program([wanted]).nodes == (a, wanted)
    assert program([2.5, wanted, wanted]).nodes == (a, wanted)
    assert program([1.0]).nodes == ()


def test_what_is_asked_first_stands_first(trace):
    a, b = trace.input("a"), trace.input("b")
    first, second = b * 2.0, a - b
    assert program([first, second]).nodes == (b, first, a, second)


def test_long_chains_need_no_stack(trace):
    total = trace.input("a")
    for k in range(20_000):
        total = total + float(k)
    assert len(program([total]).nodes) == 20_001


def repetition(trace):
    """A repetition with a loop: x grows by a fold over a series and by two values from outside."""
    a, b, c = (trace.input(name) for name in "abc")
    outside = b * c

    def turn(x, n, series):
        (total,) = trace.fold(lambda t, v: (t * x + v + outside,), (c,), series)
        return (x + total + b, n + 1.0), (x < outside) & (n < 5.0)

    return trace.iterate(turn, (a, 0.0), 9, Profile((a * 2.0, b * 2.0)), only=a < c), outside


def test_a_repetition_needs_its_start_its_series_and_what_it_takes(trace):
    (x, n), outside = repetition(trace)
    turn = x.args[0]
    assert isinstance(turn, Turn)
    assert needs(x) == needs(n)
    assert set(needs(x)) == {turn.start[0], turn.only, *turn.series[0], *inner(turn).imports}
    assert {one.op if one.op != "input" else one.args[0] for one in inner(turn).imports} == {
        "b",
        "c",
        "*",
    }
    assert outside in {*inner(turn).imports}
    whole = program([x, n])
    assert in_order(whole)
    assert whole.nodes[-2:] == (x, n)
    assert outside in {*whole.nodes}


def test_a_loop_takes_what_changes_with_its_repetition(trace):
    (x, _), outside = repetition(trace)
    turn = x.args[0]
    (total,) = (one for one in inner(turn).nodes if one.op == "result")
    loop = total.args[0]
    assert isinstance(loop, Loop)
    assert {turn.states[0], outside} == {*inner(loop).imports}
    assert in_order(inner(loop))
    assert in_order(inner(turn))
    assert all(loop in one.inside for one in inner(loop).nodes)
    assert all(turn in one.inside for one in inner(turn).nodes)


def test_repetitions_inside_one_another(trace):
    a, b = trace.input("a"), trace.input("b")

    def outer(x):
        (y,) = trace.iterate(lambda y: ((y * b + x,), y < a), (x,), 3)
        return (x + y,), y < 9.0

    (x,) = trace.iterate(outer, (a,), 4)
    turn = x.args[0]
    (y,) = (one for one in inner(turn).nodes if one.op == "result")
    assert set(inner(y.args[0]).imports) == {a, b, turn.states[0]}
    assert set(inner(turn).imports) == {a, b}
    assert y.inside == frozenset({turn})
    assert (x.inside, set(program([x]).nodes)) == (frozenset(), {a, b, x})


def test_what_does_not_change_with_a_repetition_is_computed_outside(trace):
    a, b = trace.input("a"), trace.input("b")
    (x,) = trace.iterate(lambda x: ((x + (a * b) * 2.0,), x < a), (0.0,), 4)
    turn = x.args[0]
    assert [one.op for one in inner(turn).nodes] == ["+", "<"]
    assert [one.op for one in program([x]).nodes] == ["input", "input", "*", "*", "result"]


def test_a_program_is_made_once(trace):
    (x, _), _ = repetition(trace)
    assert inner(x.args[0]) is inner(x.args[0])
    assert all(isinstance(one, Expr) for one in inner(x.args[0]).nodes)


def test_the_work_of_a_repetition_is_that_of_its_turns(trace):
    a, b = trace.input("a"), trace.input("b")
    series = Profile((a * 2.0, b * 2.0, a * b))

    def turn(x, n, series):
        (total,) = trace.fold(lambda t, v: (t * x + v,), (0.0,), series)  # 2 operations, 3 steps
        return (x + total, n + 1.0), n < 5.0  # 3 operations

    (x, _) = trace.iterate(turn, (a, 0.0), 9, series, only=a < b)
    nodes = program([x]).nodes
    outside = sum(one.op != "result" for one in nodes)
    (repeated,) = (part for part in work(nodes, 4.0) if part.taken > 1)
    assert repeated.taken == 4.0 * (3 + 3 * 2)
    kept = 2 + 3 + 1  # where it starts from, the series, where the loop starts from
    assert repeated.written == 3 + 2 + kept
    assert sum(part.taken for part in work(nodes, 0.0)) == outside
    assert sum(part.taken for part in work(nodes, 99.0)) == outside + 9.0 * (3 + 3 * 2)


def test_a_repetition_without_series_takes_turns_of_its_own(trace):
    a = trace.input("a")
    (x,) = trace.iterate(lambda x: ((x * 0.5,), x > 1.0), (a,), 200)
    (part,) = (part for part in work(program([x]).nodes, 1.0, 50.0) if part.taken > 1)
    assert part.taken == 50.0 * 2


def test_the_work_of_a_fold_is_that_of_its_steps():
    tracer = Tracer((), -1, FLOATS, rolls=True, long=3)
    values = Profile(tracer.input(f"v{k}") for k in range(4))
    (total,) = tracer.fold(lambda t, v: (t * 0.5 + v,), (0.0,), values)
    (part,) = (part for part in work(program([total]).nodes) if part.taken > 1)
    assert (part.taken, part.written) == (4 * 2, 2 + 1 + 4)
