"""Work in threads."""

import threading

import anyio
import pytest

from service.web.problems import Busy, TooLarge
from service.web.workers import Workers, deadline


def test_so_many_run_so_many_wait_and_the_rest_is_told():
    gate, running, most = threading.Event(), [], []

    def work(name):
        running.append(name)
        most.append(len(running))
        gate.wait(10)
        running.remove(name)
        return name

    async def main():
        workers, found = Workers(2, 1), []

        async def ask(name):
            found.append(await workers.run(work, name))

        async with anyio.create_task_group() as group:
            for name in "abc":
                group.start_soon(ask, name)
            while len(running) < 2 or not workers.waiting:
                await anyio.sleep(0.01)
            with pytest.raises(Busy) as caught:
                await workers.run(work, "d")
            assert caught.value.headers["Retry-After"]
            gate.set()
        return found

    assert sorted(anyio.run(main)) == ["a", "b", "c"]
    assert max(most) == 2


def test_errors_come_through():
    async def main():
        with pytest.raises(ZeroDivisionError):
            await Workers(1, 0).run(lambda: 1 / 0)

    anyio.run(main)


def test_time_is_over_between_tiles_only():
    deadline(60.0)(1, 2)
    over = deadline(-1.0)
    over(2, 2)
    with pytest.raises(TooLarge, match="1 of 2"):
        over(1, 2)
