"""Files are read or refused in one line."""

import os
import re
import sys
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from economics.sweeps.spec import SweepSpec
from economics.uncertainty.simulate import SimulationSpec
from service.files import reading
from service.files.reading import FileProblem


def test_shipped_files_are_found_by_name():
    assert {"nvl72-neocloud", "reference-project"} <= set(reading.shipped_names("scenarios"))
    assert reading.scenario_tables("reference-project")["hardware"]["gpu_per_rack"] == 72
    assert "axes" in reading.sweep_spec("stargate-rack-grid")


@pytest.mark.parametrize("folder", reading.FOLDERS)
def test_every_shipped_file_can_be_read(folder):
    for name in reading.shipped_names(folder):
        assert reading.sweep_spec(name)["scenario"]["name"]


def test_a_file_stands_before_a_shipped_name(tmp_path, monkeypatch):
    (tmp_path / "reference-project").write_text('name = "mine"')
    (tmp_path / "hgx-h100").mkdir()
    monkeypatch.chdir(tmp_path)
    assert reading.scenario_tables("reference-project") == {"name": "mine"}
    assert reading.scenario_tables("hgx-h100")["name"] == "hgx-h100"  # a folder is no scenario


def test_json_is_read_by_its_suffix_and_null_is_not_stated(tmp_path):
    (tmp_path / "a.json").write_text(
        '{"name": null, "hardware": {"gpu_per_rack": 8, "it_load_kw_per_rack": null}}'
    )
    assert reading.scenario_tables(str(tmp_path / "a.json")) == {"hardware": {"gpu_per_rack": 8}}


def test_a_sweep_names_its_scenario_beside_it_or_shipped_or_holds_it(tmp_path):
    (tmp_path / "base.toml").write_text('name = "base"')
    for scenario, name in (
        ('"base.toml"', "base"),
        ('"hgx-h100"', "hgx-h100"),
        ('{name = "inner"}', "inner"),
    ):
        (tmp_path / "grid.toml").write_text(
            f'scenario = {scenario}\naxes = [{{kind = "values", field = "pue", values = [1.2]}}]'
        )
        assert reading.sweep_spec(str(tmp_path / "grid.toml"))["scenario"]["name"] == name


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = ", "is not valid TOML: Invalid value (at end of document)"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"a = " + b"[" * 100_000, "is not valid TOML: "),
        (b"a = 1\na = 2", "is not valid TOML: Cannot overwrite a value"),
    ],
)
def test_what_is_no_toml_is_refused(tmp_path, content, said):
    (tmp_path / "a.toml").write_bytes(content)
    with pytest.raises(FileProblem, match=re.escape(f"a.toml {said}")) as caught:
        reading.scenario_tables(str(tmp_path / "a.toml"))
    assert "\n" not in str(caught.value)


def test_a_json_file_must_hold_tables(tmp_path):
    (tmp_path / "a.json").write_text("[1]")
    with pytest.raises(FileProblem, match="expected tables, not list"):
        reading.scenario_tables(str(tmp_path / "a.json"))


def test_a_sweep_is_no_scenario_and_must_have_one(tmp_path):
    (tmp_path / "grid.toml").write_text("axes = []")
    with pytest.raises(FileProblem, match="is a sweep, not a scenario: rackrate sweep "):
        reading.scenario_tables(str(tmp_path / "grid.toml"))
    with pytest.raises(FileProblem, match='expected scenario = "name or path"'):
        reading.sweep_spec(str(tmp_path / "grid.toml"))


@pytest.mark.parametrize("more", ["", 'targets = ["moic"]', 'reduce = {kind = "cells"}'])
def test_a_file_without_axes_is_a_sweep_too(tmp_path, more):
    (tmp_path / "grid.toml").write_text(f'scenario = "hgx-h100"\n{more}')
    assert reading.sweep_spec(str(tmp_path / "grid.toml"))["scenario"]["name"] == "hgx-h100"
    with pytest.raises(FileProblem, match="is a sweep, not a scenario: rackrate sweep "):
        reading.scenario_tables(str(tmp_path / "grid.toml"))


@pytest.mark.parametrize(
    "text", ['name = "mine"', '{"name": "mine", "note": null}', '\n  {"name": "mine"}']
)
def test_standard_input_is_toml_or_json(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text.encode())))
    assert reading.scenario_tables("-") == {"name": "mine"}


def test_a_path_that_cannot_be_looked_at_is_named(tmp_path):
    long = "x" * 300
    with pytest.raises(FileProblem, match=r"cannot read x+: File name too long"):
        reading.scenario_tables(long)
    (tmp_path / "grid.toml").write_text(f'scenario = "{long}"')
    with pytest.raises(FileProblem, match=r"cannot read .*x+: File name too long"):
        reading.sweep_spec(str(tmp_path / "grid.toml"))


def test_a_path_without_rights_is_named(monkeypatch):
    def denied(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", denied)
    with pytest.raises(FileProblem, match=r"cannot read secret/a\.toml: Permission denied"):
        reading.scenario_tables("secret/a.toml")


def test_an_unknown_name_gets_near_matches_or_the_way_to_the_list():
    with pytest.raises(
        FileProblem,
        match="'hgx-h10' is neither a file nor a shipped scenario; did you mean hgx-h100",
    ):
        reading.scenario_tables("hgx-h10")
    with pytest.raises(FileProblem, match="`rackrate catalog` lists what is shipped"):
        reading.scenario_tables("/nowhere/at/all.toml")
    with pytest.raises(FileProblem, match="shipped scenario"):
        reading.shipped_tables("scenarios", "../catalog/accelerators")


def test_an_unreadable_file_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.toml").touch(mode=0)
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o755)
    with (
        as_nobody_special(),
        pytest.raises(FileProblem, match=r"cannot read a\.toml: Permission denied"),
    ):
        reading.scenario_tables("a.toml")


@contextmanager
def as_nobody_special():
    """Without the rights of root, who may read everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_file_too_large_is_refused(tmp_path):
    (tmp_path / "a.toml").write_text("a = 1 # " + "x" * reading.MOST_BYTES)
    with pytest.raises(FileProblem, match=r"a\.toml is larger than 64 MiB: no scenario is"):
        reading.scenario_tables(str(tmp_path / "a.toml"))
    reading.check_size(b"12", "a.csv", "such catalog", most=2)
    with pytest.raises(FileProblem, match=r"a\.csv is larger than 0 MiB: no such catalog is"):
        reading.check_size(b"123", "a.csv", "such catalog", most=2)


def test_what_a_sweep_or_a_simulation_has_alone_is_what_their_records_have():
    records = (SweepSpec, SimulationSpec)
    assert {name for one in records for name in one.__struct_fields__} == reading.SWEEP
