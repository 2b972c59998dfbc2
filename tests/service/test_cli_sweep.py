"""Sweeps from the command line: the library's cells, in files, on standard output, as summaries."""

import json

import numpy as np
import polars as pl
import pytest

import economics
from economics.sweeps.cells import complete
from service import __main__ as entry
from service.cli import sweep as command
from service.cli.figures import number
from service.files.reading import scenario_tables

MANY = ("--sweep", "utilisation=0.2:1:51", "--sweep", "wacc_per_year=0.05,0.1")
AXES = ("--sweep", "utilisation=0.2:1:5", "--sweep", "wacc_per_year=0.05,0.1")
SPEC = {
    "scenario": scenario_tables("nvl72-neocloud"),
    "axes": [
        {"kind": "linspace", "field": "utilisation", "start": 0.2, "stop": 1.0, "count": 5},
        {"kind": "values", "field": "wacc_per_year", "values": [0.05, 0.1]},
    ],
}
FILE = """
name = "mine"
scenario = "nvl72-neocloud"
targets = ["moic"]
[[axes]]
kind = "values"
field = "pue"
values = [1.1, 1.2, 1.3]
source = "assumption"
as_of = "2026-11-21"
[reduce]
kind = "top"
count = 2
"""


@pytest.fixture
def sweep_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(FILE)
    return path


@pytest.mark.parametrize(
    ("suffix", "read"), [("csv", pl.read_csv), ("parquet", pl.read_parquet), ("arrow", pl.read_ipc)]
)
def test_a_file_has_every_cell_of_the_library(rackrate, tmp_path, suffix, read):
    out = tmp_path / f"grid.{suffix}"
    assert rackrate("sweep", "nvl72-neocloud", *AXES, "-o", out) == (0, "", "")
    found, expected = read(out), economics.sweep({**SPEC, "reduce": {"kind": "cells"}})
    assert found.columns == list(complete(expected).columns)
    for name, column in expected.columns.items():
        assert np.array_equal(found[name].to_numpy(), column.values.reshape(-1), equal_nan=True)


def test_standard_output_is_csv_or_json(rackrate):
    text = rackrate("sweep", "nvl72-neocloud", *AXES, "-o", "-").out
    assert (
        text.splitlines()[0]
        == "utilisation,wacc_per_year,cost_usd_per_gpu_hour,cost_usd_per_gpu_hour_status,"
        "breakeven_utilisation,breakeven_utilisation_status,npv_usd_per_rack,npv_usd_per_rack_status"
    )
    assert len(text.splitlines()) == 11
    assert rackrate("sweep", "nvl72-neocloud", *AXES, "--reduce", "cells").out == text
    found = json.loads(rackrate("sweep", "nvl72-neocloud", *AXES, "-o", "-", "--json").out)
    assert found["shape"] == [5, 2]


def test_without_output_and_reduction_it_is_a_summary(rackrate):
    said = rackrate("sweep", "nvl72-neocloud", *MANY)
    assert said.out.startswith("102 cells: utilisation (51) x wacc_per_year (2)\n")
    found = json.loads(rackrate("sweep", "nvl72-neocloud", *AXES, "--json").out)
    assert (found["kind"], found["cells"]) == ("summary", 10)
    expected = economics.sweep({**SPEC, "reduce": {"kind": "summary"}})
    assert (
        found["targets"]["npv_usd_per_rack"]["greatest"]
        == expected.targets["npv_usd_per_rack"].greatest
    )


