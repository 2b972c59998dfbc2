"""What docs/operating.md shows is run, read, and held against what there is."""

import os
import re
import shutil
import socket
import subprocess
import sys

import msgspec
import prometheus
import pytest
from pages import ROOT, fenced

from service.files.key_files import read_keys
from service.settings import Settings, read_settings
from service.web.front.metrics import FAMILIES

PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")


def block(kind):
    (text,) = fenced(kind).findall(PAGE)
    return text


def test_the_settings_file_is_read(tmp_path):
    path = tmp_path / "rackrate.toml"
    path.write_text(block("conf"))
    found = read_settings({"RACKRATE_SETTINGS_FILE": str(path)})
    assert (found.workers, found.access_log) == (4, 0.01)
    assert found != Settings()


def test_the_file_of_keys_is_read(tmp_path):
    path = tmp_path / "keys"
    path.write_text(block("keys"))
    reporting, planner = read_keys(str(path))
    assert (reporting.name, str(reporting.expires)) == ("reporting", "2027-01-31")
    assert (planner.requests_per_second, planner.cells_per_second) == (5.0, 1e6)


def test_every_metric_is_listed_and_no_other():
    listed = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))
    names = {one.name for one in FAMILIES}
    assert set(re.findall(r"`((?:rackrate|process)_[a-z_]+)`", listed)) == names
    asked = set(
        re.findall(r"\b(?:rackrate|process)_[a-z_]+\b", "".join(fenced("yaml").findall(PAGE)))
    )
    assert {re.sub("_(bucket|sum|count)$", "", one) for one in asked} <= names
    for family in FAMILIES:
        row = next(line for line in listed.splitlines() if f"`{family.name}`" in line)
        assert all(f"`{label}`" in row for label in family.labels), family.name


@pytest.mark.alone
@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_the_service_is_started_and_asked_as_shown(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = tmp_path / "bin" / "rackrate"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m service "$@"\n')
    program.chmod(0o755)
    own = {name: text for name, text in os.environ.items() if not name.startswith("RACKRATE_")}
    own |= {
        "PATH": f"{program.parent}:{own['PATH']}",
        "PYTHONPATH": str(ROOT),
        "RACKRATE_DRAIN_SECONDS": "0",
        "RACKRATE_WRKERS": "3",
    }
    shown = ["sh", "-e", "-c", block("sh").replace("8000", str(port))]
    done = subprocess.run(
        shown, cwd=tmp_path, env=own, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert msgspec.json.decode((tmp_path / "quote.json").read_bytes())["quantities"]
    metrics = (tmp_path / "metrics.txt").read_text()
    assert prometheus.value(metrics, "rackrate_requests_total", route="/v1/quotes") == 1
    log = [msgspec.json.decode(one) for one in (tmp_path / "service.log").read_bytes().splitlines()]
    assert [one["key"] for one in log if one.get("route") == "/v1/quotes"] == ["reporting"]
    assert {one["logger"] for one in log} == {"access", "rackrate", "uvicorn"}
    assert [one["message"] for one in log if one["logger"] == "rackrate"] == [
        "RACKRATE_WRKERS is no setting of the service; did you mean RACKRATE_WORKERS?"
    ]
