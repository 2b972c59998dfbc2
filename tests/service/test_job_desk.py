"""Where the jobs of a service are asked."""

import asyncio
import sqlite3
import subprocess
import sys
import threading

import jobs_over_http as jobs
import pytest

from economics.scenario.checking import checked
from service.jobs.executors import Inline
from service.jobs.records import NoData
from service.jobs.specs import question
from service.settings import Settings
from service.web import job_desk
from service.web.asked_specs import spec_of
from service.web.job_desk import JobDesk, opened
from service.web.problems import Ending
from service.web.schema import SweepRequest


def desk(data):
    return JobDesk(Settings(data=str(data)))


def test_nothing_is_there_before_somebody_asks(tmp_path):
    data = tmp_path / "data"

    async def main():
        found = desk(data)
        async with found.running(None):
            assert found.figures() == ()
            assert not data.exists()
            assert await found.ask(lambda known: known.list()) == ()
            assert (data / "jobs.sqlite").exists()
        with pytest.raises(Ending):
            await found.ask(lambda known: known.list())

    asyncio.run(main())


def test_jobs_that_are_there_go_on_by_themselves(tmp_path, monkeypatch):
    monkeypatch.setattr(job_desk, "IDLE_SECONDS", 0.0)
    table = opened(Settings(data=str(tmp_path)))  # which drives nothing
    table.submit(question(spec_of(checked(jobs.CELLS, SweepRequest, ""), Settings())))

    async def main():
        async with desk(tmp_path).running(None):
            while table.list()[0].state != "done":
                await asyncio.sleep(0.01)

    with jobs.computed_by(Inline):
        asyncio.run(asyncio.wait_for(main(), 60.0))
    table.stop()


def test_a_folder_that_cannot_be_used_is_told_each_time(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(job_desk, "IDLE_SECONDS", 0.0)
    (tmp_path / "jobs.sqlite").write_bytes(b"no table" * 1000)

    async def main():
        found = desk(tmp_path)
        async with found.running(None):
            for _ in range(2):
                with pytest.raises(NoData, match=r"jobs.sqlite cannot be used"):
                    await found.ask(lambda known: known.list())

    asyncio.run(main())
    assert "jobs cannot go on" in caplog.text


def test_the_settings_are_the_limits_of_jobs(tmp_path):
    found = opened(Settings(data=str(tmp_path), max_jobs=3, keep_days=2.0, min_free_bytes=5))
    limits = found._limits
    found.stop()
    assert (limits.owner_jobs, limits.kept_days, limits.free_bytes) == (3, 2.0, 5)


def test_a_table_that_somebody_writes_for_long_is_still_read(tmp_path):
    with jobs.client(tmp_path, jobs.Held) as found:
        where = jobs.submitted(found)
        other = sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert found.get(where).status_code == 200
        assert len(found.get("/v1/jobs").json()["jobs"]) == 1
        other.execute("ROLLBACK")
        other.close()


def test_many_that_wait_to_write_keep_nobody_from_reading(tmp_path):
    free = threading.Event()

    async def main():
        found = desk(tmp_path)
        async with found.running(None):
            orders = [
                asyncio.create_task(found.change(lambda _: free.wait()))
                for _ in range(job_desk.THREADS + 1)
            ]
            await asyncio.sleep(0.1)
            assert await asyncio.wait_for(found.ask(lambda known: known.list()), 10.0) == ()
            free.set()
            assert all(await asyncio.gather(*orders))

    asyncio.run(main())


def test_a_service_is_put_together_without_the_tables_library():
    asked = (
        "import sys, service.jobs.data; assert not {'sqlite3', 'numpy'} & set(sys.modules);"
        "from service.web.app import create_app; from service.settings import Settings;"
        " create_app(Settings()); found = {'sqlite3', 'distributed', 'obstore'} & set(sys.modules);"
        " assert not found, found"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)
