"""docs/clusters.md: its commands start a cluster that computes a job, also with certificates."""

import os
import re
import subprocess
import sys

import polars
import pytest
from pages import ROOT
from server import free_port

pytest.importorskip("distributed")

pytestmark = [pytest.mark.slow, pytest.mark.alone]
PAGE = (ROOT / "docs" / "clusters.md").read_text()
COMMANDS, SETTINGS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CERTIFICATES = "".join(re.findall(r"^    (openssl .*\n)", PAGE, re.MULTILINE))


@pytest.mark.parametrize("protocol", ["tcp", "tls"])
def test_a_job_is_computed_as_shown(tmp_path, protocol):
    programs = {"rackrate": '-m service "$@"', "dask": '-m dask "$@"'}
    for name, rest in programs.items():
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\nexec {sys.executable} {rest}\n")
        program.chmod(0o755)
    shown = COMMANDS.replace("8000", str(free_port())).replace("8786", str(free_port()))
    if protocol == "tls":
        shown = shown.replace("tcp://", "tls://").replace(
            "dask scheduler", "dask scheduler --protocol tls"
        )
        shown = CERTIFICATES + SETTINGS + shown
    own = {name: text for name, text in os.environ.items() if not name.startswith("RACKRATE_")}
    own |= {"PATH": f"{program.parent}:{own['PATH']}", "RACKRATE_DRAIN_SECONDS": "0"}
    done = subprocess.run(
        ["sh", "-e", "-c", shown],
        cwd=tmp_path,
        env=own | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert polars.read_parquet(tmp_path / "result.parquet").height == 1_000_000
    assert '"state":"done"' in (tmp_path / "events.txt").read_text()
    said = (tmp_path / "worker.log").read_text()
    assert re.match(r"rackrate \S+ works for (tcp|tls)://127\.0\.0\.1:\d+: one worker with", said)
