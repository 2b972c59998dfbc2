"""Formulas run on expressions: what is computed at once, what is shared, what is refused, and how
repetitions are told.
"""

import numpy as np
from kernels_stand import BASE, GRAPH, bits, grid

from kernels.language.flow import Flow, flow
from kernels.language.graph import run
from kernels.language.profile import Profile
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS, arrays
from kernels.trace.expressions import Expr, Loop, Turn
from kernels.trace.program import inner, program
from kernels.trace.tracer import Tracer

XP = arrays()


def tracer(*shape, limit=0):
    return Tracer(shape, limit, XP)


def table(trace, *axes):
    """Numbers from 1 up over some axes."""
    shape = tuple(length if axis in axes else 1 for axis, length in enumerate(trace.shape))
    return trace.table(np.arange(1.0, 1.0 + np.prod(shape)).reshape(shape))


def stand(*names, limit):
    """The stand's values over some axes, traced."""
    over = grid(*names)
    trace = Tracer(over.shape, limit, XP)
    given = {
        **BASE,
        "calendar": Calendar(6, 1),
        **{name: trace.lift(array) for name, array in over.arrays().items()},
    }
    return run(GRAPH.plan(["profit", "spending", "fair_price"], given), given, trace)


def test_what_spans_few_cells_is_a_table():
    values = stand("price", "cooling", "passers_by", limit=5)
    assert all(v.op == "table" for v in values["thirst_by_period"].values)  # 4 cells
    assert values["spending"].op == "table"  # 5 cells
    assert (values["profit"].op, values["profit"].axes) == ("-", frozenset({0, 1, 2}))
    assert values["fair_price"].axes == frozenset({1, 2})
    assert all(
        v.op == "table"
        for v in stand("price", "cooling", "passers_by", limit=60).values()
        if isinstance(v, Expr)
    )


def test_a_limit_of_nothing_computes_nothing():
    trace = tracer(3, limit=0)
    assert [v.op for v in (table(trace, 0) * 2.0, trace.input("x") + 1.0)] == ["*", "+"]
    nothing_known = Tracer((), -1, FLOATS)
    known = nothing_known.constant(2.0)
    assert (known.op, known.args, (known + 1.0).op) == ("number", (2.0,), "+")
    assert nothing_known.compound(2.0, 3.0) == FLOATS.compound(2.0, 3.0)


def test_axes_are_those_of_what_it_is_made_of():
    trace = tracer(2, 3, 4)
    a, c = table(trace, 0), table(trace, 2)
    assert (a + c).axes == frozenset({0, 2})
    assert trace.where(a > 1.0, c, 0.0).axes == frozenset({0, 2})
    assert trace.compound(a, c).axes == frozenset({0, 2})
    assert trace.cells((0, 2)) == 8
    assert (table(trace) * 2.0).axes == frozenset()
    assert (a + np.ones((1, 3, 1))).axes == frozenset({0, 1})


def test_an_operation_is_made_once():
    trace = tracer(3)
    a, b = table(trace, 0), table(trace, 0)
    assert (a + b) * 2.0 is (a + b) * 2.0
    assert a + b is not b + a  # no algebra: NaN and rounding keep their places
    assert a * 0.0 is not a * -0.0
    assert a + 1 is not a + 1.0
    assert a + True is not a + 1
    assert a + float("nan") is a + float("nan")
    assert trace.excess(a, 2.0) is trace.excess(a, 2.0)


def test_only_what_changes_no_bit_is_left_out():
    trace = tracer(3)
    a = table(trace, 0)
    assert all(same is a for same in (a * 1.0, 1.0 * a, a / 1.0))
    assert [one.op for one in (a + 0.0, a * 0.0, a - a, a * -1.0, 1.0 / a, a * 1)] == [
        "+",
        "*",
        "-",
        "*",
        "/",
        "*",
    ]
    assert trace.where(True, a, 0.0) is a
    assert trace.where(False, 0.0, a) is a


def test_series_take_expressions_from_either_side():
    trace = tracer(3)
    a, series = table(trace, 0), Profile((1.0, 2.0))
    for made in (a * series, series * a, a + series, series - a, a - series, series / a):
        assert isinstance(made, Profile)
        assert [one.axes for one in made.values] == [frozenset({0})] * 2
    assert isinstance(a * flow(2.0, series), Flow)


def test_records_and_plain_values_are_lifted():
    import msgspec

    class Press(msgspec.Struct):
        price: object
        kind: str
        lid: object = None

    trace = tracer(3)
    lifted = trace.lift(Press(np.ones((3,)), "big", Press(np.ones((1,)), "small")))
    assert isinstance(lifted, Press)
    assert (lifted.price.axes, lifted.lid.price.axes, lifted.kind) == (
        frozenset({0}),
        frozenset(),
        "big",
    )
    assert trace.lift(2.5) == 2.5


