"""What builds and tries the image, as far as it can be tried without building: `make image`."""

import json
import shutil
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IMAGE = ROOT / "tests" / "image"


class Here:
    """This machine, asked as a container is."""

    def run(self, words, given):
        return subprocess.run(words, input=given, capture_output=True, check=False)


@pytest.mark.parametrize("words", [["tpu"], []])
def test_it_says_loudly_what_it_cannot_build(words, tmp_path):
    done = subprocess.run(
        [sys.executable, str(IMAGE), *words],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert ("tpu: expected cpu or gpu" if words else "NOT BUILT, NOT TRIED") in done.stderr


def test_the_bill_names_what_is_installed(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(IMAGE)
    from bill import write_bill

    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    venv.create(tmp_path / "there")
    (site,) = (tmp_path / "there").glob("lib/python*/site-packages")
    about = distribution("msgspec")
    (site / "msgspec.dist-info").mkdir()
    (site / "msgspec.dist-info" / "METADATA").write_text(about.read_text("METADATA"))
    path, count = write_bill(Here(), tmp_path / "there/bin/python", "here", tmp_path)
    assert path == tmp_path / "dist" / "rackrate-here.cdx.json"
    found = json.loads(path.read_text())
    assert found["metadata"]["component"]["name"] == "rackrate"
    named = [(one["name"], one["version"]) for one in found["components"]]
    assert named == [("msgspec", about.version)]
    assert count == 1
