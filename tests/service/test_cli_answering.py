"""`--server`: every command that a service can answer says the same as it does without."""

import re
import subprocess
import sys
from pathlib import Path

import polars
import pytest
from serving import serving

from economics.scenario import catalog
from service.cli.commands import COMMANDS
from service.client import conversation, replies
from service.web import responses

RACK = "hgx-h100"
USE = "utilisation=0.5:1:11"
SWEEP = ("sweep", RACK, "--sweep", USE)
DRAWN = ("--draw", "utilisation=triangular:0.5,0.7,0.9", "--count", "64", "--method", "random")
DRY = "wacc_per_year=0:0.2:3"
# What is typed of each command: answers as text and as JSON, and problems.
TYPED = {
    "quote": [
        ("quote", "nvl72-neocloud"),
        ("quote", "qts-lease", "--target", "npv_usd"),
        ("quote", RACK, "--set", "power.tariff=us-california", "--set", "utilisation=80%"),
        ("quote", "nvl72-neoclod"),
        ("quote", RACK, "--target", "npv_usd_per_rak"),
        ("quote", RACK, "--set", "utilisation=1.2", "--set", "wacc_per_year=-3"),
        ("quote", RACK, "--set", "utilisation=inf"),
    ],
    "breakeven": [("breakeven", "nvl72-neocloud"), ("breakeven", "azure-openai-2024")],
    "depreciate": [("depreciate", "nvl72-neocloud"), ("depreciate", "hyperscaler-vintages")],
    "cashflow": [("cashflow", "nvl72-neocloud"), ("cashflow", "crusoe-abilene")],
    "solve": [
        ("solve", RACK, "--for", "utilisation", "--target", "npv_usd_per_rack", "--value", "0"),
        ("solve", RACK, "--for", "utilisation", "--target", "npv_usd_per_rack", "--value", "9e9"),
        ("solve", RACK, "--for", "gpu_per_rack", "--target", "npv_usd_per_rack", "--value", "0"),
    ],
    "sweep": [
        SWEEP,
        (*SWEEP, "--sweep", "wacc_per_year=0.05:0.15:12"),
        (*SWEEP, "--sweep", DRY, "--target", "irr_per_year", "-o", "-"),
        (*SWEEP, "--reduce", "top:3"),
        (*SWEEP, "--reduce", "share:npv_usd_per_rack > 0"),
        (*SWEEP, "--sweep", DRY, "--reduce", "frontier:utilisation:npv_usd_per_rack"),
        (*SWEEP, *DRAWN, "--reduce", "top:2", "--target", "npv_usd_per_rack"),
        (*SWEEP, "--target", "nothing"),
        (*SWEEP, "--backend", "numpi"),
        ("sweep", RACK, "--sweep", "utilisation=0.5:2:3"),
    ],
    "simulate": [
        ("simulate", RACK, *DRAWN, "--chance", "npv_usd_per_rack > 0"),
        ("simulate", RACK, *DRAWN, "--chance", "npv_usd_per_rack"),
    ],
    "sensitivity": [
        ("sensitivity", RACK, "npv_usd_per_rack", *DRAWN),
        ("sensitivity", RACK, "npv_usd_per_rack", "--by", "0.05"),
    ],
    "compare": [
        ("compare", RACK, "hgx-h200", "--set", "B:utilisation=0.9"),
        ("compare", RACK, "qts-lease"),
        ("compare", RACK, RACK, "--set", "B:power.tariff=us-california"),
    ],
    "explain": [
        ("explain", RACK, "npv_usd_per_rack", "--depth", "2"),
        ("explain", RACK, "irr_per_year", "--depth", "500"),
    ],
    "jobs": [("jobs", "lst"), ("jobs", "show")],
    "catalog": [
        ("catalog",),
        ("catalog", "rentals"),
        ("catalog", "sweeps"),
        ("catalog", "nvl72-neocloud"),
        ("catalog", "hgx-h20"),
    ],
}
SECONDS = re.compile(r'("seconds":)[^,]+|\d+\.\d\d s on')
OWN = """\
[ours.revenue]
rental_price_usd_per_gpu_hour = { value = 1.5, source = "our contract", as_of = 2026-11-01 }
"""
FILE = """\
name = "our rack"
accelerator = "hgx-h100"
[hardware]
economic_life_years = 5
[facility]
site = "us-colocation"
[power]
tariff = "us-average"
[finance]
wacc_per_year = 0.1
[revenue]
market = "ours"
utilisation = { value = 0.7, source = "our logs" }
"""


