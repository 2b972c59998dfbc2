"""Servers on one core, and wrk on another that asks them: how long a server's process works for a
request, which is what it takes on a core of its own, and how long requests wait.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

import psutil
from turns import Group

HERE = Path(__file__).parent
CORES = sorted(os.sched_getaffinity(0))
WRK = shutil.which("wrk")
ROUNDS, WARM_SECONDS = 5, 1
KEY, HASH = "key", "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"
SCRIPT = """
local bodies = {%s}
local asked, at = {}, 0
init = function()
  for place, body in ipairs(bodies) do
    asked[place] = wrk.format("POST", "%s", {
      ["Content-Type"] = "application/json", ["Authorization"] = "Bearer %s"}, body)
  end
end
request = function()
  at = at %% #asked + 1
  return asked[at]
end
done = function(summary, latency, _)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format('\\n{"requests": %%d, "bad": %%d, "p50": %%d,'
    .. ' "p99": %%d}\\n', summary.requests, bad,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Asked:
    """What is asked again and again: bodies in turn, at some connections."""

    path: str
    bodies: tuple[str, ...]
    connections: int = 16
    seconds: int = 2  # of a round
    requests: int = 0  # of a round, one after the other, where each takes long


@contextmanager
def serving(*command, **settings):
    """A server on the first core, by a command that takes its port last; gives port and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {name: text for name, text in os.environ.items() if not name.startswith("RACKRATE_")}
    own["PYTHONPATH"] = f"{HERE}:{HERE.parent}:{HERE.parents[1]}"
    whole = ["taskset", "-c", str(CORES[0]), sys.executable, *command, str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(whole, env=own | settings, **quiet) as process:
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=5).close()
                    break
                except OSError:
                    assert process.poll() is None, f"{command} has ended"
                    time.sleep(0.05)
            yield port, psutil.Process(process.pid)
        finally:
            process.kill()


@contextmanager
def ours():
    """The service with keys and a log of a hundredth, once its worker processes have loaded."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        keys.write_text(f"{HASH}\n")
        command = ("-m", "service", "serve", "--port")
        settings = {"RACKRATE_API_KEYS_FILE": str(keys), "RACKRATE_ACCESS_LOG": "0.01"}
        with serving(*command, **settings) as server:
            load_workers(*server)
            yield server


def load_workers(port, process):
    """Have each worker process answer something: while they load, they would be counted in."""
    rows = {"kind": "rows", "scenarios": ["nvl72-neocloud"] * 500}
    asked = Asked("/v1/quotes/batch", (json.dumps(rows),))
    assert answer(port, asked)  # it serves
    with ThreadPoolExecutor() as clients:
        there = [clients.submit(answer, port, asked) for _ in process.children()]
    assert all(one.result() for one in there)


def answer(port, asked):
    """The answer to the first body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    about = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    connection.request("POST", asked.path, asked.bodies[0], about)
    found = connection.getresponse()
    body = found.read()
    connection.close()
    assert found.status == 200, body
    return body


def worked(process):
    """Seconds that a server's processes have worked."""
    there = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in there)


def one_by_one(server, asked):
    """A round of a few requests, with the seconds that the server has worked."""
    port, process = server
    before, waited = worked(process), []
    for _ in range(asked.requests):
        began = time.perf_counter()
        answer(port, asked)
        waited.append((time.perf_counter() - began) * 1e6)
    found = {"requests": asked.requests, "worked": worked(process) - before}
    return found | {"p50": median(waited), "p99": max(waited)}


def by_wrk(server, asked):
    """What wrk says of a round, with the seconds that the server has worked."""
    port, process = server
    if asked.requests:
        return one_by_one(server, asked)
    bodies = ", ".join(json.dumps(body) for body in asked.bodies)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (bodies, asked.path, KEY))
        script.flush()
        address, count = f"http://127.0.0.1:{port}", str(asked.connections)
        options = (
            "-t1",
            "-c",
            count,
            "-d",
            str(asked.seconds),
            "--timeout",
            "30",
            "-s",
            script.name,
        )
        command = ["taskset", "-c", str(CORES[-1]), WRK, *options, address]
        before = worked(process)
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(said.splitlines()[-1]) | {"worked": worked(process) - before}
    assert not found["bad"], found
    return found


@dataclass(frozen=True, eq=False)
class Servers(Group):
    """Servers that are asked in turns; each entry makes its server, and is asked by its name."""

    asked: dict[str, Asked] = field(default_factory=dict, repr=False)

    @cached_property
    def found(self):
        """What wrk says of each, round by round."""
        made = {entry: entry.make() for entry in self.entries}
        asked = {entry: self.asked[entry.name] for entry in self.entries}
        try:
            there = {entry: server.__enter__() for entry, server in made.items()}
            for entry, server in there.items():
                entry.check(answer(server[0], asked[entry]))
                by_wrk(server, replace(asked[entry], seconds=WARM_SECONDS))
            turns = [
                {one: by_wrk(server, asked[one]) for one, server in there.items()}
                for _ in range(ROUNDS)
            ]
        finally:
            for server in made.values():
                server.__exit__(None, None, None)
        return {entry: [turn[entry] for turn in turns] for entry in made}

    @cached_property
    def seconds(self):
        """Seconds a request, of each round."""
        return {
            entry: [one["worked"] / one["requests"] for one in rounds]
            for entry, rounds in self.found.items()
        }

    def replay(self, benchmark, entry):
        """Hand an entry's times over, with how long its requests waited."""
        super().replay(benchmark, entry)
        waited = {part: median(one[part] for one in self.found[entry]) for part in ("p50", "p99")}
        said = (
            f"p50 {waited['p50'] / 1e3:.2f} ms, p99 {waited['p99'] / 1e3:.2f} ms"
            f" ({waited['p99'] / waited['p50']:.1f} times)"
        )
        benchmark.extra_info["note"] = f"{said}; {entry.note}" if entry.note else said
