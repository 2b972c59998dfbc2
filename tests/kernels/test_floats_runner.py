"""When a plan's function is written, what it is asked, and when the formulas run after all."""

import threading
from functools import partial

import pytest
from kernels_stand import BASE, GRAPH

from kernels.engines.floats import function
from kernels.engines.floats.runner import OFTEN, Alike, Memory, Shortcut
from kernels.language.graph import Graph, run
from kernels.language.node import statuses
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS

GIVEN = {**BASE, "calendar": Calendar(6, 1)}


def shortcut(*targets, graph=GRAPH, given=GIVEN, fixed=()):
    return Shortcut(
        graph.plan(targets, given),
        targets,
        [n for n in given if n not in ("calendar", *fixed)],
        fixed,
    )


def asked_often(short, given, times=OFTEN):
    for _ in range(times):
        short(given)


@pytest.fixture
def writings(monkeypatch):
    """What functions were written for."""
    made, write = [], function.write_function
    monkeypatch.setattr(
        function,
        "write_function",
        lambda *arguments, **how: made.append(arguments[3]) or write(*arguments, **how),
    )
    return made


def test_a_function_is_written_once_for_what_is_asked_often(writings):
    short = shortcut("profit")
    asked_often(short, GIVEN, OFTEN - 1)
    assert set(short(GIVEN)) > {"profit", "takings"}
    assert len(writings) == 1
    for k in range(1, 50):
        given = {**GIVEN, "price": 0.1 * k}
        assert short(given) == {"profit": run(short.steps, given, FLOATS)["profit"]}
    assert len(writings) == 1


def test_each_structure_has_its_own(writings):
    short = shortcut("profit", fixed=("stall",))
    for given in (
        GIVEN,
        {**GIVEN, "calendar": Calendar(3, 1)},
        {**GIVEN, "stall": 1.0},
        {**GIVEN, "lemon": 0.0},
    ):
        asked_often(short, given)
        assert short(given) == {"profit": run(short.steps, given, FLOATS)["profit"]}
    assert len(writings) == 4


def test_another_plan_has_its_own(writings):
    for short in (shortcut("profit"), shortcut("profit")):
        asked_often(short, GIVEN)
    assert len(writings) == 2


def test_what_has_no_value_brings_its_reasons():
    short = shortcut("pride")
    asked_often(short, GIVEN)
    assert set(short(GIVEN)) == {"pride"}
    found, expected = (
        short({**GIVEN, "stock": -1.0}),
        run(short.steps, {**GIVEN, "stock": -1.0}, FLOATS),
    )
    assert found["takings_per_lemon_status"] == expected["takings_per_lemon_status"] == 2.0
    assert found["takings"] == expected["takings"]
    assert "cups_by_period" not in found


def inverse(a, b, xp):
    """May fail."""
    return a / b


@statuses(lost="lost in the rain")
def difference(a, b, xp):
    """May be lost without a word."""
    return a * 1e200 * b - a * 1e200 * b, 0.0 * a


def test_the_formulas_run_where_an_operation_fails_or_nobody_says_why():
    graph = Graph.of([inverse, difference])
    given = {"a": 1.0, "b": 1.0}
    fails, loses = (
        shortcut("inverse", graph=graph, given=given),
        shortcut("difference", graph=graph, given=given),
    )
    asked_often(fails, given)
    asked_often(loses, given)
    assert fails({"a": 1.0, "b": 4.0}) == {"inverse": 0.25}
    with pytest.raises(ZeroDivisionError):
        fails({"a": 1.0, "b": 0.0})
    assert set(loses({"a": 1.0, "b": 1e200})) == {"a", "b", "difference", "difference_status", "xp"}


def test_what_raises_is_not_counted(writings):
    short = shortcut("inverse", graph=Graph.of([inverse]), given={"a": 1.0, "b": 0.0})
    for _ in range(2 * OFTEN):
        with pytest.raises(ZeroDivisionError):
            short({"a": 1.0, "b": 0.0})
    assert not writings


def test_what_is_not_worth_it_is_tried_once(writings, monkeypatch):
    monkeypatch.setattr(
        function, "write_function", partial(function.write_function, most_operations=1)
    )
    short = shortcut("profit")
    asked_often(short, GIVEN, 3 * OFTEN)
    assert len(writings) == 1
    assert short(GIVEN)["takings"] == run(short.steps, GIVEN, FLOATS)["takings"]


def test_threads_get_the_same(writings):
    short, found = shortcut("profit", "pride"), []

    def work():
        found.extend([short(GIVEN)["pride"] for _ in range(2 * OFTEN)])

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 8 * OFTEN
    assert set(found) == {run(short.steps, GIVEN, FLOATS)["pride"]}
    assert 1 <= len(writings) <= 4


def test_nothing_is_kept_of_what_was_not_asked():
    assert Memory("any", "key").values([1.0]) == {}


def test_what_is_alike_but_for_floats_is_run_by_what_is_known_of_the_first(writings):
    targets = ("profit", "takings_per_lemon")
    short = shortcut(*targets)
    alike = Alike(short, GIVEN)
    for use in range(OFTEN + 2):
        other = {
            name: one * (1.0 + use / 100) if isinstance(one, float) else one
            for name, one in GIVEN.items()
        }
        floats = [*map(other.get, alike.names, alike.floats)]
        found, whole = alike(floats, partial(dict, other)), run(short.steps, other, FLOATS)
        assert [found[name] for name in targets] == [whole[name] for name in targets]
    assert len(writings) == 1
