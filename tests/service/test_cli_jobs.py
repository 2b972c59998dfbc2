"""Jobs as their operator sees them, in the data directory, and as a service tells them."""

import fcntl
import json
import time

import pytest
from serving import serving

from economics.sweeps.spec import sweep_spec
from service.cli import display
from service.cli import jobs as command
from service.client.clients import Client
from service.files.reading import scenario_tables
from service.jobs.data import data_directory
from service.jobs.executors import Inline
from service.jobs.jobs import Jobs
from service.jobs.records import ENDED, Job
from service.jobs.specs import question

COLUMNS = 80


def asked(count):
    axis = {"kind": "linspace", "field": "utilisation", "start": 0.2, "stop": 1.0, "count": count}
    spec = {
        "scenario": scenario_tables("hgx-h100"),
        "axes": [axis],
        "targets": ["npv_usd_per_rack"],
        "backend": "numpy",
    }
    return question(sweep_spec(spec), shard_rows=10)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data directory: one job is done, one waits for somebody who drives it."""
    monkeypatch.setenv("RACKRATE_DATA", str(tmp_path / "data"))
    kept = Jobs(data_directory({"RACKRATE_DATA": str(tmp_path / "data")}), Inline)
    done, _ = kept.submit(asked(30), "reporting")
    kept.start()
    until = time.monotonic() + 60
    while kept.status(done.id).state not in ENDED:
        assert time.monotonic() < until
        time.sleep(0.01)
    kept.stop()
    kept = Jobs(tmp_path / "data", Inline)
    waits, _ = kept.submit(asked(40), "planner")
    kept.stop()
    return tmp_path / "data", done.id, waits.id


def job(**parts):
    usual = dict.fromkeys(("waiting", "error", "seconds_left", "finished"))
    numbers = dict.fromkeys(("shards", "shards_done", "cells", "cells_done", "result_bytes"), 0)
    texts = {"version": "1", "digest": "d", "created": "2026-11-30T21:16:05+00:00"}
    return Job(**{**usual, **numbers, **texts, "seconds": 0.0, **parts})


def shown(parts):
    display.show(*parts)


def test_all_jobs_are_listed_whoever_has_asked(rackrate, data):
    _, done, waits = data
    head, first, second = rackrate("jobs").out.splitlines()
    assert head.split() == ["id", "kind", "state", "done", "left", "asked", "(UTC)"]
    assert first.split()[:6] == [waits, "sweep", "queued", "0", "%", "-"]
    assert second.split()[:6] == [done, "sweep", "done", "100", "%", "-"]
    found = json.loads(rackrate("jobs", "list", "--json").out)
    assert [(one["id"], one["state"]) for one in found] == [(waits, "queued"), (done, "done")]


def test_that_no_service_is_there_is_told_of_jobs_that_have_not_ended(rackrate, data):
    folder, _, waits = data
    assert rackrate("jobs").err.startswith("rackrate: note: no service is there that computes")
    with (folder / "driver.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert rackrate("jobs").err == ""
    rackrate("jobs", "cancel", waits)
    assert rackrate("jobs").err == ""


def test_the_longest_list_fits_80_columns(monkeypatch, capsys):
    long = job(
        id="0123456789abcdef",
        kind="sensitivity",
        state="cancelled",
        cells=10**12,
        cells_done=10**12,
        seconds_left=86_399.0,
    )
    monkeypatch.setattr(display, "OFF_TERMINAL_COLUMNS", COLUMNS)
    shown(command._table([long]))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[1].split() == [
        *("0123456789abcdef", "sensitivity", "cancelled", "100", "%", "23", "h", "59", "min"),
        *("2026-11-30", "21:16"),
    ]
    assert max(map(len, lines)) <= COLUMNS


def test_a_job_is_shown_in_full(rackrate, data):
    _, done, _ = data
    lines = rackrate("jobs", "show", done).out.splitlines()
    said = dict(line.split(maxsplit=1) for line in lines)
    assert (said["id"], said["cells"], said["parts"]) == (done, "30 of 30", "3 of 3")
    assert said["runs"].endswith(" in all")
    assert said["answer"].endswith(" kB")
    found = json.loads(rackrate("jobs", "show", done, "--json").out)
    assert (found["id"], found["shards_done"], found["waiting"]) == (done, 3, None)


def test_what_a_job_waits_for_and_how_it_failed_is_told(capsys):
    waiting = job(id="a", kind="sweep", state="running", waiting="less disk\x1b[2J", seconds=75.0)
    shown(command._whole(waiting))
    said = capsys.readouterr().out
    assert "waits for  less disk [2J\n" in said
    assert "runs       for 1 min 15 s\n" in said
    shown(command._whole(job(id="a", kind="sweep", state="running", seconds_left=9.0)))
    assert "for 0 s, 9 s left\n" in capsys.readouterr().out
    shown(command._whole(job(id="a", kind="sweep", state="failed", error="shard 3")))
    assert "failed   shard 3\n" in capsys.readouterr().out
    shown(command._table([waiting]))
    assert capsys.readouterr().out.splitlines()[1].split()[:3] == ["a", "sweep", "waiting"]


def test_jobs_are_cancelled_and_removed(rackrate, data):
    folder, done, waits = data
    said = rackrate("jobs", "rm", waits)
    assert (said.code, said.one_line()) == (2, f"job {waits} is queued: cancel it first")
    said = rackrate("jobs", "cancel", waits, done)
    assert said.out == f"{waits}: cancelled\n{done}: has ended already: done\n"
    assert (folder / "jobs" / done).exists()
    assert rackrate("jobs", "rm", waits, done).out.startswith("2 jobs removed, ")
    assert not (folder / "jobs" / done).exists()
    assert rackrate("jobs").out == "no jobs\n"


def test_what_is_too_old_is_removed_as_the_settings_say(rackrate, data, monkeypatch):
    _, done, waits = data
    assert rackrate("jobs", "gc").out == "0 jobs removed, 0 bytes\n"
    monkeypatch.setenv("RACKRATE_KEEP_DAYS", "1e-9")
    assert json.loads(rackrate("jobs", "gc", "--json").out) == [done]
    assert [one["id"] for one in json.loads(rackrate("jobs", "--json").out)] == [waits]


def test_the_settings_file_names_the_data_too(rackrate, data, tmp_path, monkeypatch):
    folder, _, waits = data
    monkeypatch.delenv("RACKRATE_DATA")
    (tmp_path / "s.toml").write_text(f'data = "{folder}"')
    monkeypatch.setenv("RACKRATE_SETTINGS_FILE", str(tmp_path / "s.toml"))
    assert waits in rackrate("jobs").out


def test_where_nobody_has_asked_there_are_none_and_nothing_is_made(rackrate, tmp_path, monkeypatch):
    monkeypatch.setenv("RACKRATE_DATA", str(tmp_path / "data"))
    assert rackrate("jobs") == (0, "no jobs\n", "")
    assert rackrate("jobs", "gc") == (0, "0 jobs removed, 0 bytes\n", "")
    said = rackrate("jobs", "show", "a1")
    assert (said.code, said.one_line()) == (2, f"there is no job a1 in {tmp_path}/data")
    assert not (tmp_path / "data").exists()


def test_an_id_that_is_not_there_has_near_matches(rackrate, data):
    _, done, _ = data
    for typed in (done[:5], done[:-1] + "x"):
        said = rackrate("jobs", "cancel", typed)
        assert (said.code, said.one_line().endswith(f"; did you mean {done}?")) == (2, True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["lst"], "knows no 'lst'; did you mean list?: expected list, show ID, cancel ID, rm ID"),
        (["purge"], "knows no 'purge': expected list, "),
        (["show"], "show takes one ID, not 0"),
        (["rm"], "rm takes at least one ID, not 0"),
        (["gc", "a"], "gc takes no ID, not 1"),
        (["gc", "--server", "http://127.0.0.1:1"], "who runs the service: leave out --server"),
    ],
)
def test_what_cannot_be_done_is_said(rackrate, typed, told):
    said = rackrate("jobs", *typed)
    assert said.code == 2
    assert told in said.one_line()


def test_a_data_directory_that_cannot_be_read_is_said(rackrate, tmp_path, monkeypatch):
    monkeypatch.setenv("RACKRATE_DATA", str(tmp_path))
    (tmp_path / "jobs.sqlite").write_bytes(b"no table of jobs" * 99)
    said = rackrate("jobs")
    assert said.code == 2
    assert said.one_line().startswith(f"{tmp_path}: jobs.sqlite cannot be used: ")


@pytest.fixture
def undriven(tmp_path):
    """A data directory whose jobs wait, for somebody else holds the lock of who drives them."""
    folder = data_directory({"RACKRATE_DATA": str(tmp_path / "data")})
    with (folder / "driver.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def test_a_service_tells_and_does_the_same_for_whoever_asks(rackrate, undriven):
    axis = {"kind": "linspace", "field": "utilisation", "start": 0.2, "stop": 1.0, "count": 9}
    with serving(data=str(undriven)) as url:
        where = "--server", url
        assert rackrate("jobs", *where).out == "no jobs\n"
        said = rackrate("jobs", "show", "a1", *where)
        assert (said.code, said.one_line()) == (2, f"{url}: there is no job a1")
        with Client(url) as client:
            one = client.submit("sweep", "hgx-h100", [axis], ["npv_usd_per_rack"]).id
        assert rackrate("jobs", *where).out.splitlines()[1].split()[0] == one
        assert json.loads(rackrate("jobs", "show", one, "--json", *where).out)["cells"] == 9
        said = rackrate("jobs", "rm", one, *where)
        assert (said.code, said.one_line()) == (2, f"job {one} is queued: cancel it first")
        assert rackrate("jobs", "cancel", one, *where).out == f"{one}: cancelled\n"
        assert rackrate("jobs", "cancel", one, *where).out == f"{one}: cancelled\n"
        assert rackrate("jobs", "rm", one, *where).out == "1 job removed, 0 bytes\n"
        assert rackrate("jobs", *where).out == "no jobs\n"
