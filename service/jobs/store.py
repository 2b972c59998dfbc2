"""The table of jobs: an SQLite file that several services of one machine share.

Readers wait for nobody (WAL). The connections stay open as long as the service: on a full disk even
reading fails once the last one is closed. Errors of all: NoData, where the file cannot be read or
written.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from msgspec import Struct

from service.jobs.records import ENDED, Kind, NoData, State

WAIT_SECONDS = 10.0  # for another writer
LAYOUT = 1  # of the table; a later one may know how to read an earlier one
BALLAST = 2**20  # bytes that are taken once and left free: rows are changed on a full disk too
SCHEMA = """
CREATE TABLE IF NOT EXISTS job (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    key TEXT,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    spec BLOB NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    waiting TEXT,
    error TEXT,
    cancel INTEGER NOT NULL DEFAULT 0,
    shards INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    cells INTEGER NOT NULL,
    cells_done INTEGER NOT NULL DEFAULT 0,
    expected INTEGER NOT NULL,
    bytes INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    finished REAL,
    UNIQUE (owner, key)
) STRICT
"""


class Row(Struct, frozen=True, kw_only=True):
    """A job as the table has it, without its question."""

    id: str
    owner: str
    key: str | None = None
    kind: Kind
    digest: str
    version: str
    state: State = "queued"
    waiting: str | None = None
    error: str | None = None
    cancel: int = 0
    shards: int
    done: int = 0
    cells: int
    cells_done: int = 0
    expected: int  # bytes of its answer
    bytes: int = 0
    seconds: float = 0.0
    created: float
    finished: float | None = None


COLUMNS = ", ".join(Row.__struct_fields__)


class Store:
    """The table in a data directory."""

    def __init__(self, data: Path) -> None:
        self._file = data / "jobs.sqlite"
        self._reading, self._writing = Lock(), Lock()
        with self._problems():
            self._reader, self._writer = self._opened(), self._opened()
            self._set_up()

    def _opened(self) -> sqlite3.Connection:
        found = sqlite3.connect(
            self._file, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        found.row_factory = sqlite3.Row
        found.execute("PRAGMA synchronous=FULL")
        return found

    def _set_up(self) -> None:
        self._writer.execute("PRAGMA journal_mode=WAL")
        (layout,) = self._writer.execute("PRAGMA user_version").fetchone()
        if layout not in (0, LAYOUT):
            raise NoData(f"{self._file} was written by another version of rackrate")
        if layout:
            return
        with self._write() as found:
            found.execute(SCHEMA)
            found.execute("CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)")
            found.execute("INSERT INTO ballast VALUES (zeroblob(?))", (BALLAST,))
            found.execute("DELETE FROM ballast")
            found.execute(f"PRAGMA user_version={LAYOUT}")

    @contextmanager
    def _problems(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise NoData(f"{self._file} cannot be used: {error}") from None

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """A change of all or nothing, alone."""
        with self._problems(), self._writing:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def _rows(self, condition: str, *values: Any) -> list[Row]:
        with self._problems(), self._reading:
            found = self._reader.execute(f"SELECT {COLUMNS} FROM job {condition}", values)
            return [Row(**dict(one)) for one in found.fetchall()]

    def add(self, row: Row, spec: bytes, most_jobs: int, most_bytes: int) -> Row | str | None:
        """Add a job; None. Or the one that its owner has by the same key; or what of the owner's is
        as much as may be, in words.
        """
        with self._write() as found:
            if row.key is not None and (there := self._of_key(found, row)) is not None:
                return there
            many = _too_many(found, row, most_jobs, most_bytes)
            if many is not None:
                return many
            names = (*Row.__struct_fields__, "spec")
            values = (*(getattr(row, name) for name in names[:-1]), spec)
            marks = ", ".join("?" * len(names))
            found.execute(f"INSERT INTO job ({', '.join(names)}) VALUES ({marks})", values)
        return None

    def _of_key(self, found: sqlite3.Connection, row: Row) -> Row | None:
        there = found.execute(
            f"SELECT {COLUMNS} FROM job WHERE owner = ? AND key = ?", (row.owner, row.key)
        ).fetchone()
        return None if there is None else Row(**dict(there))

    def get(self, job: str, owner: str | None) -> Row | None:
        """A job of an owner (None: of anybody)."""
        found = self._rows("WHERE id = ? AND owner = ifnull(?, owner)", job, owner)
        return found[0] if found else None

    def all(self, owner: str | None) -> list[Row]:
        """The jobs of an owner (None: of all), the latest first."""
        return self._rows("WHERE owner = ifnull(?, owner) ORDER BY number DESC", owner)

    def ended(self) -> list[Row]:
        """The jobs that have ended, in the order in which they were submitted."""
        return self._rows(f"WHERE state IN {ENDED} ORDER BY number")

    def spec(self, job: str) -> bytes:
        """The question of a job."""
        with self._problems(), self._reading:
            found = self._reader.execute("SELECT spec FROM job WHERE id = ?", (job,)).fetchone()
        return b"" if found is None else bytes(found[0])

    def next(self) -> Row | None:
        """The job that is to be worked on: one that runs, else the one that has waited longest,
        which runs from now on.
        """
        of_old = self._rows(
            "WHERE state IN ('running', 'queued') ORDER BY state DESC, number LIMIT 1"
        )
        if not of_old or of_old[0].state == "running":
            return of_old[0] if of_old else None
        with self._write() as found:
            found.execute(
                "UPDATE job SET state = 'running' WHERE id = ? AND state = 'queued'",
                (of_old[0].id,),
            )
        return self.next()

    def tell(self, job: str, **values: Any) -> None:
        """Change what is known of a job that runs."""
        changes = ", ".join(f"{name} = ?" for name in values)
        with self._write() as found:
            found.execute(
                f"UPDATE job SET {changes} WHERE id = ? AND state = 'running'",
                (*values.values(), job),
            )

    def cancel(self, job: str, now: float) -> None:
        """Mark a job that has not ended: a queued one has ended with that."""
        with self._write() as found:
            found.execute(
                "UPDATE job SET cancel = 1,"
                " finished = CASE state WHEN 'queued' THEN ? END,"
                " state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END"
                " WHERE id = ? AND state IN ('queued', 'running')",
                (now, job),
            )

    def remove(self, job: str) -> bool:
        """Remove a job that has ended; whether it was there."""
        with self._write() as found:
            gone = found.execute(f"DELETE FROM job WHERE id = ? AND state IN {ENDED}", (job,))
            return gone.rowcount > 0

    def close(self) -> None:
        """Close the file."""
        with self._reading, self._writing:
            self._reader.close()
            self._writer.close()


def _too_many(found: sqlite3.Connection, row: Row, jobs: int, most: int) -> str | None:
    """What of an owner's is as much as may be, before a job is added."""
    (count,) = found.execute(
        "SELECT count(*) FROM job WHERE owner = ? AND state IN ('queued', 'running')", (row.owner,)
    ).fetchone()
    if count >= jobs:
        return f"{count} jobs are queued or running, the most that may be"
    (taken,) = found.execute(
        "SELECT coalesce(sum(max(bytes, CASE WHEN state IN ('queued', 'running')"
        " THEN expected ELSE 0 END)), 0) FROM job WHERE owner = ?",
        (row.owner,),
    ).fetchone()
    if taken + row.expected > most:
        return (
            f"answers take {taken:,} bytes and this one about {row.expected:,}, at most {most:,}"
            " may be taken"
        )
    return None
