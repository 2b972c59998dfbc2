"""Large results as users take them, from a server: memory, leaving, and what others feel."""

import asyncio
import os
import shutil
import subprocess
import time
from asyncio.events import Handle

import pages
import polars as pl
import psutil
import pytest
import server
import web
from racks import reference

from service.settings import Settings
from service.web.app import create_app

MIB = 2**20
SIDES = [
    {"kind": "linspace", "field": "utilisation", "start": 0.0, "stop": 1.0},
    {"kind": "linspace", "field": "pue", "start": 1, "stop": 2},
    {"kind": "linspace", "field": "rental_price_usd_per_gpu_hour", "start": 1, "stop": 4},
]
pytestmark = pytest.mark.alone


def asked(*counts):
    return {
        "scenario": reference(),
        "axes": [{**side, "count": count} for side, count in zip(SIDES, counts, strict=False)],
        "targets": ["npv_usd_per_rack"],
        "backend": "numpy",
    }


BYTES_OF_A_ROW = 3 * 8 + 8 + 1  # three axes, the target and its status


class Watched:
    """A server and all its processes."""

    def __init__(self, found):
        self.server, self.own = found, psutil.Process(found.process.pid)

    def total(self, of):
        found = 0
        for one in (self.own, *self.own.children(recursive=True)):
            try:
                found += of(one)
            except psutil.NoSuchProcess:
                continue
        return found

    def memory(self):
        """What it holds, pages that processes share counted once."""
        return self.total(lambda one: one.memory_full_info().pss)

    def work(self):
        """Seconds of processors that it has taken."""
        return self.total(lambda one: sum(one.cpu_times()[:2]))


@pytest.fixture(scope="module")
def found():
    with server.running(workers=1) as running:
        yield Watched(running)


def grown(found, spec, read, rate):
    """How much memory an answer takes of a server, of which so many bytes are read, at so many a
    second, before it is left.
    """
    path = "/v1/sweeps?format=arrow"
    few = {**spec, "axes": asked(100, 100, 20)["axes"]}
    found.server.ask("POST", path, few)  # what is loaded, and kept, at a first use
    before, most = found.memory(), 0
    with found.server.send(path, spec) as sent:
        began, got = time.monotonic(), 0
        while got < read:
            if got > rate * (time.monotonic() - began):
                time.sleep(0.1)
                most = max(most, found.memory())
            part = sent.recv(2**16)
            assert part
            got += len(part)
        most = max(most, found.memory())
    return most - before


def stopped(found, within):
    """Whether no processor works any more so many seconds after a client has left."""
    time.sleep(within)
    before = found.work()
    time.sleep(0.5)
    return found.work() - before < 0.1


@pytest.mark.parametrize(
    ("read", "rate"), [(14e6, 10e6), pytest.param(60e6, 1e6, marks=pytest.mark.slow)]
)
def test_a_slow_reader_of_a_large_table_takes_little_memory_and_its_leaving_stops_the_work(
    found, read, rate
):
    assert BYTES_OF_A_ROW * 1300 * 1000 * 100 > 4e9
    assert grown(found, asked(1300, 1000, 100), read, rate) < 64 * MIB
    assert stopped(found, 1.0)


def test_who_does_not_read_holds_no_worker(found):
    path = "/v1/sweeps?format=arrow"
    sent = [found.server.send(path, asked(1600, 1000, 100)) for _ in range(3)]
    assert stopped(found, 1.5)
    assert found.server.ask("POST", "/v1/sweeps", asked(30, 30))[0] == 200
    for one in sent:
        one.close()


@pytest.mark.parametrize("rows", [100, pytest.param(2000, marks=pytest.mark.slow)])
def test_cells_of_json_hold_up_nobody(monkeypatch, rows):
    """No callback of the loop takes 50 ms of its thread's time."""
    spec, longest, plain = asked(rows, 1000), [], Handle._run

    def timed(handle):
        began = time.thread_time()
        try:
            return plain(handle)
        finally:
            longest.append(time.thread_time() - began)

    async def main():
        async with server.serving(create_app(Settings(), web.POOL)) as port:
            found = server.Server(port, None)
            await asyncio.to_thread(found.ask, "POST", "/v1/sweeps", asked(20, 20))
            monkeypatch.setattr(Handle, "_run", timed)
            return await asyncio.to_thread(found.ask, "POST", "/v1/sweeps", spec)

    status, headers, body = asyncio.run(main())
    assert status == 200
    assert len(body) > 40_000 * rows
    assert headers["transfer-encoding"] == "chunked"
    assert max(longest) < 0.05


def example(page, kind):
    """The example of a page that asks a server."""
    (text,) = [one for path, one in pages.blocks(kind) if path.name == page and "URL" in one]
    return text


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_the_example_of_curl_gives_a_file(found, tmp_path):
    environment = {**os.environ, "URL": f"http://127.0.0.1:{found.server.port}"}
    command = ["bash", "-c", example("http.md", "sh")]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=60)
    rows = pl.scan_parquet(tmp_path / "sweep.parquet")
    assert rows.select(pl.len()).collect().item() == 250_000
    assert "payback_years_status" in rows.collect_schema()


def test_the_example_of_polars_holds(found):
    names = {"URL": f"http://127.0.0.1:{found.server.port}"}
    exec(compile(example("sweeps.md", "py"), "example", "exec"), names)