def test_few_cells_are_shown_as_they_are(rackrate):
    header, units, *rows = rackrate(
        "sweep", "nvl72-neocloud", *AXES, "--target", "npv_usd_per_rack", "--target", "irr_per_year"
    ).out.splitlines()
    assert header.split() == [
        "utilisation",
        "wacc_per_year",
        "npv_usd_per_rack",
        "irr_per_year",
        "irr_per_year_status",
    ]
    assert units.split("  ")[-1].strip() == "[% a year]"
    expected = (
        economics.sweep({**SPEC, "targets": ["npv_usd_per_rack"]})
        .columns["npv_usd_per_rack"]
        .values
    )
    assert [row.split()[2] for row in rows] == [number(one) for one in expected.ravel().tolist()]
    assert {row.split()[-1] for row in rows} == {"no_root", "ok"}
    assert (
        "cells: utilisation"
        in rackrate("sweep", "nvl72-neocloud", *AXES, "--reduce", "summary").out
    )


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ("histogram:4:npv_usd_per_rack", "####"),
        (
            "share:npv_usd_per_rack > 0",
            "30.0000 % of all cells meet npv_usd_per_rack > 0: 3 of 10; not met: 7, no value: 0",
        ),
        ("share:payback_years < 3", "2 of 10; not met: 8, no value: 0"),
        ("histogram:4:payback_years", "never paid back"),
    ],
)
def test_reductions_are_shown(rackrate, how, shown):
    said = rackrate("sweep", "nvl72-neocloud", *AXES, "--reduce", how)
    assert (said.code, said.err) == (0, "")
    assert shown in said.out


@pytest.mark.parametrize(("how", "best"), [("top", max), ("bottom", min)])
def test_the_best_cells_are_shown(rackrate, how, best):
    said = rackrate("sweep", "nvl72-neocloud", *AXES, "--reduce", f"{how}:3:npv_usd_per_rack")
    every = economics.sweep({**SPEC, "targets": ["npv_usd_per_rack"]}).columns["npv_usd_per_rack"]
    assert number(best(every.values.ravel().tolist())) in said.out


@pytest.mark.parametrize("how", ["top:3", "histogram:4", "summary", "share:payback_years < 3"])
def test_a_grid_without_any_value_is_no_error(rackrate, how):
    arguments = ("--target", "payback_years", "--sweep", "utilisation=0.1,0.2", "--reduce", how)
    said = rackrate("sweep", "nvl72-neocloud", *arguments)
    assert (said.code, said.err) == (0, "")


def test_a_shipped_sweep_can_be_made_smaller(rackrate):
    narrow = [
        f"{field}=0.1"
        for field in ("price_decline_per_year", "wacc_per_year", "electricity_price_usd_per_kwh")
    ]
    options = [word for text in (*narrow, "pue=1.2") for word in ("--sweep", text)]
    found = json.loads(rackrate("sweep", "stargate-rack-grid", *options, "--json").out)
    assert found["cells"] == 15 * 17 * 4
    assert [axis["name"] for axis in found["axes"]][:2] == [
        "rental_price_usd_per_gpu_hour",
        "utilisation",
    ]


def test_a_sweep_file_says_all_and_options_stand_above_it(rackrate, sweep_file, tmp_path):
    found = json.loads(rackrate("sweep", sweep_file, "--json").out)
    assert [row["pue"] for row in found["rows"]] == [1.1, 1.2]
    assert set(found["rows"][0]) == {"pue", "moic"}
    assert (
        json.loads(rackrate("sweep", sweep_file, "--reduce", "bottom:1", "--json").out)["rows"][0][
            "pue"
        ]
        == 1.3
    )
    target = ("--target", "cost_usd_per_rack_year", "--set", "staff_cost_usd_per_rack_year=1e6")
    assert (
        json.loads(rackrate("sweep", sweep_file, *target, "--json").out)["rows"][0][
            "cost_usd_per_rack_year"
        ]
        > 2e6
    )
    assert rackrate("sweep", sweep_file, "-o", tmp_path / "best.csv").code == 0
    assert pl.read_csv(tmp_path / "best.csv").height == 2


def test_a_dry_run_counts_and_computes_nothing(rackrate, monkeypatch, tmp_path):
    monkeypatch.setattr(economics, "run", None, raising=False)
    said = rackrate("sweep", "stargate-rack-grid", "--dry-run")
    assert said.out.startswith("12,218,580 cells, ")
    found = json.loads(
        rackrate("sweep", "stargate-rack-grid", "--dry-run", "--json", "-o", tmp_path / "a.csv").out
    )
    assert found["points"] == 12_218_580
    assert found["bytes"] > 0
    assert not list(tmp_path.iterdir())


