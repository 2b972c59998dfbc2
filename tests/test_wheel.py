"""The built wheel, installed elsewhere and run from another directory."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(*command, **how):
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=True, **how
    ).stdout


def test_the_wheel_carries_its_catalog_and_runs_anywhere(tmp_path):
    run(
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(tmp_path),
    )
    (wheel,) = tmp_path.glob("rackrate-*.whl")
    run(
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(tmp_path / "site"),
        str(wheel),
    )
    (tmp_path / "elsewhere").mkdir()
    how = {"cwd": tmp_path / "elsewhere", "env": {"PYTHONPATH": str(tmp_path / "site"), "PATH": ""}}
    assert run("-c", "import service; print(service.__file__)", **how).startswith(
        str(tmp_path / "site")
    )
    said = json.loads(run("-m", "service", "quote", "suncatcher", "--json", **how))
    assert said["scenario"]["facility"]["kind"] == "orbital"
    assert said["quantities"]["cost_usd_per_gpu_hour"]["value"] > 0.0