def halve(x, y):
    """Until x is small."""
    return (0.5 * x, y + x), x > 0.25


def test_a_repetition_is_told_once():
    trace, calls = tracer(3), []

    def step(*state):
        calls.append(state)
        return halve(*state)

    x, y = trace.iterate(step, (table(trace, 0), 0.0), 50)
    turn = x.args[0]
    assert isinstance(turn, Turn)
    assert (len(calls), turn.limit, turn.only) == (1, 50, True)
    assert [one.args for one in (x, y)] == [(turn, 0), (turn, 1)]
    assert turn.states[0].inside == frozenset({turn})
    assert x.inside == frozenset()


def test_the_axes_of_a_repetition_grow_until_they_hold():
    trace, calls = tracer(2, 3, 4), []
    b, c = table(trace, 1), table(trace, 2)

    def step(x, y, z):
        calls.append(x.axes)
        return (y, z * b, z + 0.0), x < c

    x, *_ = trace.iterate(step, (0.0, 0.0, table(trace, 0)), 9)
    assert x.axes == frozenset({0, 1, 2})
    assert calls == [frozenset({0}), frozenset({0, 1, 2})]


def test_a_repetition_of_few_cells_is_done_at_once():
    few, none = tracer(3, limit=3), tracer(3, limit=0)
    expected = XP.iterate(halve, (table(few, 0).array, 0.0), 50)
    done = few.iterate(halve, (table(few, 0), 0.0), 50)
    assert all(one.op == "table" for one in done)
    assert all(
        (bits(one.array) == bits(want)).all() for one, want in zip(done, expected, strict=True)
    )
    assert [one.op for one in none.iterate(halve, (table(none, 0), 0.0), 50)] == [
        "result",
        "result",
    ]


def test_a_repetition_that_needs_what_is_not_known_yet_is_told():
    trace = tracer(3, 4, limit=4)
    wide = table(trace, 0) + table(trace, 1)
    (x,) = trace.iterate(lambda x: ((x + wide,), x < 5.0), (table(trace, 0),), 9)
    assert (x.op, x.axes) == ("result", frozenset({0, 1}))


def test_numbers_that_are_all_known_are_repeated_at_once():
    trace = tracer(3)
    kept = Profile((1.0, 2.0))
    assert trace.iterate(
        lambda x, s: ((x + s.values[0],), x < 3.0), (0.0,), 9, kept
    ) == FLOATS.iterate(lambda x, s: ((x + s.values[0],), x < 3.0), (0.0,), 9, kept)


def total(x, series, trace):
    """A fold over a kept series."""
    return trace.fold(lambda t, v: (t * x + v,), (0.0,), series)[0]


def test_folds_over_kept_series_are_loops_and_others_are_written_out():
    trace = tracer(3)
    series = Profile(table(trace, 0) * float(k) for k in range(2, 7))
    out = trace.fold(lambda t, v: (t + v,), (0.0,), series)[0]
    assert len([one for one in program([out]).nodes if one.op == "+"]) == 5

    (x,) = trace.iterate(
        lambda x, s: ((x + total(x, s, trace),), x < 9.0), (table(trace, 0),), 9, series
    )
    turn = x.args[0]
    (found,) = (one for one in inner(turn).nodes if one.op == "result")
    loop = found.args[0]
    assert isinstance(loop, Loop)
    assert (loop.count, loop.series[0].turn, loop.series[0].place) == (5, turn, 0)
    assert loop.elements[0].inside == frozenset({loop, turn})
    assert found.inside == frozenset({turn})
    assert x.inside == frozenset()


def test_what_a_tracer_knows_of_powers():
    trace = tracer(3)
    a = table(trace, 0)
    assert trace.compound(a, 1.0) is 1.0 + a
    assert trace.compound(0.25, 2.0) == XP.compound(0.25, 2.0)
    assert (trace.compound(0.25, a).op, trace.compound(a, 2.0).op, trace.excess(a, 2.0).op) == (
        "exp",
        "exp",
        "expm1",
    )
    assert trace.excess(0.25, 2.0) == XP.excess(0.25, 2.0)


def test_scans_are_written_out():
    trace = tracer(3)
    found = trace.scan(lambda t, v: ((t + v,), t * v), (0.0,), Profile((table(trace, 0), 2.0)))
    assert [one.op for one in found.values] == ["*", "*"]