def test_a_dry_run_says_how_much_less_a_streamed_file_needs(rackrate, tmp_path):
    large = (
        "stargate-rack-grid",
        "--sweep",
        "rental_price_usd_per_gpu_hour=1:5:2000",
        "--dry-run",
        "--json",
    )
    streamed, whole = (
        json.loads(rackrate("sweep", *large, "-o", tmp_path / f"a.{form}").out)
        for form in ("csv", "json")
    )
    assert streamed["points"] == whole["points"] > 1e9
    assert 10 * streamed["bytes"] < whole["bytes"]


def test_an_existing_file_is_replaced_by_force_only(rackrate, tmp_path):
    out = tmp_path / "grid.csv"
    out.write_text("old")
    assert rackrate("sweep", "nvl72-neocloud", *AXES, "-o", out).code == 2
    assert out.read_text() == "old"
    assert rackrate("sweep", "nvl72-neocloud", *AXES, "-o", out, "--force").code == 0
    assert pl.read_csv(out).height == 10


@pytest.mark.parametrize(
    ("where", "what", "form"),
    [(command.frames, "_write_into", "json"), (command.streams, "_encode", "csv")],
)
def test_an_interrupted_run_leaves_nothing(rackrate, monkeypatch, tmp_path, where, what, form):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(where, what, interrupted)
    assert rackrate("sweep", "nvl72-neocloud", *AXES, "-o", tmp_path / f"a.{form}") == (
        entry.INTERRUPTED,
        "",
        "",
    )
    assert not list(tmp_path.iterdir())


def engine_of(said):
    found = json.loads(said.out)
    return found["backend"], found["why"]


def test_the_command_line_stands_above_the_file_above_the_environment(
    rackrate, sweep_file, monkeypatch
):
    plain = ("sweep", sweep_file, "--json")
    assert engine_of(rackrate(*plain)) == ("numpy", "little to compute: under 0.01 s")
    monkeypatch.setenv("RACKRATE_BACKEND", "jit")
    assert (
        engine_of(rackrate(*plain))
        == engine_of(rackrate(*plain, "--dry-run"))
        == ("jit", "asked for")
    )
    assert engine_of(rackrate(*plain, "--backend", "auto")) == (
        "numpy",
        "little to compute: under 0.01 s",
    )
    sweep_file.write_text(f'backend = "numpy"\n{FILE}')
    assert engine_of(rackrate(*plain)) == ("numpy", "asked for")
    assert engine_of(rackrate(*plain, "--backend", "jit", "-o", "-", "--reduce", "cells")) == (
        "jit",
        "asked for",
    )


def test_people_are_told_which_engine_was_taken_and_why(rackrate):
    assert (
        "s on numpy (little to compute: under 0.01 s)\n"
        in rackrate("sweep", "nvl72-neocloud", *MANY).out
    )
    assert rackrate(
        "sweep", "nvl72-neocloud", *AXES, "--dry-run", "--backend", "numpy"
    ).out.endswith(" on numpy (asked for)\n")


def test_threads_do_not_change_the_answer(rackrate):
    one, two = (
        rackrate(
            "sweep", "nvl72-neocloud", *AXES, "-o", "-", "--threads", n, "--backend", "numpy"
        ).out
        for n in (1, 2)
    )
    assert one == two


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("axes = 3", "axes = 3: expected a list of axes"),
        ("reduce = 3", "reduce = 3: expected a table with a kind"),
        ('backend = "nunpy"', "backend = 'nunpy': expected a known engine"),
        ("backend = 3", "backend = 3: expected text"),
    ],
)
def test_a_sweep_file_of_the_wrong_shape_is_refused(rackrate, tmp_path, text, said):
    path = tmp_path / "bad.toml"
    path.write_text(f'scenario = "hgx-h100"\n{text}')
    found = rackrate("sweep", path, "--sweep", "pue=1.1,1.2")
    assert (found.code, found.one_line()[: len(said)]) == (2, said)


FRONTIER = (
    *("--sweep", "utilisation=0.2:1:9", "--sweep", "rental_price_usd_per_gpu_hour=1,2,4"),
    *("--reduce", "frontier:utilisation:npv_usd_per_rack"),
)


