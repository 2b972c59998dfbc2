"""How a trace is laid out: what the host computes, stages between repetitions, slots for what
crosses them.
"""

import pytest
from kernels_chance import XP, table

from kernels.engines.engine import Unsupported
from kernels.engines.rows.layout import LEAST_BATCH, MOST_BATCH, layout
from kernels.language.profile import Profile
from kernels.trace.tracer import Tracer

SHAPE = (3, 4, 5)
ROW = frozenset({2})


def given(*axes):
    """A tracer that computes nothing, and a table over each set of axes."""
    tracer = Tracer(SHAPE, 0, XP)
    return tracer, [tracer.lift(table(*one)) for one in axes]


def test_what_varies_from_row_to_row_or_along_it_only_is_for_the_host():
    _, (a, b, c) = given((0,), (1,), (2,))
    outer, inner = a * b, c + 1.0
    lanes = outer * inner
    made = layout([lanes + a], ROW)
    assert {kind: set(tables) for kind, tables in made.tables.items()} == {
        "outer": {a, outer},
        "inner": {inner},
        "mixed": set(),
    }
    assert made.stages == [[lanes, made.wanted[0]]]
    assert made.slot_count == 0


def test_powers_and_tables_of_some_rows_are_for_the_host_too():
    tracer, (a, ac, c) = given((0,), (0, 2), (2,))
    power = tracer.compound(ac, 2.0)
    made = layout([power * a + ac], ROW)
    assert [kind for kind, tables in made.tables.items() if tables] == ["outer", "mixed"]
    assert set(made.tables["mixed"]) == {power, ac}
    assert set(made.host_values) == {a, power, ac}
    assert not layout([c * 2.0], ROW).stages[0]


def halved(tracer, start, until):
    """A repetition."""
    return tracer.iterate(
        lambda x, series: ((x * 0.5,), x > until),
        (start,),
        9,
        Profile((until, start, 1.0, until)),
        only=start > 0.0,
    )[0]


def test_a_repetition_stands_between_two_stages():
    tracer, (a, c) = given((0,), (2,))
    before = a * c
    found = halved(tracer, before, before)
    after = found + before
    made = layout([after], ROW)
    assert [len(stage) for stage in made.stages] == [2, 1]
    (room,) = made.turns[0]
    assert room.order == (
        (0, 0, 1, 0),
    )  # a value that stands in a series several times is kept once
    assert made.slots[found] == room.first
    assert before in made.slots
    assert made.slot_count == len(room.values) + 1


def test_repetitions_in_a_row_have_a_stage_each():
    tracer, (a, c) = given((0,), (2,))
    first = halved(tracer, a * c, a)
    second = halved(tracer, first + 1.0, c)
    made = layout([second], ROW)
    assert sorted(made.turns) == [0, 1]
    assert [[one.op for one in stage] for stage in made.stages] == [["*", ">"], ["+", ">"], []]


def test_batches_are_as_large_as_slots_allow():
    made = layout([], ROW)
    assert made.batch == MOST_BATCH
    made.slot_count = 10**6
    assert made.batch == LEAST_BATCH
    made.slot_count = 200
    assert made.batch == 256


def test_a_power_of_what_changes_from_step_to_step_is_refused():
    tracer, (a, c) = given((0,), (2,))
    (found,) = tracer.iterate(lambda x: ((tracer.excess(x, 0.5),), x > 1.0), (a * c,), 9)
    with pytest.raises(Unsupported, match=r"(expm1|log1p) of a value that is searched for"):
        layout([found], ROW)


def test_plans_that_would_take_minutes_to_compile_are_refused():
    _, (a, c) = given((0,), (2,))
    value = a * c
    for _ in range(30):
        value = value * value + a
    with pytest.raises(
        Unsupported, match="61 operations a cell, more than the 50 that are compiled"
    ):
        layout([value], ROW, most_operations=50)
