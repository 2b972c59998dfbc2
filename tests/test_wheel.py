"""The built wheel, installed elsewhere and run from another directory."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

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
    for package in ("rackrate", "service", "economics", "kernels"):
        where = Path(run("-c", f"import {package}; print({package}.__file__)", **how).strip())
        assert where.is_relative_to(tmp_path / "site")
        assert (where.parent / "py.typed").is_file()
    web = tmp_path / "site" / "service" / "web"
    assert {"base.html", "style.css"} <= {path.name for path in (web / "pages").iterdir()}
    assert (web / "example_answers.json").is_file()
    said = json.loads(run("-m", "service", "quote", "suncatcher", "--json", **how))
    assert said["scenario"]["facility"]["kind"] == "orbital"
    cost = said["quantities"]["cost_usd_per_gpu_hour"]["value"]
    assert cost > 0.0
    asked = "import rackrate as r; print(r.quote('suncatcher').quantities['{}'].value)"
    assert float(run("-c", asked.format("cost_usd_per_gpu_hour"), **how)) == cost
    assert run("-c", "import rackrate; print(rackrate.__version__)", **how).strip() in wheel.name


def test_the_source_archive_carries_what_its_tests_read(tmp_path):
    run("-m", "hatchling", "build", "--target", "sdist", "--directory", str(tmp_path), cwd=ROOT)
    (archive,) = tmp_path.glob("rackrate-*.tar.gz")
    with tarfile.open(archive) as members:
        found = {Path(*Path(name).parts[1:]).as_posix() for name in members.getnames()}
    assert {
        *("rackrate/__init__.py", "rackrate/py.typed", "configs/catalog/accelerators.toml"),
        *("examples/rack.toml", "examples/ask.sh", "docs/glossary.md", "tests/test_wheel.py"),
        *("README.md", "LICENSE", "pyproject.toml", "constraints/runtime.txt"),
    } <= found


@pytest.mark.parametrize("package", ["rackrate", "service", "economics", "kernels", "configs"])
def test_the_image_is_built_of_every_package(package):
    assert f"COPY {package}/ {package}/\n" in (ROOT / "Dockerfile").read_text()
    assert f"!{package}\n" in (ROOT / ".dockerignore").read_text()
