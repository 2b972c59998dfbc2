"""What the doctor says of serving."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from service.cli import serving_doubts
from service.cli.serving_doubts import data_report, doubts, extras, settings_report
from service.settings import Settings

HASH = "0" * 64
HERE = serving_doubts._memory, serving_doubts._open_files


def test_this_machine_is_read():
    assert 2**28 < HERE[0]() < 2**50
    assert HERE[1]() > 16


@pytest.fixture(autouse=True)
def _large_machine(monkeypatch, tmp_path):
    """One on which nothing is doubtful."""
    monkeypatch.setattr(serving_doubts, "cores", lambda: 64)
    monkeypatch.setattr(serving_doubts, "_memory", lambda: 2**40)
    monkeypatch.setattr(serving_doubts, "_open_files", lambda: 2**20)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_settings_have_their_origin(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text('workers = 3\ncors_origins = ["https://a.example", "https://b.example"]')
    found = settings_report({"RACKRATE_SETTINGS_FILE": str(path), "RACKRATE_MAX_SECONDS": "7"})
    assert list(found) == list(Settings.__struct_fields__)
    assert found["workers"] == f"3 ({path})"
    assert found["max_seconds"] == "7.0 (environment)"
    assert found["max_waiting"] == "64 (default)"
    assert found["api_keys_file"] == "none (default)"
    assert found["cors_origins"] == f"https://a.example, https://b.example ({path})"


def test_settings_that_cannot_be_are_told():
    wrong = {"RACKRATE_WORKERS": "none"}
    assert "RACKRATE_WORKERS = 'none': expected" in settings_report(wrong)["wrong"]
    assert "RACKRATE_WORKERS = 'none': expected" in doubts(wrong)[0]


def test_who_may_ask(tmp_path):
    assert doubts({}) == ["only loopback addresses can be listened on: there is no api_keys_file"]
    assert doubts({"RACKRATE_WITHOUT_KEYS": "1"}) == [
        "without_keys is set: whoever reaches the service may ask"
    ]
    keys = {"RACKRATE_API_KEYS_FILE": str(tmp_path / "keys")}
    assert "can be read" in doubts(keys)[0]
    soon = (datetime.now(UTC) + timedelta(days=5)).date()
    late = (datetime.now(UTC) + timedelta(days=500)).date()
    lines = (
        f"a {HASH} expires=2020-01-31\nb {HASH} expires={soon}\nc {HASH} expires={late}\nd {HASH}"
    )
    (tmp_path / "keys").write_text(lines)
    assert doubts(keys) == [
        "the key a has expired (2020-01-31)",
        f"the key b will have expired after {soon}",
    ]


def test_what_is_more_than_the_machine_has(tmp_path, monkeypatch):
    (tmp_path / "keys").write_text(HASH)
    keys = {"RACKRATE_API_KEYS_FILE": str(tmp_path / "keys")}
    assert doubts(keys) == []
    monkeypatch.setattr(serving_doubts, "cores", lambda: 1)
    monkeypatch.setattr(serving_doubts, "_memory", lambda: 2**30)
    monkeypatch.setattr(serving_doubts, "_open_files", lambda: 256)
    assert doubts(keys) == [
        "workers = 2, but there are 1 cores",
        "workers x max_sweep_bytes are 4.0 GiB, but there are 1.0 GiB of memory",
        "max_connections = 512, but a process may have 256 files open (ulimit -n)",
    ]


def test_folders_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "keys").write_text(HASH)
    keys = {"RACKRATE_API_KEYS_FILE": str(tmp_path / "keys")}
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "keys"))  # no folder
    metrics = {"RACKRATE_METRICS_FOLDER": str(tmp_path / "keys" / "metrics")}
    compiled, shared = doubts(keys | metrics)
    assert compiled.startswith("compiled code cannot be kept in")
    assert shared.endswith("cannot be written")


def test_extras_say_what_they_lack(monkeypatch, rackrate):
    needs = [("msgspec", ""), ("numpy", "a"), ("no-such-package", "b"), ("numpy", "b")]
    monkeypatch.setattr(serving_doubts, "requirements", lambda: needs)
    assert extras() == {"a": "ok", "b": "without no-such-package"}
    assert json.loads(rackrate("doctor", "--json").out)["extras"] == extras()


def test_where_the_data_is_and_whether_it_can_be_written(tmp_path):
    there, file = tmp_path / "data", tmp_path / "file"
    file.touch()
    (tmp_path / "s.toml").write_text(f'data = "{there}"')
    stated = {"RACKRATE_SETTINGS_FILE": str(tmp_path / "s.toml")}
    assert data_report(stated) == f"{there} (made when it is needed)"
    there.mkdir()
    assert data_report(stated) == f"{there} (ok)"
    assert data_report({"XDG_STATE_HOME": str(tmp_path)}).startswith(f"{tmp_path}/rackrate (made")
    below = {"RACKRATE_DATA": str(file / "data")}
    assert data_report(below) == f"{file}/data (cannot be written: there can be no jobs)"
    assert f"data = {file}/data cannot be written: there can be no jobs" in doubts(below)
    assert data_report({**below, "RACKRATE_WORKERS": "none"}).endswith("there can be no jobs)")


def test_answers_that_cannot_be_kept_where_they_are_to_go_are_told(tmp_path):
    (tmp_path / "file").touch()
    stated = {"RACKRATE_WITHOUT_KEYS": "1", "RACKRATE_RESULTS": str(tmp_path / "file")}
    assert f"results = {tmp_path}/file: [Errno 20] Not a directory" in doubts(stated)[-1]
    assert len(doubts({**stated, "RACKRATE_RESULTS": str(tmp_path)})) == len(doubts(stated)) - 1
