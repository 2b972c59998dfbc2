"""What an operator may set."""

from pathlib import Path

import pytest

from economics import Problem
from kernels.grids import engine_table
from service.settings import (
    Settings,
    backend,
    check_anywhere,
    check_binding,
    check_data,
    check_engine,
    is_loopback,
    read_settings,
)


def test_nothing_set_is_the_default():
    assert read_settings({}) == Settings()
    assert (
        read_settings({"RACKRATE_MAX_BODY_BYTES": " ", "RACKRATE_PUE": "1.2", "MAX_SECONDS": "1"})
        == Settings()
    )


def test_what_is_set_is_taken():
    found = read_settings(
        {
            "RACKRATE_MAX_INLINE_CELLS": "10",
            "RACKRATE_MAX_SECONDS": "2.5",
            "RACKRATE_WITHOUT_KEYS": "Yes",
            "RACKRATE_API_KEYS_FILE": "123",
        }
    )
    assert (found.max_inline_cells, found.max_seconds, found.without_keys, found.api_keys_file) == (
        10,
        2.5,
        True,
        "123",
    )
    assert read_settings({"RACKRATE_WITHOUT_KEYS": "0"}).without_keys is False


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MAX_INLINE_CELLS", "0"),
        ("MAX_INLINE_CELLS", "1.5"),
        ("MAX_INLINE_CELLS", "many"),
        ("MAX_BODY_BYTES", "-1"),
        ("MAX_SECONDS", "nan"),
        ("MAX_SECONDS", "inf"),
        ("WORKERS", "9" * 30),
        ("WITHOUT_KEYS", "maybe"),
        ("BACKEND", "nunpy"),
        ("BACKEND", "1"),
    ],
)
def test_a_bad_setting_is_named(name, text):
    with pytest.raises(Problem) as caught:
        read_settings({f"RACKRATE_{name}": text})
    assert caught.value.where == f"RACKRATE_{name}"


def test_the_engine_is_read_without_the_other_settings():
    assert backend({}) == backend({"RACKRATE_BACKEND": ""}) == "auto"
    assert (
        read_settings({"RACKRATE_BACKEND": "jit"}).backend
        == backend({"RACKRATE_BACKEND": " jit ", "RACKRATE_WORKERS": "none"})
        == "jit"
    )
    with pytest.raises(
        Problem, match=r"RACKRATE_BACKEND = 'nunpy': expected .* did you mean numpy\?"
    ):
        backend({"RACKRATE_BACKEND": "nunpy"})


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LocalHost"]
)
def test_loopback_needs_no_key(host):
    assert is_loopback(host)
    check_binding(host, Settings())


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.1", "example.com", "", "localhost.example.com"]
)
def test_elsewhere_a_key_is_needed_or_said_not_to_be(host):
    assert not is_loopback(host)
    with pytest.raises(Problem, match="RACKRATE_API_KEYS_FILE"):
        check_binding(host, Settings())
    check_binding(host, Settings(api_keys_file="keys"))
    check_binding(host, Settings(without_keys=True))


def test_every_setting_is_in_the_page_for_operators():
    page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
    for field in Settings.__struct_fields__:
        assert f"`RACKRATE_{field.upper()}" in page, field


@pytest.mark.parametrize("given", [{"without_keys": True}, {"api_keys_file": "keys"}])
def test_a_server_that_tells_no_address_needs_keys_or_none_on_purpose(given):
    check_anywhere(Settings(**given))
    with pytest.raises(Problem, match="RACKRATE_WITHOUT_KEYS=1"):
        check_anywhere(Settings())


def test_an_engine_must_be_there(monkeypatch):
    for there in ("auto", "numpy"):
        check_engine(Settings(backend=there))
    monkeypatch.setattr(engine_table, "find_spec", lambda _: None)
    with pytest.raises(Problem, match=r"RACKRATE_BACKEND = 'jit': .*llvmlite is not installed"):
        check_engine(Settings(backend="jit"))


def test_the_folder_of_jobs_must_be_usable_where_it_is_set(tmp_path):
    check_data(Settings())
    check_data(Settings(data=str(tmp_path / "jobs")))
    assert (tmp_path / "jobs").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match=r"RACKRATE_DATA = .*: expected a folder that can be"):
        check_data(Settings(data=str(tmp_path / "file" / "jobs")))
    check_data(Settings(results=str(tmp_path / "results")))
    assert [*(tmp_path / "results").iterdir()] == []
    with pytest.raises(
        Problem, match=r"RACKRATE_RESULTS = '.*/file': expected a folder or a store"
    ):
        check_data(Settings(results=str(tmp_path / "file")))
