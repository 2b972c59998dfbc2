"""The table of jobs: an SQLite file that several services of one machine share.

Readers wait for nobody (WAL). The connections stay open as long as the service: on a full disk even
reading fails once the last one is closed. Errors of all: NoData, where the file cannot be read or
written; clients are told it, so that it does not say where the file is.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock

from msgspec.structs import asdict

from service.jobs.data import TABLE
from service.jobs.records import Figures, NoData, Row, State, Told

PATIENCE_SECONDS = 10.0  # for another writer, where somebody waits for an answer
QUICK_SECONDS = 0.2  # where it is tried again soon, or can be said in another way
PAUSE_SECONDS = 0.02
LAYOUT = 1  # of the tables
BALLAST = 2**20  # bytes that are taken and left free: so rows are changed on a full disk too
WRITTEN_BACK = 100  # pages after which changes go to the file itself: fewer than the ballast has
SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS job (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        key TEXT,
        kind TEXT NOT NULL,
        digest TEXT NOT NULL,
        version TEXT NOT NULL,
        results TEXT,
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
        waiting TEXT,
        error TEXT,
        cancel INTEGER NOT NULL,
        shards INTEGER NOT NULL,
        done INTEGER NOT NULL,
        cells INTEGER NOT NULL,
        cells_done INTEGER NOT NULL,
        expected INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        seconds REAL NOT NULL,
        created REAL NOT NULL,
        finished REAL,
        UNIQUE (owner, key)
    ) STRICT
    """,
    "CREATE INDEX IF NOT EXISTS job_by_state ON job (state, number, done, waiting, bytes)",
    "CREATE TABLE IF NOT EXISTS question (job TEXT PRIMARY KEY, spec BLOB NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS ballast (bytes BLOB) STRICT",
)


