"""Answers in pieces: as fast as they are taken, and never a part for the whole."""

import asyncio
import logging

import pytest

from service.web import streaming
from service.web.middleware import BARE, CUT
from service.web.problems import ClientLeft, TimeOver
from service.web.streaming import AT_ONCE_BYTES, Streamed, cut_up

MIB = 2**20


class Client:
    """Who is sent an answer: takes what `room` lets it take, one message each."""

    def __init__(self, room=10**9, leaves=False):
        self.messages, self.room, self.cut = [], asyncio.Semaphore(room), asyncio.Event()
        self.scope = {"state": {CUT: self.cut.set, "request_id": "abc"}}

    async def send(self, message):
        await self.room.acquire()
        self.messages.append(message)

    async def receive(self):
        await self.cut.wait()
        return {"type": "http.disconnect"}

    @property
    def body(self):
        return b"".join(one.get("body", b"") for one in self.messages)

    @property
    def ended(self):
        return self.messages[-1].get("more_body") is False


class Pieces:
    """Pieces of some sizes, and how many have been asked for."""

    def __init__(self, *sizes, error=None):
        self.asked, self.sizes, self.error = 0, sizes, error

    async def all(self):
        for size in self.sizes:
            self.asked += 1
            await asyncio.sleep(0)
            yield bytes([self.asked]) * size
        if self.error:
            raise self.error


async def settled():
    for _ in range(20):
        await asyncio.sleep(0)


def answered(pieces):
    return Streamed(b"first", pieces.all(), "text/csv", {"Vary": "Accept"})


def test_all_pieces_come_in_order():
    async def main():
        client = Client()
        await answered(Pieces(3, 4))(client.scope, client.receive, client.send)
        assert client.body == b"first" + b"\1" * 3 + b"\2" * 4
        assert client.ended
        start = client.messages[0]
        assert start["status"] == 200
        assert start["headers"] == [
            (b"content-type", b"text/csv; charset=utf-8"),
            (b"vary", b"Accept"),
        ]

    asyncio.run(main())


def test_no_more_is_made_for_who_asks_for_the_head_only():
    async def main():
        client, pieces = Client(), Pieces(3, 4)
        client.scope["state"][BARE] = True
        await answered(pieces)(client.scope, client.receive, client.send)
        assert (client.body, client.ended, pieces.asked) == (b"", True, 0)

    asyncio.run(main())


@pytest.mark.parametrize(("size", "asked"), [(4 * MIB, 2), (9 * MIB, 1)])
def test_no_more_is_made_than_may_lie_ahead_of_a_client(size, asked):
    async def main():
        client, pieces = Client(2), Pieces(*[size] * 9)
        task = asyncio.create_task(answered(pieces)(client.scope, client.receive, client.send))
        await settled()
        assert pieces.asked == asked
        assert asked * size <= streaming.AHEAD_BYTES
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert pieces.asked == asked

    asyncio.run(main())


@pytest.mark.parametrize("error", [TimeOver("it took too long"), RuntimeError("lost")])
def test_what_goes_wrong_on_the_way_is_no_end(error, caplog):
    async def main():
        client = Client()
        await answered(Pieces(3, error=error))(client.scope, client.receive, client.send)
        assert client.body == b"first\1\1\1"
        assert not client.ended
        assert client.cut.is_set()

    with caplog.at_level(logging.WARNING, "rackrate"):
        asyncio.run(main())
    assert caplog.messages == [f"an answer was cut: {error}"]
    assert caplog.records[0].request_id == "abc"


def test_a_server_that_cannot_cut_is_told_by_the_error():
    async def main():
        client = Client()
        with pytest.raises(ZeroDivisionError):
            await answered(Pieces(3, error=ZeroDivisionError()))(
                {"state": {}}, client.receive, client.send
            )
        assert not client.ended

    asyncio.run(main())


def test_who_left_is_sent_no_more(caplog):
    async def main():
        client = Client()
        await answered(Pieces(3, error=ClientLeft("it left")))(
            client.scope, client.receive, client.send
        )
        assert not client.ended

    asyncio.run(main())
    assert not caplog.messages


def test_who_takes_too_little_is_cut(monkeypatch, caplog):
    monkeypatch.setattr(streaming, "PATIENCE_SECONDS", 0.05)

    async def main():
        client, pieces = Client(3), Pieces(*[AT_ONCE_BYTES] * 9)
        await answered(pieces)(client.scope, client.receive, client.send)
        assert client.cut.is_set()
        assert len(client.messages) == 3
        assert pieces.asked < 9

    asyncio.run(main())
    assert "took less than 16,384 bytes a second" in caplog.text


def test_who_takes_just_enough_is_not_cut(monkeypatch):
    """Each message within the time, all of them far beyond it."""
    monkeypatch.setattr(streaming, "PATIENCE_SECONDS", 0.5)

    async def main():
        client = Client(0)

        async def take():
            while True:
                await asyncio.sleep(0.12)
                client.room.release()

        taking = asyncio.create_task(take())
        body = b"x" * (7 * AT_ONCE_BYTES)
        others = Pieces().all()
        await Streamed(body, others, "text/csv", {})(client.scope, client.receive, client.send)
        taking.cancel()
        assert client.body == body
        assert client.ended
        assert len(client.messages) == 9

    asyncio.run(main())


def test_a_long_body_is_cut_up():
    body = bytes(range(256)) * 4096

    async def main():
        return [piece async for piece in cut_up(body)]

    pieces = asyncio.run(main())
    assert b"".join(pieces) == body
    assert max(map(len, pieces)) == AT_ONCE_BYTES


def test_pieces_are_closed_however_an_answer_ends():
    closed = []

    async def pieces():
        try:
            yield b"second"
            await asyncio.Event().wait()
        finally:
            closed.append(True)

    async def main():
        client = Client()
        answer = Streamed(b"first", pieces(), "text/csv", {})
        task = asyncio.create_task(answer(client.scope, client.receive, client.send))
        await settled()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert closed
