"""Compiled plans: the bits of the same formulas on whole arrays, whatever the tiles; answers
written past the caches; the cache on disk.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels_chance import LONG, ROWS, SHAPE, TABLES, XP, Case, boxes, by_chance, light, table
from kernels_stand import bits
from laws import examples

from kernels.engines.engine import Unsupported
from kernels.engines.llvm import runner
from kernels.engines.llvm.runner import Lanes
from kernels.trace.grid import LINE, aligned_array
from kernels.trace.tracer import Tracer


@examples(40)
@given(st.data())
def test_programs_by_chance_keep_their_bits(data):
    formula = by_chance(data.draw(st.integers(0, 10**9)))
    limit = data.draw(st.sampled_from((0, 4, 15)))
    sizes = tuple(data.draw(st.integers(1, length)) for length in SHAPE)
    try:
        case = Case(formula, TABLES, limit=limit, runner=Lanes)
        case.run(
            sizes, data.draw(st.permutations(boxes(SHAPE, sizes))), out=data.draw(st.booleans())
        )
    except Unsupported:
        return


def test_whole_vectors_stream_past_the_caches_and_keep_their_bits():
    shape = (4, 3, 1024)
    tables = (
        table(0, shape=shape),
        table(0, 2, shape=shape, seed=2),
        table(1, 2, shape=shape, seed=3),
    )
    case = Case(light, tables, shape, runner=Lanes)
    lanes = case.interpreter((1, 3, 1024))
    outs = [aligned_array(shape) for _ in case.traced]
    with np.errstate(all="ignore"):
        for box in boxes(shape, (1, 3, 1024)):
            lanes.at(box)
            lanes.fill(case.traced, [out[box] for out in outs])
    assert True in lanes.walks
    for out, expected in zip(outs, case.expected, strict=True):
        assert out.ctypes.data % LINE == 0
        assert (bits(out) == bits(expected)).all()


def test_what_is_not_a_number_is_noticed_without_looking_at_the_answer():
    tracer = Tracer((2, 1024), 0, XP)
    price, lemon = (
        tracer.lift(table(0, shape=(2, 1))),
        tracer.lift(np.arange(1024.0).reshape(1, 1024)),
    )
    good, bad = price * lemon, price / lemon
    lanes = Lanes([good, bad], [], (2, 1024), (1, 1024), XP)
    lanes.at((slice(0, 1), slice(0, 1024)))
    found = [lanes.value(one).copy() for one in (good, bad)]
    assert [lanes.sound(one, values) for one, values in zip((good, bad), found, strict=True)] == [
        True,
        False,
    ]


def test_constants_and_inputs_are_targets_too():
    tracer = Tracer((2, 600), 0, XP)
    given = tracer.lift(table(1, shape=(2, 600)))
    lanes = Lanes(
        [given, 3.0, given * tracer.lift(table(0, shape=(2, 600)))], [], (2, 600), (2, 600), XP
    )
    lanes.at((slice(0, 2), slice(0, 600)))
    out = np.empty((2, 600))
    lanes.fill([3.0], [out])
    assert (out == 3.0).all()
    assert (
        np.broadcast_to(lanes.value(given), (2, 600)) == np.broadcast_to(given.array, (2, 600))
    ).all()


def test_powers_of_what_is_searched_for_are_refused():
    tracer = Tracer((3, 600), 0, XP)
    rate = tracer.lift(table(0, 1, shape=(3, 600)))
    (found,) = tracer.iterate(lambda x: ((tracer.compound(x, 0.5),), x > 0.1), (rate,), 5)
    with pytest.raises(Unsupported, match="searched for"):
        Lanes([found], [], (3, 600), (3, 600), XP)


def test_compiled_plans_are_kept_on_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    runner._walk_of.cache_clear()
    Case(light, ROWS, LONG, runner=Lanes).run(LONG)
    (kept,) = (tmp_path / "rackrate").iterdir()
    first = kept.stat().st_mtime_ns
    runner._walk_of.cache_clear()
    Case(light, ROWS, LONG, runner=Lanes).run(LONG)
    assert kept.stat().st_mtime_ns == first


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    runner._walk_of.cache_clear()
    Case(light, ROWS, LONG, runner=Lanes).run(LONG)
    assert (tmp_path / "file").read_text() == "no folder"


def test_kept_code_that_is_not_whole_is_compiled_again(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for spoil in (
        lambda code: code[:-100],
        lambda code: b"",
        lambda code: code[:200] + b"!" + code[201:],
    ):
        runner._walk_of.cache_clear()
        Case(light, ROWS, LONG, runner=Lanes).run(LONG)
        (kept,) = (tmp_path / "rackrate").iterdir()
        whole = kept.read_bytes()
        kept.write_bytes(spoil(whole))
        runner._walk_of.cache_clear()
        Case(light, ROWS, LONG, runner=Lanes).run(LONG)
        assert kept.read_bytes() == whole
