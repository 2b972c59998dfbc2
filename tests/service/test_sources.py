"""Metrics that are read where they are."""

import hashlib
import os
import time

import jobs_over_http as jobs
import prometheus
import web

from service.web.front.metrics import BUSY, WAITING, WORKER_MEMORY, WORKERS
from service.web.front.sources import of_workers


class Workers:
    """So many pieces of work in hand."""

    def __init__(self, count, taken):
        self.count, self.taken = count, taken
        self.waiting, self.pids = max(taken - count, 0), [os.getpid()]


def test_what_works_and_what_waits():
    for taken, busy, waiting in ((0, 0, 0), (1, 1, 0), (2, 2, 0), (5, 2, 3)):
        found = {family: read() for family, read in of_workers(Workers(2, taken)).items()}
        assert found.pop(WORKER_MEMORY)[str(os.getpid()),] > 2**20
        assert found == {WORKERS: {(): 2}, BUSY: {(): busy}, WAITING: {(): waiting}}


def test_jobs_are_counted_by_their_states_once_there_are_some(tmp_path):
    with jobs.client(tmp_path) as found:
        assert "rackrate_jobs" not in found.get("/metrics").text
        assert jobs.ended(found, jobs.submitted(found))["state"] == "done"
        text = found.get("/metrics").text
        assert prometheus.value(text, "rackrate_jobs", state="done") == 1
        assert prometheus.value(text, "rackrate_job_shards_done", state="done") == 1
    with jobs.client(tmp_path, jobs.Held) as found:
        where = jobs.submitted(found)
        for _ in range(300):
            text = found.get("/metrics").text
            if "rackrate_jobs_waiting{" in text and prometheus.value(text, "rackrate_jobs_waiting"):
                break
            time.sleep(0.01)
        assert prometheus.value(text, "rackrate_jobs", state="running") == 1
        assert prometheus.value(text, "rackrate_jobs_waiting") == 1
        assert "workers" in found.get(where).json()["waiting"]


def test_keys_tell_when_they_end_and_how_often_they_were_read(tmp_path):
    path, mine = tmp_path / "keys", hashlib.sha256(b"mine").hexdigest()
    old = [f"{name} {'0' * 64} expires=2000-01-01" for name in ("old", "forever", "renewed")]
    path.write_text("\n".join([*old, f"forever {mine}", f"renewed {mine} expires=2099-12-31"]))
    with web.client(api_keys_file=str(path)) as found:
        web.problem(found.get("/metrics"), 401, "no-key")
        text = found.get("/metrics", headers={"authorization": "Bearer mine"}).text
    ends = prometheus.value(text, "rackrate_key_expiry_timestamp_seconds", key="old")
    assert ends == 946_771_200  # 2000-01-02, at its beginning
    later = prometheus.value(text, "rackrate_key_expiry_timestamp_seconds")
    assert later - ends == 4_102_444_800  # of 2100-01-01, and nothing for what has no end
    assert prometheus.value(text, "rackrate_key_reloads_total", result="failed") == 0
