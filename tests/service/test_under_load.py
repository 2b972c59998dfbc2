"""The service while many ask: nothing in flight is lost when it ends, nobody waits long for a
greedy client, and it does not grow.
"""

import asyncio
import signal
import statistics
import time
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread

import httptools
import msgspec
import pytest
import server
import web
from watched import watched

QUOTE = {"scenario": "reference-project", "targets": ["npv_usd_per_rack"]}
LONGEST_WAIT = 1.0  # seconds for a quote, whatever one other client asks
TINY = 20_000  # requests, for the million that a greedy client might send: every 50th
GROWTH = 8 * 1024  # KiB, or 5 %
pytestmark = [pytest.mark.alone, pytest.mark.slow]


def request(path, body=None, more=""):
    """A request as it is sent."""
    sent = b"" if body is None else msgspec.json.encode(body)
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: a\r\n{more}"
    head += f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
    return head.encode() + sent


class Reading:
    """A client that asks one thing after another on one connection until it is told to go."""

    def __init__(self, port, sent):
        self.port, self.sent = port, sent
        self.statuses, self.lost, self.done = [], 0, False

    def on_message_complete(self):
        self.statuses.append(self.parser.get_status_code())
        self.done = True

    def on_header(self, name, value):
        self.stays &= (name.lower(), value) != (b"connection", b"close")

    async def run(self, until):
        """Ask until the service is there no more: a refused connection is no loss."""
        while not until.is_set():
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                return
            with suppress(OSError):
                self.stays = True
                while self.stays and not until.is_set():
                    await self.ask(reader, writer)
            writer.close()

    async def ask(self, reader, writer):
        self.parser, self.done = httptools.HttpResponseParser(self), False
        writer.write(self.sent)
        read = 0
        while not self.done:
            try:
                part = await reader.read(2**16)
            except OSError:
                part = b""
            if not part:
                self.lost += 1
                raise ConnectionError
            read += len(part)
            self.parser.feed_data(part)


def lost_at_the_end(running, end, clients=24):
    """How many answers there were, and how many requests had none, when a server is told to end."""

    async def main():
        stop, sent = asyncio.Event(), request("/v1/quotes", QUOTE)
        asking = [Reading(running.port, sent) for _ in range(clients)]
        tasks = [asyncio.create_task(one.run(stop)) for one in asking]
        await asyncio.sleep(1.0)
        end()
        await asyncio.wait_for(asyncio.gather(*tasks), 30)
        return asking

    asking = asyncio.run(main())
    statuses = [status for one in asking for status in one.statuses]
    assert set(statuses) == {200}
    return len(statuses), sum(one.lost for one in asking)


@pytest.mark.parametrize("options", [(), ("--processes", "2")])
@pytest.mark.parametrize("drain", [0, 1])
def test_nothing_that_was_taken_is_lost_at_sigterm(options, drain):
    with server.running(*options, drain_seconds=drain) as running:
        told = lost_at_the_end(running, lambda: running.process.send_signal(signal.SIGTERM))
        assert told[0] > 24
        assert told[1] == 0
        assert running.process.wait(30) == 0


def test_nothing_is_lost_when_processes_are_renewed():
    with server.running("--processes", "2") as running:
        stop = asyncio.Event()

        async def main():
            asking = [Reading(running.port, request("/v1/quotes", QUOTE)) for _ in range(16)]
            tasks = [asyncio.create_task(one.run(stop)) for one in asking]
            for _ in range(3):
                await asyncio.sleep(1.0)
                running.process.send_signal(signal.SIGHUP)
            await asyncio.sleep(2.0)
            stop.set()
            await asyncio.wait_for(asyncio.gather(*tasks), 30)
            return asking

        asking = asyncio.run(main())
        assert {status for one in asking for status in one.statuses} == {200}
        assert all(one.statuses for one in asking)
        assert sum(one.lost for one in asking) == 0


def waits(running, seconds):
    """How long each of some quotes takes, one after the other."""
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        assert running.ask("POST", "/v1/quotes", QUOTE)[0] == 200
        found.append(time.monotonic() - began)
        time.sleep(0.02)
    return found


@contextmanager
def beside(work):
    """Work in a thread, again and again."""
    stop = Event()

    def go_on():
        while not stop.is_set():
            work(stop)

    thread = Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)


def inline_cells(running):
    """A client that wants 1e12 cells whole."""
    axes = [{**one, "count": 1_000_000} for one in web.SWEEP["axes"]]
    asked = {**web.SWEEP, "axes": axes}
    del asked["reduce"]

    def work(_):
        assert running.ask("POST", "/v1/sweeps", asked)[0] == 413

    return work


def tiny_requests(running):
    """A client that sends tiny requests as fast as they are taken, without waiting for answers."""

    def work(stop):
        with running.connect() as asked, suppress(OSError):
            asked.settimeout(0.5)
            sender = Thread(target=send_all, args=(asked, stop))
            sender.start()
            while not stop.is_set() and asked.recv(2**16):
                pass
            sender.join()

    def send_all(asked, stop):
        with suppress(OSError):
            for _ in range(TINY // 100):
                if not stop.is_set():
                    asked.sendall(request("/health/live") * 100)

    return work


@pytest.mark.parametrize("greedy", [inline_cells, tiny_requests])
def test_one_greedy_client_makes_others_wait_a_moment_only(greedy):
    with server.running() as running:
        waits(running, 1.0)
        with beside(greedy(running)):
            found = waits(running, 5.0)
        assert max(found) < LONGEST_WAIT, (statistics.median(found), max(found))


def test_a_thousand_idle_connections_make_nobody_wait():
    with server.running() as running, ExitStack() as opened:
        waits(running, 1.0)
        for _ in range(1000):
            opened.enter_context(running.connect())
        assert max(waits(running, 3.0)) < LONGEST_WAIT


def test_it_does_not_grow():
    """Mixed load: the second half ends as it began, and nothing is left of the clients."""
    small = [{**one, "count": 60} for one in web.SWEEP["axes"]]
    whole = {**web.SWEEP, "axes": small, "reduce": None}
    mixed = [
        request("/v1/quotes", QUOTE),
        request("/v1/quotes", {"scenario": "nvl72-neocloud"}),
        request("/v1/quotes", {"scenario": "nvl72-neocloud", "targets": ["npv"]}),
        request("/v1/quotes", QUOTE, "Connection: close\r\n"),
        request("/v1/quantities"),
        request("/v1/catalog", more="Connection: close\r\n"),
        request("/v1/solve", web.SOLVE),
        request("/v1/sweeps", {name: value for name, value in whole.items() if value}),
    ]

    async def load(port, seconds):
        stop = asyncio.Event()
        asking = [Reading(port, sent) for sent in mixed * 2]
        tasks = [asyncio.create_task(one.run(stop)) for one in asking]
        await asyncio.sleep(seconds)
        stop.set()
        await asyncio.gather(*tasks)
        assert all(one.statuses and not one.lost for one in asking)

    with watched() as running:
        states = []
        for _ in range(6):
            asyncio.run(load(running.port, 12.0))
            time.sleep(0.5)
            states.append(running.state())
    began, ended = states[2], states[-1]
    assert ended["kib"] - began["kib"] < max(GROWTH, 0.05 * began["kib"]), states
    assert ended["descriptors"] <= states[0]["descriptors"], states
    assert ended["tasks"] <= states[0]["tasks"], states