@pytest.fixture(autouse=True)
def _soon(monkeypatch, tmp_path):
    monkeypatch.setattr(conversation, "FIRST_SECONDS", 0.001)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def plain(said):
    return said._replace(out=SECONDS.sub(r"\1", said.out))


def test_every_command_that_can_be_asked_is_tried():
    assert set(TYPED) == {one.name for one in COMMANDS if one.remote}


@pytest.mark.parametrize("name", TYPED)
def test_a_service_says_what_this_program_says(rackrate, url, name):
    for typed in TYPED[name]:
        here = rackrate(*typed)
        assert plain(rackrate(*typed, "--server", url)) == plain(here), typed
        assert here.out or here.err


@pytest.mark.parametrize("name", TYPED)
def test_its_json_is_the_same(rackrate, url, name):
    for typed in [one for one in TYPED[name] if name == "sweep" or one is TYPED[name][0]]:
        here = rackrate(*typed, "--json")
        assert plain(rackrate(*typed, "--json", "--server", url)) == plain(here), typed


def read(path):
    """The rows of a file with their types, and what it says of itself; the bytes of a text."""
    if path.suffix == ".parquet":
        return polars.read_parquet(path).to_dict(), polars.read_parquet_metadata(path)
    return polars.read_ipc(path).to_dict() if path.suffix == ".arrow" else path.read_bytes()


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "arrow"])
def test_files_are_the_same(rackrate, url, tmp_path, suffix):
    typed = (*SWEEP, "--sweep", DRY, "--target", "irr_per_year", "-o")
    here, there = tmp_path / f"here.{suffix}", tmp_path / f"there.{suffix}"
    assert rackrate(*typed, here).code == 0
    assert rackrate(*typed, there, "--server", url) == (0, "", "")
    assert str(read(there)) == str(read(here))
    assert rackrate(*typed, there, "--server", url).code == 2
    assert [one.name for one in sorted(tmp_path.iterdir())] == [here.name, there.name]


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet"])
def test_files_of_reductions_are_the_same(rackrate, url, tmp_path, suffix):
    typed = (*SWEEP, "--reduce", "top:2", "-o")
    here, there = tmp_path / f"here.{suffix}", tmp_path / f"there.{suffix}"
    assert rackrate(*typed, here) == rackrate(*typed, there, "--server", url)
    assert SECONDS.sub("", str(read(there))) == SECONDS.sub("", str(read(here)))


def test_rows_and_files_of_ones_own_go_along(rackrate, url, tmp_path, monkeypatch):
    (tmp_path / "rentals.toml").write_text(OWN)
    file = tmp_path / "rack.toml"
    file.write_text(FILE)
    monkeypatch.setenv("RACKRATE_WACC_PER_YEAR", "9%")
    asked = [
        ("quote", file, "--json"),
        ("quote", RACK, "--set", "revenue.market=ours"),
        ("explain", file, "cost_usd_per_gpu_hour"),
        ("compare", file, RACK, "--json"),
        ("sweep", file, "--sweep", USE, "--json"),
    ]
    with monkeypatch.context() as own:
        own.setenv(catalog.FOLDER, str(tmp_path))
        catalog.look_again()
        here = [plain(rackrate(*typed)) for typed in asked]
        assert all(one.code == 0 for one in here)
        # The service is in this process: it must not see the row where it looks for rows.
        own.setattr(catalog, "own_files", without_while_asked(catalog.own_files, own))
        there = [plain(rackrate(*typed, "--server", url)) for typed in asked]
    catalog.look_again()
    assert there == here


def without_while_asked(own_files, own):
    """What finds files of rows on the main thread only, where the command line runs."""
    import threading

    main = threading.main_thread()
    return lambda kind: own_files(kind) if threading.current_thread() is main else ()


def test_the_environment_names_a_service_too(rackrate, url, monkeypatch):
    here = rackrate("quote", RACK)
    monkeypatch.setenv("RACKRATE_SERVER", url)
    assert rackrate("quote", RACK) == here
    assert rackrate("doctor").code == 0  # which is not asked of anybody
    monkeypatch.setenv("RACKRATE_SERVER", "http://127.0.0.1:9")
    assert "nobody answers" in rackrate("quote", RACK).one_line()


