"""The table of jobs: what several services of a machine agree on."""

import sqlite3
import threading
import time

import pytest
from jobs_asked import until

from service.jobs import store as module
from service.jobs.records import NoData, Row, Told
from service.jobs.store import Store

TOLD = Told(3, 30, 300, 1.5, "a disk")
MANY = 10**12


@pytest.fixture
def store(tmp_path):
    found = Store(tmp_path)
    yield found
    found.close()


def row(name, owner="ann", **more):
    usual = {"kind": "sweep", "digest": name, "version": "1", "shards": 10, "cells": 100}
    return Row(**{"id": name, "owner": owner, "expected": 1000, "created": 1e9, **usual, **more})


def add(store, name, *more, jobs=100, most=MANY, **parts):
    return store.add(row(name, *more, **parts), b"of " + name.encode(), jobs, most)


def ids(rows):
    return [one.id for one in rows]


def test_a_job_is_there_with_its_question(store):
    assert add(store, "a") is None
    assert store.get("a") == row("a", number=1)
    assert store.spec("a") == b"of a"
    assert store.get("b") is None
    with pytest.raises(NoData, match="no question of job b"):
        store.spec("b")


def test_an_owner_sees_own_jobs_and_the_operator_all(store):
    for name, owner in (("a", "ann"), ("b", "bob"), ("c", "ann")):
        add(store, name, owner)
    assert ids(store.all("ann")) == ["c", "a"]
    assert ids(store.all()) == ["c", "b", "a"]
    assert store.get("b", "ann") is None
    assert store.get("b", "bob").owner == "bob"


def test_a_key_is_an_owners_and_belongs_to_one_job(store):
    assert add(store, "a", key="k") is None
    assert add(store, "b", key="k").id == "a"
    assert add(store, "c", "bob", key="k") is None
    assert add(store, "d") is None
    assert add(store, "e") is None
    assert ids(store.all()) == ["e", "d", "c", "a"]


def test_an_owner_has_so_many_jobs_under_way(store):
    add(store, "a")
    assert "1 jobs are queued" in add(store, "b", jobs=1)
    assert add(store, "c", "bob", jobs=1) is None
    store.next()
    store.end("a", TOLD, "done", None, 2e9)
    assert add(store, "d", jobs=1) is None


def test_an_owners_answers_take_so_many_bytes(store):
    add(store, "a")
    assert "1,000 bytes and this one about 1,000: at most 1,999" in add(store, "b", most=1999)
    store.next()
    store.end("a", TOLD, "done", None, 2e9)  # with 300
    assert add(store, "b", most=1300) is None


def test_a_key_that_is_there_is_answered_though_there_are_too_many(store):
    add(store, "a", key="k")
    assert add(store, "b", key="k", jobs=1).id == "a"


def test_jobs_run_in_the_order_in_which_they_came(store):
    add(store, "a", created=3e9)  # the clock may go back
    add(store, "b", created=1e9)
    assert (store.next().id, store.next().id) == ("a", "a")
    assert store.get("a").state == "running"
    store.end("a", TOLD, "failed", "why", 2e9)
    found = store.get("a")
    assert (found.state, found.error, found.waiting, found.finished) == ("failed", "why", None, 2e9)
    assert store.next().id == "b"
    store.end("b", TOLD, "done", None, 2e9)
    assert store.next() is None


def test_what_is_told_of_a_job_that_runs_is_there(store):
    add(store, "a")
    store.tell("a", TOLD)
    assert store.get("a").done == 0  # it does not run
    store.next()
    store.tell("a", TOLD)
    found = store.get("a")
    assert (found.done, found.cells_done, found.bytes) == (3, 30, 300)
    assert (found.seconds, found.waiting) == (1.5, "a disk")


def test_a_queued_job_ends_by_being_cancelled_and_a_running_one_is_marked(store):
    for name in "abc":
        add(store, name)
    store.next()
    store.cancel("a", 2e9)
    store.cancel("b", 2e9)
    found = store.get("a")
    assert (found.state, found.cancel, found.finished) == ("running", 1, None)
    found = store.get("b")
    assert (found.state, found.cancel, found.finished) == ("cancelled", 1, 2e9)
    store.end("a", TOLD, "done", None, 2e9)
    store.cancel("a", 3e9)
    assert store.get("a").finished == 2e9
    assert store.next().id == "c"


def test_an_ended_job_is_removed_with_its_question(store):
    add(store, "a")
    assert not store.remove("a")
    store.cancel("a", 2e9)
    assert store.remove("a")
    assert not store.remove("a")
    with pytest.raises(NoData):
        store.spec("a")


def test_all_services_see_the_same(tmp_path, store):
    add(store, "a", key="k")
    other = Store(tmp_path)
    try:
        assert add(other, "b", key="k").id == "a"
        other.cancel("a", 2e9)
        assert store.get("a").state == "cancelled"
    finally:
        other.close()


