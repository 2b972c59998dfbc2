"""What docs/overnight.md shows is done, with parts so small that a night takes seconds. What it
says in its first block `make test` tries too (tests/test_docs.py), and the commands test_cli_*.py.
"""

import os
import re
import subprocess
import sys

import pages
import polars
import pytest

import economics
from service.files.reading import scenario_tables

TEXT = (pages.ROOT / "docs" / "overnight.md").read_text("utf-8")
EVENING, STOP, MORNING, COLLECT, OTHER, SHARES = pages.fenced("sh").findall(TEXT)
(READ,) = pages.fenced("py").findall(TEXT)
SMALL = """
import sys, time
from functools import partial
from service.__main__ import program
from service.cli import resume
from service.jobs import shards
from service.jobs.specs import question

def slow(*asked, table=shards._table):
    time.sleep(0.03)
    return table(*asked)

resume.question, shards._table = partial(question, shard_rows=50), slow
program()
"""
COUNT = 10  # of values of an axis, in place of a thousand
UNTIL = "until [ -e night/part-00002.json ]; do sleep 0.01; done\n"


@pytest.fixture
def shell(tmp_path):
    """What runs lines of the page in a folder, with small counts."""
    program = tmp_path / "bin" / "rackrate"
    program.parent.mkdir()
    (tmp_path / "small.py").write_text(SMALL)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {tmp_path}/small.py "$@"\n')
    program.chmod(0o755)
    own = {"PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(pages.ROOT)}

    def run(text):
        return subprocess.run(
            ["sh", "-u", "-c", text.replace(":1000", f":{COUNT}")],
            cwd=tmp_path,
            env=own,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.mark.slow
@pytest.mark.alone
def test_a_night_is_stopped_and_goes_on_in_the_morning(shell, tmp_path, monkeypatch):
    begun = shell(f"{EVENING}{UNTIL}{STOP}wait $!")
    assert begun.returncode == 143
    (stopped,) = re.findall(r"stopped: (\d+) of 20 parts", (tmp_path / "night.log").read_text())
    times = {one: one.stat().st_mtime_ns for one in (tmp_path / "night").glob("part-*.json")}
    assert int(stopped) <= len(times) <= int(stopped) + 2
    ended = shell(MORNING)
    assert ended.stderr == f"rackrate: {len(times)} of 20 parts are there\n"
    assert all(one.stat().st_mtime_ns == time for one, time in times.items())
    first, second = ended.stdout.splitlines()
    assert first.startswith("night: 1,000 cells in 20 parts, ")
    assert 'polars.scan_parquet("night/part-*.parquet")' in second
    assert second.partition(": ")[2] in READ
    assert shell(COLLECT).stdout == f"{first}\nwritten: night.parquet\n"
    refused = shell(OTHER)
    assert refused.stdout in "".join(f"{line.strip()}\n" for line in TEXT.splitlines())
    monkeypatch.chdir(tmp_path)
    names = dict[str, polars.DataFrame]()
    exec(compile(READ, "example", "exec"), names)
    assert names["best"].columns == ["utilisation", "len", "irr_per_year"]
    assert 0 < names["best"].height < COUNT
    whole = polars.read_parquet("night.parquet")
    assert names["cells"].collect().equals(whole)
    assert whole["npv_usd_per_rack"].to_list() == cells()


def cells():
    """The NPV of the cells of the page, by the library."""
    axes = [
        {"kind": "linspace", "field": field, "start": start, "stop": stop, "count": COUNT}
        for field, start, stop in (
            ("rental_price_usd_per_gpu_hour", 1.5, 5.0),
            ("utilisation", 0.2, 1.0),
            ("wacc_per_year", 0.06, 0.16),
        )
    ]
    spec = {"scenario": scenario_tables("hgx-h100"), "axes": axes, "targets": ["npv_usd_per_rack"]}
    return economics.sweep(spec).columns["npv_usd_per_rack"].values.ravel().tolist()


@pytest.mark.slow
def test_machines_share_a_sweep_and_every_file_is_explained(shell, tmp_path):
    said = shell(SHARES)
    assert (said.returncode, said.stderr) == (0, "")
    heads = [line.partition(", ")[0] for line in said.stdout.splitlines()[::2]]
    assert heads == [
        "shared: 50 cells in 1 part",
        "shared: 50 cells in 1 part",
        "shared: 100 cells in 2 parts",
    ]
    listed = "".join(re.findall(r"^\| `(.+?)`", TEXT, re.MULTILINE))
    for path in (tmp_path / "shared").iterdir():
        assert re.sub(r"\d{5}", "00000", path.name) in listed
