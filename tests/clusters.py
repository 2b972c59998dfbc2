"""A dask scheduler and workers of it, processes on loopback, of which any may be killed."""

import os
import subprocess
import sys

import psutil
from jobs_asked import until
from pace import budget
from server import free_port

from economics.sweeps.spec import sweep_spec
from service.files.reading import scenario_tables
from service.jobs import specs

SCHEDULER = (sys.executable, "-m", "dask", "scheduler", "--no-dashboard", "--host", "127.0.0.1")
WORKER = (sys.executable, "-m", "service", "worker")
TARGETS = ["npv_usd_per_rack", "cost_usd_per_gpu_hour", "breakeven_utilisation"]
ORPHAN_SECONDS = 2.0


class Cluster:
    """What runs on one port; nothing does at first."""

    def __init__(self, protocol="tcp", **environment):
        self._port, self._protocol = free_port(), protocol
        self.address = f"{protocol}://127.0.0.1:{self._port}"
        self._environment = os.environ | environment
        self.scheduler, self.workers = None, []

    def start_scheduler(self):
        """Begin to start a scheduler, or the next one."""
        self.scheduler = self.start(*self.scheduler_command)

    @property
    def scheduler_command(self):
        """What starts a scheduler."""
        return (*SCHEDULER, "--port", str(self._port), "--protocol", self._protocol)

    def start_worker(self):
        """Begin to start a worker's program."""
        self.workers.append(self.start(*WORKER, self.address))

    def start(self, *command):
        """Begin to start a program; nobody reads what it says."""
        return subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def computing(self):
        """The processes of all workers that compute."""
        return [one for each in self.workers for one in descendants(each) if is_worker(one)]

    def worker(self, address):
        """The process that computes as the worker of an address."""
        port = int(address.rpartition(":")[2])
        listens = {one: {at.laddr.port for at in one.net_connections()} for one in self.computing()}
        return next(one for one, ports in listens.items() if port in ports)

    def kill_scheduler(self):
        """End the scheduler by SIGKILL."""
        end(self.scheduler)

    def kill_worker(self, number):
        """End a worker's program by SIGKILL; its other processes end by themselves."""
        process = self.workers.pop(number)
        others = [one for one in descendants(process) if is_worker(one)]
        end(process)
        assert_gone(others)

    def close(self):
        """End all of it, also what has been suspended."""
        started = [one for one in (*self.workers, self.scheduler) if one is not None]
        others = [one for each in started for one in descendants(each)]
        for one in started:
            end(one)
        for one in filter(is_there, others):
            one.kill()


def descendants(process):
    """The processes that a process has started, if it runs."""
    if process.poll() is not None:
        return []
    return psutil.Process(process.pid).children(recursive=True)


def is_worker(process):
    """Whether it is the one that computes."""
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


def end(process):
    """End a process that was started here."""
    process.kill()
    process.wait()


def assert_gone(processes, seconds=ORPHAN_SECONDS):
    """None runs any more soon."""
    until(lambda: not any(map(is_there, processes)), budget(seconds))


def is_there(process):
    """Whether a process runs; one that has ended and waits to be looked at does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def sweep(across, along, rows, **more):
    """A question of across * along cells, in shards of so many rows."""
    axes = [axis("utilisation", 1.0, across), axis("rental_price_usd_per_gpu_hour", 5.0, along)]
    asked = {"scenario": scenario_tables("hgx-h100"), "axes": axes, "targets": TARGETS, **more}
    return specs.question(sweep_spec(asked), rows)


def axis(field, stop, count):
    """So many values of a field."""
    return {"field": field, "kind": "linspace", "start": 0.2, "stop": stop, "count": count}
