"""Jobs of a service in process, computed here and now instead of in processes of their own."""

import time
from contextlib import contextmanager

import web

from service.jobs.executors import Inline
from service.web import examples, job_desk

ASYNC = {"Prefer": "respond-async"}
USE = {"kind": "linspace", "field": "utilisation", "start": 0.1, "stop": 0.9}
CELLS = {
    "scenario": examples.SCENARIO,
    "axes": [{**USE, "count": 9}, {**examples.PRICES, "count": 5}],
    "targets": ["npv_usd_per_rack", "payback_years"],
    "backend": "numpy",
}


class Held(Inline):
    """Computes nothing, as long as it is held."""

    is_held = True

    @property
    def width(self):
        return 0 if self.is_held else 1


@contextmanager
def computed_by(executor):
    """Services of this process have their jobs computed by an executor."""
    usual, job_desk.executor = job_desk.executor, lambda _: executor()
    try:
        yield
    finally:
        job_desk.executor = usual


@contextmanager
def client(data, executor=Inline, **settings):
    """A client of a service whose jobs are computed by an executor."""
    with computed_by(executor), web.client(data=str(data), **settings) as found:
        yield found


def submitted(found, body=CELLS, path="/v1/sweeps", **headers):
    """Where the job is that a question has become."""
    answer = found.post(path, json=body, headers={**ASYNC, **headers})
    assert answer.status_code == 202, answer.text
    return answer.headers["location"]


def ended(found, where):
    """A job, when it has ended."""
    for _ in range(3000):
        job = found.get(where).json()
        if job["state"] not in ("queued", "running"):
            return job
        time.sleep(0.01)
    raise AssertionError(job)
