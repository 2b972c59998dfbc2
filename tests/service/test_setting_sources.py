"""Where settings are stated: the environment above a file."""

import os

import pytest

from economics import Problem
from service import setting_sources
from service.files.key_files import read_keys
from service.setting_sources import Stated, stated_values, unknown_settings, variable
from service.settings import Settings, backend, read_settings, stated_settings

FILE = "RACKRATE_SETTINGS_FILE"
NAMES = Settings.__struct_fields__


@pytest.fixture
def written(tmp_path):
    """The environment that names a file with this text."""

    def write(text):
        path = tmp_path / "rackrate.toml"
        path.write_text(text)
        return {FILE: str(path)}

    return write


def test_a_file_states_settings_and_the_environment_stands_above_it(written):
    file = written(
        'max_seconds = 2.5\nworkers = 3\nwithout_keys = true\naccess_log = "off"\n'
        'cors_origins = ["https://a.example", "http://localhost:3000"]\nbackend = "numpy"\n'
    )
    found = read_settings({**file, "RACKRATE_WORKERS": "4", "RACKRATE_ACCESS_LOG": "all"})
    assert found == Settings(
        max_seconds=2.5,
        workers=4,
        without_keys=True,
        cors_origins=("https://a.example", "http://localhost:3000"),
        backend="numpy",
    )
    stated = stated_settings({**file, "RACKRATE_WORKERS": "4"})
    assert stated["workers"] == Stated(4, "RACKRATE_WORKERS", "environment")
    assert stated["max_seconds"].origin == file[FILE]
    assert backend(file) == "numpy"
    assert backend({**file, "RACKRATE_BACKEND": "auto"}) == "auto"


def test_names_that_are_none_are_told_all_with_near_matches(written):
    with pytest.raises(Problem) as caught:
        read_settings(written("max_conections = 5\n[limits]\nworkers = 2\n"))
    said = str(caught.value)
    assert "rackrate.toml = 'max_conections': expected a known setting" in said
    assert "did you mean max_connections" in said
    with pytest.raises(Problem, match=r"'RACKRATE_WORKERS': .*; did you mean workers\?"):
        read_settings(written("RACKRATE_WORKERS = 2\n"))
    assert "'limits'" in said


def test_values_that_are_wrong_are_told_with_their_place(written):
    file = written('workers = 0\nmax_seconds = "long"\n')
    with pytest.raises(Problem) as caught:
        read_settings({**file, "RACKRATE_MAX_WAITING": "-1"})
    said = str(caught.value)
    assert f"workers in {file[FILE]} = 0: expected" in said
    assert f"max_seconds in {file[FILE]} = 'long': expected" in said
    assert "RACKRATE_MAX_WAITING = -1: expected" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [("workers = ", "a TOML file"), ("\x00", "a TOML file"), (None, "a file that can be read")],
)
def test_a_file_that_is_none_is_told(written, tmp_path, text, said):
    file = {FILE: str(tmp_path)} if text is None else written(text)
    with pytest.raises(Problem, match=f"{FILE} = .*: expected {said}"):
        read_settings(file)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("access_log", "off", 0.0),
        ("access_log", "ALL", 1.0),
        ("access_log", "0.01", 0.01),
        (
            "cors_origins",
            "https://a.example , http://[::1]:80",
            ("https://a.example", "http://[::1]:80"),
        ),
        ("trusted_proxies", "10.0.0.0/8,::1", ("10.0.0.0/8", "::1")),
        ("tracing", "otlp", "otlp"),
        ("burst_seconds", "1e2", 100.0),
        ("without_keys", "ON", True),
    ],
)
def test_texts_are_read_as_what_the_setting_is(name, text, value):
    assert getattr(read_settings({variable(name): text}), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("access_log", "2"),
        ("access_log", "some"),
        ("cors_origins", "*"),
        ("cors_origins", "https://a.example/"),
        ("cors_origins", "https://a.example,app.example"),
        ("trusted_proxies", "*"),
        ("tracing", "zipkin"),
        ("burst_seconds", "0"),
        ("cells_per_second", "-1"),
    ],
)
def test_a_setting_that_cannot_be_is_named(name, text):
    with pytest.raises(Problem) as caught:
        read_settings({variable(name): text})
    assert caught.value.where == variable(name)


def test_what_looks_like_a_setting_and_is_none_is_told():
    stated = dict.fromkeys(
        ("RACKRATE_WORKER", "RACKRATE_PUE", "RACKRATE_WORKERS", "RACKRATE_DEBUG", FILE, "PUE"), "1"
    )
    found = unknown_settings(stated, NAMES)
    assert list(found) == ["RACKRATE_PUE", "RACKRATE_WORKER"]
    assert found["RACKRATE_WORKER"] == (
        "is no setting of the service; did you mean RACKRATE_WORKERS?"
    )


def test_values_of_no_record_in_particular(written):
    found = stated_values({"RACKRATE_A": "1", **written("b = [1]")}, {"a": 0, "b": (), "c": ""})
    assert {name: one.value for name, one in found.items()} == {"a": 1, "b": (1,)}


def test_a_pipe_is_no_file(tmp_path):
    """It would be waited for, and what came of it could not be read again."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    for named in (str(path), "/dev/null"):
        with pytest.raises(Problem, match="a file, not a pipe or a device"):
            read_settings({FILE: named})
        with pytest.raises(Problem, match="a file, not a pipe or a device"):
            read_keys(named)


def test_a_scheduler_is_an_address_of_dask(written):
    stated = read_settings({"RACKRATE_SCHEDULER": "tls://cluster.example.com:8786"})
    assert stated.scheduler == "tls://cluster.example.com:8786"
    with pytest.raises(Problem) as caught:
        read_settings(written('scheduler = "cluster:8786"'))
    assert str(caught.value).endswith(
        "= 'cluster:8786': expected the address of a dask scheduler, such as tcp://10.0.0.1:8786"
    )


def test_a_scheduler_needs_its_extra(monkeypatch):
    monkeypatch.setattr(setting_sources, "find_spec", lambda _: None)
    with pytest.raises(Problem, match=r"RACKRATE_SCHEDULER = .* pip install 'rackrate\[cluster\]'"):
        read_settings({"RACKRATE_SCHEDULER": "tcp://10.0.0.1:8786"})
