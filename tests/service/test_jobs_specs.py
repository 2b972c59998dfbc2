"""A question as a job has it: the same bytes wherever it is written, and nothing of the machine."""

import msgspec
import pytest
from jobs_asked import DRAWN, PARTS, PRICE, TARGETS, USE, packed, simulation, sweep, tables
from racks import reference

import economics
from economics import Problem
from economics.scenario import catalog
from economics.sweeps.parts import Parts
from economics.uncertainty.sensitivity import SensitivitySpec, sensitivity_spec
from kernels.language.caches import clear_caches
from service.files.cells import cells as listed
from service.jobs import specs
from service.jobs.specs import outline, question, unpacked

ROW = """
[mine]
revenue.rental_price_usd_per_gpu_hour = {{ value = {price}, source = "mine", as_of = "2026-11-01" }}
"""


def sensitivity(**more):
    parts = {"scenario": reference(), "target": "npv_usd_per_rack", **more}
    return question(sensitivity_spec(parts))


@pytest.mark.parametrize(
    "asked",
    [
        sweep(),
        sweep(reduce={"kind": "top", "count": 3}),
        sweep(targets=["npv_usd_per_rack"], backend="numpy"),
        sweep(axes=[{"kind": "draws", "name": "draw", **DRAWN}]),
        simulation(conditions=["npv_usd_per_rack > 0"]),
        sensitivity(),
        sensitivity(draws=DRAWN),
        sensitivity(by_fraction=0.2),
    ],
    ids=lambda one: one.kind,
)
def test_what_is_packed_is_the_same_question(asked):
    written = packed(asked)
    found = unpacked(written)
    assert specs.packed(found) == written
    assert found.kind == asked.kind
    for name in asked.spec.__struct_fields__:
        if name != "scenario":
            assert getattr(found.spec, name) == getattr(asked.spec, name)
    assert economics.scenario(found.spec.scenario) == economics.scenario(asked.spec.scenario)


def test_axes_keep_the_order_of_their_fields():
    """The first field of a row is what stands for it in the table."""
    fields = {"utilisation": [0.5, 0.6], "rental_price_usd_per_gpu_hour": [2.0, 3.0]}
    rows = {"kind": "rows", "name": "case", "fields": fields}
    found = unpacked(packed(sweep(axes=[rows])))
    assert list(found.spec.axes[0].fields) == list(fields)


def test_bytes_that_say_no_question_are_a_problem():
    for wrong in (b"{", b"{}", b'{"kind":"solve","shard_rows":1,"spec":{}}'):
        with pytest.raises(Problem, match="spec"):
            unpacked(wrong)


def test_a_changed_catalog_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv(catalog.FOLDER, str(tmp_path))
    own = tmp_path / "rentals.toml"
    own.write_text(ROW.format(price=2.0))
    clear_caches()
    scenario = reference(revenue={"rental_price_usd_per_gpu_hour": None, "market": "mine"})
    asked = question(specs.sweep_spec(tables(scenario=scenario, axes=[USE])))
    written = packed(asked)
    before = economics.sweep(unpacked(written).spec)
    own.write_text(ROW.format(price=9.0))
    clear_caches()
    changed, kept = economics.sweep(asked.spec), economics.sweep(unpacked(written).spec)
    npv = TARGETS[0]
    assert kept.columns[npv].values.tolist() == before.columns[npv].values.tolist()
    assert changed.columns[npv].values.tolist() != before.columns[npv].values.tolist()
    assert kept.basis == before.basis
    own.unlink()
    clear_caches()
    assert economics.sweep(unpacked(written).spec).basis == before.basis
    clear_caches()


def test_a_table_is_outlined_as_its_parts_are():
    found = outline(packed())
    parts = Parts(economics.prepare(unpacked(packed()).spec), 20)
    assert (found.shards, found.cells, found.rows, found.is_table) == (PARTS, 200, 200, True)
    assert len(parts) == PARTS
    assert found.columns == tuple(parts.table(0).columns)
    assert found.bytes == 200 * (4 * 8 + 2)
    assert found.memory > 20 * (4 * 8 + 2)


@pytest.mark.parametrize(
    "reduction",
    [
        {"kind": "frontier", "field": "utilisation"},
        {"kind": "top", "count": 100_000},
        {"kind": "histogram", "bins": 50_000},
    ],
)
def test_a_long_list_is_outlined_as_long(reduction):
    """As it is kept, and no more than six times."""
    prices = {**PRICE, "values": [1.0 + 0.001 * step for step in range(1_000)]}
    spec = tables(axes=[prices, {**USE, "count": 20}], targets=TARGETS[:1], reduce=reduction)
    spare = outline(packed(sweep(reduce={"kind": "summary"}))).bytes
    taken = len(msgspec.json.encode(as_told(economics.sweep(spec))))
    assert taken < outline(packed(specs.question(specs.sweep_spec(spec)))).bytes < spare + 6 * taken


def as_told(found):
    return listed(found) if isinstance(found, economics.Table) else found


def test_shards_are_large_if_nothing_is_said():
    grid = [{**USE, "count": 1000, "field": field} for field in ("utilisation", "pue")]
    grid[1] |= {"start": 1.0, "stop": 1.5}
    found = outline(packed(question(specs.sweep_spec(tables(axes=grid)))))
    assert (found.shards, found.cells) == (4, 1_000_000)


@pytest.mark.parametrize(
    ("asked", "cells", "rows"),
    [
        (sweep(reduce={"kind": "summary"}), 200, 0),
        (sweep(reduce={"kind": "frontier", "field": "utilisation"}), 200, 20),
        (simulation(), 64, 0),
        (sensitivity(draws=DRAWN), 64 * 6, 0),
    ],
)
def test_any_other_answer_is_one_shard(asked, cells, rows):
    found = outline(packed(asked))
    assert (found.shards, found.rows, found.columns, found.is_table) == (1, rows, (), False)
    assert found.cells == cells
    assert found.memory > 0


@pytest.mark.parametrize(
    "asked",
    [
        sweep(targets=["npv"]),
        sweep(axes=[{**USE, "field": "utilization"}]),
        simulation(targets=["npv"]),
        question(SensitivitySpec(scenario=reference(), target="npv")),
    ],
    ids=lambda one: one.kind,
)
def test_what_is_wrong_is_told_before_anything_is_computed(asked):
    with pytest.raises(Problem):
        outline(packed(asked))


def test_an_engine_that_is_not_there_is_no_matter_of_the_outline():
    """It may be there where the shards are computed."""
    assert outline(packed(sweep(backend="cuda"))) == outline(packed())


def test_a_digest_is_that_of_the_bytes():
    assert specs.digest(packed()) == specs.digest(packed())
    assert specs.digest(packed()) != specs.digest(packed(sweep(shard_rows=30)))
    assert len(specs.digest(packed())) == 64


def test_a_shard_has_a_row_at_least():
    written = msgspec.json.decode(packed()) | {"shard_rows": 0}
    with pytest.raises(Problem, match="shard_rows"):
        unpacked(msgspec.json.encode(written))