def test_a_terminal_is_told_who_is_waited_for(rackrate, url, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    said = rackrate("quote", RACK, "--server", url)
    line = f"waiting for {url}"
    assert said.err == f"{line}\r{' ' * len(line)}\r"
    assert said.out == rackrate("quote", RACK).out


@pytest.mark.parametrize("name", [one.name for one in COMMANDS if not one.remote])
def test_what_is_of_this_machine_is_asked_of_no_service(rackrate, name):
    needed = {
        "keys": ("new", "name"),
        "shard": ("x", "--of", "2", "-o", "parts"),
        "collect": ("parts",),
        "worker": ("tcp://127.0.0.1:8786",),
    }
    said = rackrate(name, *needed.get(name, ()), "--server", "http://127.0.0.1:9")
    assert said.code == 2
    assert said.one_line() == (
        f"rackrate {name} is about this machine, no service answers it: leave out --server"
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ((*SWEEP, "--dry-run"), "--dry-run is about this machine: leave it out with --server"),
        ((*SWEEP, "--threads", "2"), "--threads is about this machine"),
        (("catalog", "import", "x.csv"), "catalog import writes to this machine"),
    ],
)
def test_options_of_this_machine_are_refused(rackrate, url, typed, words):
    said = rackrate(*typed, "--server", url)
    assert said.code == 2
    assert words in said.one_line()


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("http://127.0.0.1:9", 1, "nobody answers at http://127.0.0.1:9"),
        ("http://no-such-host.invalid", 1, "nobody answers at http://no-such-host.invalid"),
        ("127.0.0.1:8000", 2, "--server '127.0.0.1:8000': expected an address such as"),
        ("http://a:secret@b", 2, "without a name or a password"),
        ("{url}/elsewhere", 2, "has no such question"),
        ("https://{host}", 1, "no secure connection to https://"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(rackrate, url, address, code, words):
    address = address.format(url=url, host=url.removeprefix("http://"))
    said = rackrate("quote", RACK, "--server", address)
    assert said.code == code
    assert words in said.one_line()
    assert "secret" not in said.err


def test_a_service_of_another_model_is_refused(rackrate, url, monkeypatch):
    monkeypatch.setitem(responses.PASSING, responses.MODEL, "999")
    said = rackrate("explain", RACK, "npv_usd_per_rack", "--server", url)
    assert (said.code, said.out) == (1, "")
    assert f"computes by version 999 of the model, this program by {replies.MODEL_VERSION}" in (
        said.one_line()
    )


def test_a_key_comes_from_the_environment(rackrate, tmp_path, monkeypatch):
    from hashlib import sha256

    keys = Path(tmp_path) / "keys"
    keys.write_text(sha256(b"open-sesame").hexdigest())
    with serving(api_keys_file=str(keys)) as locked:
        refused = rackrate("quote", RACK, "--server", locked)
        assert refused.code == 2
        assert "RACKRATE_API_KEY" in refused.one_line()
        monkeypatch.setenv("RACKRATE_API_KEY", "wrong-key")
        refused = rackrate("quote", RACK, "--server", locked)
        assert (refused.code, "wrong-key" in refused.err) == (2, False)
        monkeypatch.setenv("RACKRATE_API_KEY", "open-sesame")
        assert rackrate("quote", RACK, "--server", locked) == rackrate("quote", RACK)
        assert "open-sesame" not in rackrate("doctor").out


def test_a_limit_of_a_service_is_said(rackrate):
    with serving(max_inline_cells=10) as small:
        said = rackrate(*SWEEP, "--reduce", "cells", "--server", small)
        assert (said.code, said.out) == (1, "")
        assert "11 cells in an answer were asked for, at most 10 are given" in said.one_line()


def test_asking_a_service_imports_what_sends_and_nothing_that_computes():
    asked = (
        "import sys; from service.__main__ import main; main(['quote', 'hgx-h100', '--server',"
        " 'http://127.0.0.1:9']); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert "httpx" in done.stdout.split()
    assert not {"numpy", "polars", "litestar", "uvicorn"} & {*done.stdout.split()}