class Store:
    """The table in a data directory."""

    def __init__(self, data: Path) -> None:
        self._file = data / TABLE
        self._reading, self._writing = Lock(), Lock()
        with self._problems(), ExitStack() as opened:
            self._reader, self._writer = (self._opened(opened) for _ in range(2))
            self._set_up()
            opened.pop_all()

    def _opened(self, opened: ExitStack) -> sqlite3.Connection:
        found = sqlite3.connect(
            self._file, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        opened.callback(found.close)
        found.row_factory = sqlite3.Row
        found.execute("PRAGMA synchronous=FULL")
        return found

    def _set_up(self) -> None:
        self._write_ahead()
        (layout,) = self._writer.execute("PRAGMA user_version").fetchone()
        if layout not in (0, LAYOUT):
            raise NoData(f"{TABLE} was written by another version of rackrate")
        if layout != LAYOUT:
            with self._write() as found:
                for statement in SCHEMA:
                    found.execute(statement)
                found.execute(f"PRAGMA user_version={LAYOUT}")
        self._take_ballast()

    def _write_ahead(self) -> None:
        """Readers wait for nobody; who is first to open a file waits for others that are."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._writer.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:  # at once, whatever the patience is
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(PAUSE_SECONDS)
            else:
                return

    def _take_ballast(self) -> None:
        """Make both files longer than they need be."""
        self._writer.execute(f"PRAGMA wal_autocheckpoint={WRITTEN_BACK}")
        with suppress(NoData):  # on a full disk there is none to be taken
            with self._write(QUICK_SECONDS) as found:
                found.execute("INSERT INTO ballast VALUES (zeroblob(?))", (BALLAST,))
            with self._write(QUICK_SECONDS) as found:
                found.execute("DELETE FROM ballast")
            self._writer.execute("PRAGMA wal_checkpoint(RESTART)")

    @contextmanager
    def _problems(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise NoData(f"{TABLE} cannot be used: {error}") from None

    @contextmanager
    def _write(self, seconds: float = PATIENCE_SECONDS) -> Iterator[sqlite3.Connection]:
        """A change of all or nothing, alone, which waits so long for other writers."""
        if not self._writing.acquire(timeout=seconds):
            raise NoData(f"{TABLE} cannot be used: another writer has it")
        try:
            with self._problems():
                self._writer.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}")
                self._writer.execute("BEGIN IMMEDIATE")
                try:
                    yield self._writer
                    self._writer.execute("COMMIT")
                except BaseException:
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                    raise
        finally:
            self._writing.release()

    def _read(self, query: str, *values: str | float | None) -> list[Row]:
        with self._problems(), self._reading:
            found = self._reader.execute(query, values).fetchall()
        return [Row(**dict(one)) for one in found]  # which may be many: others read meanwhile

    def add(self, row: Row, spec: bytes, most_jobs: int, most_bytes: int) -> Row | str | None:
        """Add a job: None. Or it is not added: the one that its owner has by the same key, or, in
        words, what of the owner's is as much as may be.
        """
        with self._write() as found:
            query = "SELECT * FROM job WHERE owner = ? AND key = ?"
            there = found.execute(query, (row.owner, row.key)).fetchone()
            if there is not None:
                return Row(**dict(there))
            if (many := _too_many(found, row, most_jobs, most_bytes)) is not None:
                return many
            found.execute("INSERT INTO question VALUES (?, ?)", (row.id, spec))
            found.execute(
                "INSERT INTO job VALUES (:number, :id, :owner, :key, :kind, :digest, :version,"
                " :results, :state, :waiting, :error, :cancel, :shards, :done, :cells, :cells_done,"
                " :expected, :bytes, :seconds, :created, :finished)",
                asdict(row),
            )
        return None

    def get(self, job: str, owner: str | None = None) -> Row | None:
        """A job of an owner (None: of anybody)."""
        found = self._read(
            "SELECT * FROM job WHERE id = ? AND owner = ifnull(?, owner)", job, owner
        )
        return found[0] if found else None

    def all(self, owner: str | None = None, most: int | None = None) -> list[Row]:
        """The jobs of an owner (None: of all), the latest first, so many at most."""
        query = "SELECT * FROM job WHERE owner = ifnull(?, owner) ORDER BY number DESC LIMIT ?"
        return self._read(query, owner, -1 if most is None else most)

    def ended(self, before: float, after: int, most: int) -> list[Row]:
        """The jobs that ended before a moment and come after one with a number, the oldest first,
        so many at most.
        """
        return self._read(
            "SELECT * FROM job WHERE state IN ('done', 'failed', 'cancelled') AND finished < ?"
            " AND number > ? ORDER BY number LIMIT ?",
            before,
            after,
            most,
        )

    def figures(self) -> list[Figures]:
        """The jobs in each state, counted."""
        query = (
            "SELECT state, count(*), sum(done), count(waiting), sum(bytes) FROM job GROUP BY state"
        )
        with self._problems(), self._reading:
            return [Figures(*one) for one in self._reader.execute(query).fetchall()]

    def spec(self, job: str) -> bytes:
        """The question of a job."""
        with self._problems(), self._reading:
            query = "SELECT spec FROM question WHERE job = ?"
            found = self._reader.execute(query, (job,)).fetchone()
        if found is None:
            raise NoData(f"{TABLE} has no question of job {job}")
        return bytes(found[0])

    def next(self) -> Row | None:
        """The job that is to be worked on: one that runs, else the one that has waited longest,
        which runs from now on.
        """
        found = self._read(
            "SELECT * FROM job WHERE state IN ('running', 'queued')"
            " ORDER BY state DESC, number LIMIT 1"
        )
        if not found or found[0].state == "running":
            return found[0] if found else None
        with self._write(QUICK_SECONDS) as writer:
            query = "UPDATE job SET state = 'running' WHERE id = ? AND state = 'queued'"
            writer.execute(query, (found[0].id,))
        return self.next()

    def tell(self, job: str, told: Told) -> None:
        """How far a job is that runs."""
        with self._write(QUICK_SECONDS) as found:
            found.execute(
                "UPDATE job SET done = :done, cells_done = :cells_done, bytes = :bytes,"
                " seconds = :seconds, waiting = :waiting WHERE id = :id AND state = 'running'",
                {**asdict(told), "id": job},
            )

    def end(self, job: str, told: Told, state: State, error: str | None, now: float) -> None:
        """How a job ended that ran."""
        with self._write(QUICK_SECONDS) as found:
            found.execute(
                "UPDATE job SET done = :done, cells_done = :cells_done, bytes = :bytes,"
                " seconds = :seconds, waiting = NULL, state = :state, error = :error,"
                " finished = :now WHERE id = :id AND state = 'running'",
                {**asdict(told), "state": state, "error": error, "now": now, "id": job},
            )
            _forget(found, job)

    def cancel(self, job: str, now: float) -> None:
        """Mark a job that has not ended; one that is queued has ended with that."""
        with self._write(QUICK_SECONDS) as found:
            found.execute(
                "UPDATE job SET cancel = 1,"
                " finished = CASE state WHEN 'queued' THEN ? END,"
                " state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END"
                " WHERE id = ? AND state IN ('queued', 'running')",
                (now, job),
            )
            _forget(found, job)

    def remove(self, job: str) -> bool:
        """Remove a job that has ended; whether there was one."""
        with self._write() as found:
            query = "DELETE FROM job WHERE id = ? AND state NOT IN ('queued', 'running')"
            gone = found.execute(query, (job,)).rowcount > 0
            if gone:
                found.execute("DELETE FROM question WHERE job = ?", (job,))
            return gone

    def close(self) -> None:
        """Close the file."""
        with self._reading, self._writing:
            self._reader.close()
            self._writer.close()


def _forget(found: sqlite3.Connection, job: str) -> None:
    """Keep no question of a job that has ended without an answer: it may be as long as a request,
    and counts in no quota.
    """
    ended = "SELECT id FROM job WHERE id = ?1 AND state IN ('failed', 'cancelled')"
    found.execute(f"DELETE FROM question WHERE job = ?1 AND job IN ({ended})", (job,))  # noqa: S608


def _too_many(found: sqlite3.Connection, row: Row, jobs: int, most: int) -> str | None:
    """What of an owner's is as much as may be, in words, before a job is added."""
    count, taken = found.execute(
        "SELECT count(*) FILTER (WHERE state IN ('queued', 'running')), coalesce(sum("
        " CASE WHEN state IN ('queued', 'running') THEN max(bytes, expected) ELSE bytes END), 0)"
        " FROM job WHERE owner = ?",
        (row.owner,),
    ).fetchone()
    if count >= jobs:
        return f"{count:,} jobs are queued or running, the most that may be"
    if taken + row.expected > most:
        return (
            f"answers that are kept or asked for take {taken:,} bytes and this one about"
            f" {row.expected:,}: at most {most:,} may be taken"
        )
    return None
