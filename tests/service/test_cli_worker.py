"""`worker`: workers of a scheduler, until a signal ends them."""

import signal
import subprocess
import sys

import pytest
from clusters import Cluster, assert_gone
from jobs_asked import until

from kernels.grids.engine_table import CORES, cores
from service.cli import worker as module
from service.cli.worker import described, workers
from service.jobs.devices import GPU, VISIBLE

pytest.importorskip("distributed")

from service.jobs.dask import Dask

WORKER = [sys.executable, "-m", "service", "worker"]


def test_each_device_has_a_worker_that_computes_one_shard_at_a_time(monkeypatch):
    monkeypatch.setenv(CORES, "12")
    assert workers(("2", "GPU-7f")) == [
        {"resources": {GPU: 1}, "env": {VISIBLE: "2", CORES: "6"}},
        {"resources": {GPU: 1}, "env": {VISIBLE: "GPU-7f", CORES: "6"}},
    ]
    assert described(("2", "GPU-7f")) == "2 workers, each with a device (2, GPU-7f)"


def test_without_devices_one_has_all_cores():
    assert workers(()) == [{}]
    assert described(()) == f"one worker with {cores()} cores"


def test_more_devices_than_cores_have_a_core_each(monkeypatch):
    monkeypatch.setenv(CORES, "2")
    assert {one["env"][CORES] for one in workers("0123")} == {"1"}


@pytest.mark.parametrize(
    "address", ["10.0.0.1:8786", "tcp://10.0.0.1", "http://10.0.0.1:8786", "tcp://:8786", "tcp:/a"]
)
def test_an_address_that_is_none_is_refused(rackrate, address):
    said = rackrate("worker", address)
    assert said.code == 2
    assert said.one_line() == (
        "argument SCHEDULER: expected the address of a dask scheduler, such as"
        f" tcp://10.0.0.1:8786, not {address!r}; see rackrate worker --help"
    )


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8786", "tls://[fd00::1]:8786"])
def test_without_the_extra_it_says_which(rackrate, monkeypatch, address):
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    said = rackrate("worker", address)
    assert said.code == 2
    assert said.one_line() == "rackrate worker needs dask: pip install 'rackrate[cluster]'"


@pytest.mark.alone
@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGTERM, 0), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)],
)
def test_it_says_what_it_is_and_ends_with_its_signal(sent, code):
    command = [*WORKER, Cluster().address]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        said = process.stderr.readline()
        assert said.startswith("rackrate ")
        assert f"works for {command[-1]}: one worker with {cores()} cores" in said
        process.send_signal(sent)
        assert process.wait(60) == code


@pytest.mark.slow
@pytest.mark.alone
def test_it_waits_for_a_scheduler_and_for_the_next_one():
    cluster = Cluster()
    try:
        cluster.start_worker()
        cluster.start_scheduler()
        first = registered(cluster)
        cluster.kill_scheduler()
        cluster.start_scheduler()
        second = registered(cluster, first)
        (program,) = cluster.workers
        program.terminate()
        assert program.wait(60) == 0
        assert_gone([first, second])
    finally:
        cluster.close()


def registered(cluster, before=None):
    """The process of a worker that a scheduler knows, another one than before."""
    executor = Dask(cluster.address)
    try:
        until(lambda: executor.width == 2)
        until(lambda: cluster.computing() not in ([], [before]))
    finally:
        executor.close()
    (found,) = cluster.computing()
    return found
