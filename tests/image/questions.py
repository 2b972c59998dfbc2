"""What is asked of a container, by its own Python, from inside: `python - KEY`."""

import io
import json
import os
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import polars

KEY = sys.argv[1]
SWEEP = {
    "scenario": "nvl72-neocloud",
    "axes": [
        {"kind": "linspace", "field": "utilisation", "start": 0.2, "stop": 1, "count": 1000},
        {"kind": "linspace", "field": "wacc_per_year", "start": 0.06, "stop": 0.14, "count": 600},
    ],
    "targets": ["npv_usd_per_rack"],
}
CELLS, TOP = 600_000, {"kind": "top", "count": 5}
JOB_SECONDS = 60


def ask(method, path, body=None, **headers):
    """The status, the headers and the body of an answer."""
    connection = HTTPConnection("127.0.0.1", 8000, timeout=60)
    sent = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **headers}
    connection.request(method, path, body and json.dumps(body), sent)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def check_rights():
    """Neither root nor a way to it, and nothing can be written but the volume."""
    assert os.getuid() == os.getgid() == 10001
    lines = Path("/proc/1/status").read_text().splitlines()
    status = dict(line.split(":\t", 1) for line in lines)
    assert status["Uid"].split() == ["10001"] * 4, status["Uid"]
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0, status["CapEff"]
    assert status["NoNewPrivs"] == "1"
    assert os.statvfs("/").f_flag & os.ST_RDONLY
    data = Path(os.environ["RACKRATE_DATA"]) / "written"
    data.touch()
    data.unlink()
    return "user 10001, no capability, a read-only root"


def quote():
    """One number of a scenario."""
    asked = {"scenario": "nvl72-neocloud", "targets": ["cost_usd_per_gpu_hour"]}
    status, _, body = ask("POST", "/v1/quotes", asked)
    assert status == 200, body
    value = json.loads(body)["quantities"]["cost_usd_per_gpu_hour"]["value"]
    assert value > 0
    return f"a quote: {value:.4f} USD a GPU-hour"


def no_key():
    """Who has no key learns nothing."""
    status, _, _ = ask("POST", "/v1/quotes", {"scenario": "nvl72-neocloud"}, Authorization="none")
    assert status == 401, status
    return "without a key: 401"


def sweep():
    """A grid that is reduced by a worker process."""
    status, _, body = ask("POST", "/v1/sweeps", {**SWEEP, "reduce": TOP})
    assert status == 200, body
    return f"a sweep of {CELLS:,} cells: {len(body):,} bytes"


def job():
    """All cells of the grid by a job, in parts, and its result as one file."""
    asked = {"Prefer": "respond-async", "Idempotency-Key": "trial"}
    status, headers, body = ask("POST", "/v1/sweeps", SWEEP, **asked)
    assert status == 202, (status, body)
    place = headers["Location"]
    end = time.monotonic() + JOB_SECONDS
    while (found := json.loads(ask("GET", place)[2]))["state"] in ("queued", "running"):
        assert time.monotonic() < end, found
        time.sleep(0.1)
    assert found["state"] == "done", found
    _, _, file = ask("GET", f"{place}/result", Accept="application/vnd.apache.parquet")
    assert polars.read_parquet(io.BytesIO(file)).height == CELLS
    return f"a job of {CELLS:,} cells in {found['shards']} parts: {len(file):,} bytes of Parquet"


def page():
    """A page of the documentation, whose scripts and styles are ours."""
    status, headers, body = ask("GET", "/docs")
    assert (status, headers.get_content_type()) == (200, "text/html"), (status, body)
    assert b"/v1/quotes" in body
    return f"a page of docs: {len(body):,} bytes"


for one in (check_rights, quote, no_key, sweep, job, page):
    began = time.monotonic()
    said = one()
    print(f"   {said} ({(time.monotonic() - began) * 1000:.0f} ms)", flush=True)
