"""Several processes: whichever is asked tells the figures of all."""

import asyncio
import os
import subprocess
import sys

import msgspec
import prometheus

from service.web.front import shared_metrics
from service.web.front.metrics import CELLS, Metrics
from service.web.front.shared_metrics import SharedMetrics


def metrics(cells):
    found = Metrics()
    found.add(CELLS, "sweep", cells)
    return found


def kept(folder, process, cells):
    """What another process has left."""
    taken = metrics(cells).snapshot()
    other = type(taken)(process, taken.figures)
    (folder / f"{process}.metrics").write_bytes(msgspec.json.encode(other))


def ended_process():
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        check=True,
        text=True,
    )
    return int(done.stdout)


def test_alone_it_tells_its_own():
    text = SharedMetrics(metrics(3), None).text()
    assert prometheus.value(text, CELLS.name) == 3


def test_those_of_others_are_added_and_of_the_dead_only_what_they_counted(tmp_path):
    ended, runs = ended_process(), os.getppid()
    kept(tmp_path, ended, 10)
    kept(tmp_path, runs, 100)
    kept(tmp_path, os.getpid(), 5000)  # an old copy of this one's own
    (tmp_path / "1.metrics").write_bytes(b"{")  # half written by somebody else
    text = SharedMetrics(metrics(1), str(tmp_path)).text()
    assert prometheus.value(text, CELLS.name) == 111
    told = {dict(labels).get("process") for _, labels in prometheus.samples(text)} - {None}
    assert told == {str(runs), str(os.getpid())}


def test_a_copy_is_kept_while_it_serves_and_the_last_one_at_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(shared_metrics, "EVERY_SECONDS", 0.01)
    own = metrics(1)

    async def serve():
        shared = SharedMetrics(own, str(tmp_path))
        shared.start()
        own.add(CELLS, "sweep", 1)
        await asyncio.sleep(0.1)
        seen = cells(tmp_path)
        own.add(CELLS, "sweep", 5)
        shared.stop()
        return seen

    assert asyncio.run(serve()) == 2
    assert cells(tmp_path) == 7
    assert [one.name for one in tmp_path.iterdir()] == [f"{os.getpid()}.metrics"]


def cells(folder):
    found = msgspec.json.decode((folder / f"{os.getpid()}.metrics").read_bytes())
    return found["figures"][CELLS.name][0][1][0]