def test_of_many_who_ask_by_one_key_one_is_first(tmp_path, store):
    others = [Store(tmp_path) for _ in range(4)]
    found = []
    asks = [
        threading.Thread(target=lambda at=at: found.append(add(others[at], f"{at}", key="k")))
        for at in range(4)
    ]
    for one in asks:
        one.start()
    for one in asks:
        one.join()
    assert found.count(None) == 1
    assert {one.id for one in found if one} == set(ids(store.all()))
    for one in others:
        one.close()


@pytest.fixture
def held(tmp_path, store):
    """The file, which somebody else writes all the time."""
    other = sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)
    add(store, "a")
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_who_reads_waits_for_nobody(store, held):
    began = time.monotonic()
    assert store.get("a").state == "queued"
    assert ids(store.all()) == ["a"]
    assert time.monotonic() - began < module.PATIENCE_SECONDS / 2


def test_who_writes_waits_for_another(store, held):
    with pytest.raises(NoData, match="locked"):
        store.cancel("a", 2e9)  # it is told in another way, or again
    waiting = threading.Thread(target=add, args=(store, "b"))
    waiting.start()
    until(store._writing.locked)
    with pytest.raises(NoData, match="another writer"):
        store.cancel("a", 2e9)
    assert ids(store.all()) == ["a"]
    held.rollback()
    waiting.join(30)
    assert ids(store.all()) == ["b", "a"]


def test_there_is_room_for_changes_when_the_disk_is_full(tmp_path, store):
    """Both files have been longer than they need be."""
    for name in ("jobs.sqlite", "jobs.sqlite-wal"):
        assert (tmp_path / name).stat().st_size > module.BALLAST
    add(store, "a")
    store.next()
    sizes = [(tmp_path / name).stat().st_size for name in ("jobs.sqlite", "jobs.sqlite-wal")]
    for _ in range(300):
        store.tell("a", TOLD)
    assert sizes == [
        (tmp_path / name).stat().st_size for name in ("jobs.sqlite", "jobs.sqlite-wal")
    ]


def test_a_table_of_another_layout_is_left_alone(tmp_path):
    other = sqlite3.connect(tmp_path / "jobs.sqlite")
    other.execute("PRAGMA user_version=99")
    other.close()
    with pytest.raises(NoData, match="another version"):
        Store(tmp_path)


def test_what_is_no_table_is_said(tmp_path):
    (tmp_path / "jobs.sqlite").write_bytes(b"something else" * 1000)
    with pytest.raises(NoData, match="not a database"):
        Store(tmp_path)
    with pytest.raises(NoData, match="unable to open"):
        Store(tmp_path / "no folder")


def test_many_that_open_a_new_file_at_once_wait_for_each_other(tmp_path, monkeypatch):
    """SQLite tells the second one at once that it is locked, whatever its patience."""
    busy, connect = [True] * 3, sqlite3.connect

    class Connection(sqlite3.Connection):
        def execute(self, query, *values):
            if busy and "journal_mode" in query:
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = sqlite3.SQLITE_BUSY if busy.pop() else 0
                raise error
            return super().execute(query, *values)

    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, factory=Connection, **k))
    found = Store(tmp_path)
    add(found, "a")
    assert found.get("a").id == "a"
    found.close()
    busy.append(False)
    with pytest.raises(NoData, match="locked"):
        Store(tmp_path)


def test_a_list_is_as_long_as_it_may_be(store):
    for name in "abc":
        add(store, name)
    assert ids(store.all(None, 2)) == ["c", "b"]
    assert ids(store.all("ann", 1)) == ["c"]


def test_those_that_ended_are_told_the_oldest_first(store):
    for at, name in enumerate("abcd"):
        add(store, name)
        if name != "c":
            store.cancel(name, float(at))
    assert ids(store.ended(10.0, 0, 10)) == ["a", "b", "d"]
    assert ids(store.ended(1.0, 0, 10)) == ["a"]
    assert ids(store.ended(10.0, 1, 1)) == ["b"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*), sum(done), count(waiting), sum(bytes) FROM job GROUP BY state",
        "SELECT number FROM job WHERE state IN ('running', 'queued') ORDER BY state, number",
    ],
)
def test_what_is_asked_again_and_again_reads_no_whole_rows(store, tmp_path, query):
    """However many jobs have ended."""
    with sqlite3.connect(tmp_path / "jobs.sqlite") as reader:
        plan = reader.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
    assert "COVERING INDEX job_by_state" in plan[0][-1]


def test_the_question_of_what_has_no_answer_is_not_kept(store):
    """Or who asks and cancels again and again fills the disk, whatever the quota."""
    for name in "abc":
        add(store, name)
    store.cancel("b", 1.0)
    for state in ("failed", "done"):
        store.end(store.next().id, TOLD, state, None, 1.0)
    assert store.spec("c") == b"of c"
    for name in "ab":
        with pytest.raises(NoData, match=f"no question of job {name}"):
            store.spec(name)
