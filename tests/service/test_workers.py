"""Who may work, and when."""

import asyncio
import time
from concurrent.futures import Future

import pytest
import tasks

from service.settings import Settings
from service.web import workers
from service.web.problems import Busy, ClientLeft
from service.web.workers import Workers
from service.work.pool import Pool
from service.work.watch import TimeOver

POOL = Pool("tasks", 2)


@pytest.fixture(scope="module", autouse=True)
def _closed():
    yield
    POOL.close()


class Held:
    """A pool whose work ends when it is told."""

    def __init__(self):
        self.pieces, self.stopped = [], []

    def submit(self, seconds, work, *arguments):
        self.pieces.append((arguments, found := Future()))
        return self, found

    def stop(self):
        self.stopped.append(self.pieces[-1])

    def end(self):
        arguments, found = self.pieces.pop(0)
        found.set_result(arguments)


def made(count=1, waiting=0, seconds=60.0, pool=POOL):
    return Workers(Settings(workers=count, max_waiting=waiting, max_seconds=seconds), pool)


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
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not become true")


def test_so_many_run_so_many_wait_and_the_rest_is_told():
    async def ask(found, held, at):
        try:
            return await found.run(stays, tasks.give, at)
        except Busy as busy:
            return busy.headers["Retry-After"]

    async def main():
        held = Held()
        found = made(2, 3, pool=held)
        asked = [asyncio.create_task(ask(found, held, at)) for at in range(100)]  # in one moment
        await until(lambda: sum(one.done() for one in asked) == 95)
        assert (found.taken, len(held.pieces)) == (5, 2)
        for _ in range(5):
            assert 1 <= len(held.pieces) <= 2
            held.end()
            await asyncio.sleep(0.01)
        answers = await asyncio.gather(*asked)
        assert answers == [(at,) for at in range(5)] + [workers.RETRY_SECONDS] * 95
        assert found.taken == 0

    asyncio.run(main())


def test_what_has_begun_goes_on_where_others_are_refused_and_takes_its_turn():
    async def main():
        held = Held()
        found = made(1, 1, pool=held)
        first = asyncio.create_task(found.run(stays, tasks.give, "part 1"))
        other = asyncio.create_task(found.run(stays, tasks.give, "other"))
        await until(lambda: found.taken == 2)
        part = asyncio.create_task(found.go_on(stays, tasks.give, "part 2"))
        await until(lambda: found.taken == 3)
        with pytest.raises(
            Busy, match=r"3 requests .* wait, the most that may; ask again in 5 sec"
        ):
            await found.run(stays, tasks.give, "late")
        order = []
        for task in (first, other, part):
            held.end()
            order.append(await task)
        assert order == [("part 1",), ("other",), ("part 2",)]

    asyncio.run(main())


def test_errors_come_through():
    async def main():
        with pytest.raises(ZeroDivisionError):
            await made().run(stays, tasks.fault)

    asyncio.run(main())


@pytest.mark.parametrize("work", ["steps", "sleep"])
def test_running_work_stops_when_its_client_leaves(tmp_path, work):
    """Within a second, whether it looks at the watch or not."""
    asked = {"steps": (tasks.steps,), "sleep": (tasks.sleep,)}[work]
    more = () if work == "steps" else (30.0,)

    async def main():
        found = made()
        await found.run(stays, tasks.nothing)
        with pytest.raises(ClientLeft):
            await found.run(leaves(0.1), *asked, tmp_path / "begun", *more)
        began = time.monotonic()
        assert tasks.noted(tmp_path / "begun")
        await until(lambda: not found.taken)
        assert time.monotonic() - began < 1.0
        assert await found.run(stays, tasks.give, "next") == "next"

    asyncio.run(main())


def test_waiting_work_is_never_begun_when_its_client_leaves():
    async def main():
        held = Held()
        found = made(1, 1, pool=held)
        first = asyncio.create_task(found.run(stays, tasks.give, "first"))
        await asyncio.sleep(0)
        with pytest.raises(ClientLeft):
            await found.run(leaves(0.05), tasks.give, "second")
        await until(lambda: found.taken == 1)
        held.end()
        assert await first == ("first",)
        await asyncio.sleep(0.05)
        assert not held.pieces
        assert not held.stopped

    asyncio.run(main())


def test_work_whose_client_left_holds_its_place_until_it_has_stopped():
    async def main():
        held = Held()
        found = made(1, 0, pool=held)
        with pytest.raises(ClientLeft):
            await found.run(leaves(0.05), tasks.give, "first")
        assert (len(held.stopped), found.taken) == (1, 1)
        with pytest.raises(Busy):
            await found.run(stays, tasks.give, "second")
        held.end()
        await until(lambda: not found.taken)

    asyncio.run(main())


def test_the_clock_starts_when_the_work_does(tmp_path):
    async def main():
        found = made(1, 1, 1.5)
        await found.run(stays, tasks.nothing)
        first = asyncio.create_task(found.run(stays, tasks.sleep, tmp_path / "first", 1.0))
        await until(lambda: found.taken)
        late = tasks.sleep_and_look, tmp_path / "second", 0.7  # 1.7 s after it came
        assert await found.run(stays, *late) == "looked"
        await first

    asyncio.run(main())


def test_work_that_takes_too_long_says_so(tmp_path):
    async def main():
        with pytest.raises(TimeOver, match=rf"took 0\.05 seconds \(\d+ of {tasks.MANY} done\)"):
            await made(seconds=0.05).run(stays, tasks.steps, tmp_path / "begun")

    asyncio.run(main())


def test_processes_begin_a_moment_after_the_service_and_end_with_it(monkeypatch):
    async def main(wait):
        pool, begun = Pool("tasks", 2), []
        async with made(2, pool=pool).running(None):
            assert not pool._all
            if wait:
                await until(lambda: pool._all and all(one._child for one in pool._all))
                begun = [one._child.process for one in pool._all]
        return [process.returncode for process in begun]

    assert asyncio.run(main(False)) == []
    monkeypatch.setattr(workers, "IDLE_SECONDS", 0.0)
    assert asyncio.run(main(True)) == [-9, -9]


def test_so_many_long_answers_are_sent_at_the_same_time():
    async def pieces():
        yield b"first"
        yield b"second"

    async def main():
        pool = Workers(Settings(max_streams=2), POOL)
        one, other, third = (pool.stream(pieces()) for _ in range(3))
        assert [await anext(one), await anext(other)] == [b"first", b"first"]
        with pytest.raises(Busy, match="2 long answers are being sent") as caught:
            await anext(third)
        assert caught.value.headers["Retry-After"] == workers.RETRY_SECONDS
        assert [piece async for piece in one] == [b"second"]
        fourth = pool.stream(pieces())
        assert await anext(fourth) == b"first"
        await other.aclose()
        await fourth.aclose()
        assert [len([piece async for piece in pool.stream(pieces())]) for _ in range(3)] == [2] * 3

    asyncio.run(main())
