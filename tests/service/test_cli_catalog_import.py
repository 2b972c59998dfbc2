"""`catalog import` on the command line: what is said, where, and the exit code."""

import json
import os

import pytest

from economics.scenario import catalog

HEADER = (
    "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice\n"
)
GOOD = HEADER + "p5.48xlarge,H100,8,192,2048,98.32,us-east-1,,\nm5.large,,,2,8,0.096,us-east-1,,\n"


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv(catalog.FOLDER, str(tmp_path / "own"))
    return tmp_path / "own"


def saved(tmp_path, text, name="vms.csv"):
    path = tmp_path / name
    path.write_text(text)
    os.utime(path, (1.76e9, 1.76e9))
    return path


def test_rows_are_written_listed_and_shown(rackrate, tmp_path, own):
    said = rackrate("catalog", "import", saved(tmp_path, GOOD), "--prefix", "aws")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"1 rows (0 of them replaced) written to {own / 'rentals.toml'}",
        "hosts without GPUs, passed over: 1",
        'a scenario names one by revenue.market = "aws-p5.48xlarge-us-east-1"',
    ]
    assert "8 x H100" in rackrate("catalog", "rentals").out
    shown = rackrate("catalog", "aws-p5.48xlarge-us-east-1").out
    assert (
        "revenue.rental_price_usd_per_gpu_hour = 12.29\n      vms.csv, SkyPilot's catalog, line 2;"
        " as of 2025-10-09" in shown
    )
    found = json.loads(
        rackrate(
            "quote", "reference-project", "--set", "market=aws-p5.48xlarge-us-east-1", "--json"
        ).out
    )
    said = "fills over what stood there: revenue.rental_price_usd_per_gpu_hour (3.5)"
    assert said in found["notices"][0]
    assert found["scenario"]["revenue"]["rental_price_usd_per_gpu_hour"] == 12.29


def test_refused_lines_are_listed_and_exit_with_1(rackrate, tmp_path, own):
    said = rackrate(
        "catalog",
        "import",
        saved(tmp_path, GOOD + "free,H100,8,1,1,0,us-east-1,,\nx,V100,1,,,1,r,,\n"),
    )
    assert said.code == 1
    assert said.err == "rackrate: line 4: Price = '0': expected a number above 0 (1e-06 to 1e+09)\n"
    assert "refused: 1" in said.out
    assert "V100 (1)" in said.out
    found = rackrate(
        "catalog",
        "import",
        tmp_path / "vms.csv",
        "--json",
        "--source",
        "us",
        "--as-of",
        "2026-01-01",
    )
    assert found.code == 1
    assert json.loads(found.out)["bad"] == [
        {"line": 4, "reason": "Price = '0': expected a number above 0 (1e-06 to 1e+09)", "file": ""}
    ]
    assert (
        catalog.row("rentals", "x-r")["revenue"]["rental_price_usd_per_gpu_hour"]["as_of"]
        == "2026-01-01"
    )


def test_nothing_to_import_exits_with_2(rackrate, tmp_path, own):
    said = rackrate(
        "catalog", "import", saved(tmp_path, HEADER + "m5.large,,,2,8,0.096,us-east-1,,\n")
    )
    assert said.code == 2
    assert said.out.splitlines()[0] == "no line gives a row; nothing is written"
    assert not own.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("import",), "catalog import needs a FILE"),
        (("import", "none.csv"), "cannot read none.csv"),
        (("import", "none.csv", "--format", "excel"), "invalid choice"),
    ],
)
def test_what_cannot_be_imported_exits_with_2(rackrate, arguments, message):
    said = rackrate("catalog", *arguments)
    assert said.code == 2
    assert message in said.one_line()


def test_a_file_elsewhere_says_where_scenarios_look(rackrate, tmp_path, own):
    said = rackrate("catalog", "import", saved(tmp_path, GOOD), "-o", tmp_path / "mine.toml")
    assert said.code == 0
    assert f"scenarios find rows in files of {own} whose names begin with rentals" in said.out
    assert "p5.48xlarge-us-east-1" not in catalog.rows("rentals")


@pytest.mark.parametrize(
    "date", ["yesterday", "2026-13", "01.11.2026", "2026-11-1", "2026-02-30", "0000"]
)
def test_what_is_no_date_is_refused(rackrate, tmp_path, own, date):
    said = rackrate("catalog", "import", saved(tmp_path, GOOD), "--as-of", date)
    assert (said.code, own.exists()) == (2, False)
    assert (
        said.one_line() == f"--as-of {date!r}: expected a date such as 2026-11-01, 2026-11 or 2026"
    )
