"""Work in threads."""

import asyncio
import threading
import time
from contextlib import suppress

import pytest

from service.web import workers
from service.web.problems import Busy, ClientLeft, TimeOver
from service.web.workers import Watch, Workers

MANY = 10**9


async def stays():
    """What a client says that waits for its answer."""
    await asyncio.Event().wait()


def leaves(after):
    """What a client says that leaves after so many seconds."""

    async def receive():
        await asyncio.sleep(after)
        return {"type": "http.disconnect"}

    return receive


async def until(true):
    """Wait for what becomes true soon."""
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not become true")


def steps(watch):
    """Work of many short steps, each after a look at the watch."""
    for done in range(MANY):
        watch(done, MANY)
        time.sleep(0.001)


def test_so_many_run_so_many_wait_and_the_rest_is_told():
    gate, running, most = threading.Event(), [], []

    def work(watch):
        running.append(watch)
        most.append(len(running))
        gate.wait(10)
        running.remove(watch)

    async def ask(pool):
        try:
            return await pool.run(stays, work)
        except Busy as busy:
            return busy.headers["Retry-After"]

    async def main():
        pool = Workers(2, 3, 60.0)
        asked = [asyncio.create_task(ask(pool)) for _ in range(100)]  # all in the same moment
        await until(lambda: sum(one.done() for one in asked) == 95 and len(running) == 2)
        assert pool.taken == 5
        gate.set()
        found = await asyncio.gather(*asked)
        assert (found.count(workers.RETRY_SECONDS), found.count(None), pool.taken) == (95, 5, 0)

    asyncio.run(main())
    assert max(most) == 2


def test_errors_come_through():
    async def main():
        with pytest.raises(ZeroDivisionError):
            await Workers(1, 0, 60.0).run(stays, lambda _: 1 // 0)

    asyncio.run(main())


def test_running_work_stops_when_its_client_leaves():
    async def main():
        pool, began = Workers(1, 0, 60.0), time.monotonic()
        with pytest.raises(ClientLeft):
            await pool.run(leaves(0.05), steps)
        await until(lambda: not pool.taken)
        assert time.monotonic() - began < 1.0
        assert await pool.run(stays, lambda _: "next") == "next"

    asyncio.run(main())


def test_waiting_work_is_never_begun_when_its_client_leaves():
    begun = []

    async def main():
        pool, gate = Workers(1, 1, 60.0), threading.Event()
        first = asyncio.create_task(pool.run(stays, lambda _: gate.wait(10)))
        await asyncio.sleep(0)
        with pytest.raises(ClientLeft):
            await pool.run(leaves(0.05), begun.append)
        await until(lambda: pool.taken == 1)
        gate.set()
        assert await first
        await asyncio.sleep(0.05)

    asyncio.run(main())
    assert not begun


def test_work_whose_client_left_holds_its_place_until_it_has_stopped():
    async def main():
        pool, gate = Workers(1, 0, 60.0), threading.Event()
        with pytest.raises(ClientLeft):
            await pool.run(leaves(0.0), lambda _: gate.wait(10))
        with pytest.raises(Busy):
            await pool.run(stays, steps)
        gate.set()
        await until(lambda: not pool.taken)

    asyncio.run(main())


def test_the_clock_starts_when_the_work_does():
    async def main():
        pool = Workers(1, 1, 1.5)
        first = asyncio.create_task(pool.run(stays, lambda _: time.sleep(1.0)))
        await asyncio.sleep(0)
        await pool.run(stays, lambda watch: (time.sleep(0.7), watch(1, 2)))  # 1.7 s after it came
        await first

    asyncio.run(main())


def test_work_that_takes_too_long_says_how_far_it_came():
    async def main():
        with pytest.raises(TimeOver, match=rf"took 0\.05 seconds \(\d+ of {MANY} done\)"):
            await Workers(1, 0, 0.05).run(stays, steps)

    asyncio.run(main())


def test_work_that_looks_at_no_watch_is_answered_for_all_the_same(monkeypatch):
    monkeypatch.setattr(workers, "GRACE_SECONDS", 0.05)

    async def main():
        pool, gate = Workers(1, 0, 0.05), threading.Event()
        with pytest.raises(TimeOver, match=r"took 0\.05 seconds, the most"):
            await pool.run(stays, lambda _: gate.wait(10))
        gate.set()

    asyncio.run(main())


def test_a_process_that_ends_waits_for_no_work():
    async def main():
        with suppress(TimeoutError):
            await asyncio.wait_for(Workers(1, 0, 60.0).run(stays, steps), 0.05)

    asyncio.run(main())
    for thread in [one for one in threading.enumerate() if one.name == "work"]:
        assert thread.daemon
        thread.join(1.0)
        assert not thread.is_alive()


def test_time_is_over_between_steps_only():
    watch = Watch(-1.0)
    watch(1, 2)
    watch.start()
    watch(2, 2)
    with pytest.raises(TimeOver, match="1 of 2"):
        watch(1, 2)
    watch.stop()
    with pytest.raises(ClientLeft):
        watch(2, 2)