@pytest.mark.parametrize(
    ("suffix", "read"), [("csv", pl.read_csv), ("parquet", pl.read_parquet), ("arrow", pl.read_ipc)]
)
def test_a_frontier_is_a_table_in_every_format(rackrate, tmp_path, suffix, read):
    out = tmp_path / f"frontier.{suffix}"
    assert rackrate("sweep", "nvl72-neocloud", *FRONTIER, "-o", out) == (0, "", "")
    found = read(out)
    assert found.columns == [
        "rental_price_usd_per_gpu_hour",
        "utilisation",
        "utilisation_status",
        "utilisation_crossings",
    ]
    assert found["utilisation_status"].to_list() == ["always_below", "always_below", "ok"]
    assert found["utilisation"].null_count() == 2


def test_a_frontier_is_printed_as_csv_or_json_and_its_size_told(rackrate):
    text = rackrate("sweep", "nvl72-neocloud", *FRONTIER, "-o", "-").out
    assert text.splitlines()[1] == "1.0,,always_below,0"
    found = json.loads(rackrate("sweep", "nvl72-neocloud", *FRONTIER, "--json").out)
    assert found["columns"]["utilisation"]["values"][:2] == [None, None]
    assert (
        json.loads(rackrate("sweep", "nvl72-neocloud", *FRONTIER, "--dry-run", "--json").out)[
            "points"
        ]
        == 27
    )


def test_a_frontier_is_shown_with_counts_of_its_statuses_and_its_first_rows(rackrate):
    first, _, _, _, *rows, note = rackrate("sweep", "nvl72-neocloud", *FRONTIER).out.splitlines()
    assert first == "rows: 3 (2 always_below, 1 ok)"
    assert [row.split()[1:] for row in rows[:2]] == [["-", "always_below", "0"]] * 2
    assert rows[2].split()[2:] == ["ok", "1"]
    assert note.startswith("note: utilisation: crossings between neighbouring values")
    many = rackrate(
        "sweep", "nvl72-neocloud", *FRONTIER, "--sweep", "wacc_per_year=0.05:0.15:50"
    ).out.splitlines()
    assert many[0].startswith("rows: 150 (")
    assert len(many) == 4 + command.FIRST_ROWS + 2
    assert "note: the first 100 rows; -o FILE writes all" in many


@pytest.mark.parametrize(
    "reduce", ["summary", "top:2", "histogram:2", "share:npv_usd_per_rack > 0"]
)
def test_notices_are_shown_below_what_is_left(rackrate, reduce):
    shown = rackrate(
        "sweep", "nvl72-neocloud", *AXES, "--sweep", "rack_count=1,2", "--reduce", reduce
    ).out
    assert shown.splitlines()[-1] == "note: axis rack_count changes none of the targets"


def test_terms_of_contracts_are_swept_by_name(rackrate, tmp_path):
    price = "contract_price_usd_per_gpu_hour"
    alone = rackrate(
        "sweep",
        "reference-contract",
        "--sweep",
        f"{price}=2,3",
        "--target",
        "npv_usd_per_rack",
        "-o",
        "-",
    ).out
    assert alone.splitlines()[0] == f"{price},npv_usd_per_rack,npv_usd_per_rack_status"
    two = scenario_tables("reference-contract")
    two["revenue"]["tranches"] = [{**two["revenue"]["tranches"][0], "hours_fraction": 0.3}] * 2
    (tmp_path / "two.json").write_text(json.dumps(two, default=str))
    asked = ("--sweep", f"revenue.tranches[1].{price}=0.5:5:10", "--reduce")
    frontier = rackrate(
        "sweep",
        tmp_path / "two.json",
        *asked,
        f"frontier:tranches[1].{price}:npv_usd_per_rack",
        "--json",
    )
    assert json.loads(frontier.out)["columns"][f"tranches[1].{price}_status"]["values"] == ["ok"]
    share = rackrate(
        "sweep", tmp_path / "two.json", *asked, "share:tranches[1].contract_value_usd_per_rack > 0"
    )
    assert (
        "100.0000 % of all cells meet tranches[1].contract_value_usd_per_rack > 0: 10 of 10"
        in share.out
    )
