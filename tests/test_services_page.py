"""The examples of docs/services.md are run against a service: Python here, commands by a shell,
TypeScript by Node, with its address in place of the one that is shown.
"""

import re
import shutil
import subprocess
import sys

import pages
import pytest

PAGE = pages.ROOT / "docs" / "services.md"
SHOWN = "http://127.0.0.1:8000"


def blocks(kind):
    return pages.fenced(kind).findall(PAGE.read_text())


def run(command, folder, text):
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60, check=False, input=text
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("text", blocks("python"), ids=range(len(blocks("python"))))
def test_python_holds(text, url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(text.replace(SHOWN, url), "example", "exec"), {})


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: NOT RUN")
@pytest.mark.parametrize("text", blocks("sh"), ids=range(len(blocks("sh"))))
def test_commands_are_answered(text, url, tmp_path):
    rackrate = f'rackrate() {{ {sys.executable} -m service "$@"; }}\n'
    said = run(["sh", "-eu"], tmp_path, rackrate + text.replace(SHOWN, url))
    assert said or any(tmp_path.iterdir())


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed: NOT RUN")
def test_typescript_says_what_is_expected(url, tmp_path):
    said = []
    for at, text in enumerate(blocks("ts")):
        path = tmp_path / f"example{at}.mjs"
        path.write_text(text.replace(SHOWN, url))
        said.append(run(["node", str(path)], tmp_path, None).strip())
    assert said == TYPESCRIPT


TYPESCRIPT = [
    "4.0858",
    "0 ok ok",
    "81",
    "done true",
    "422 urn:rackrate:problem:bad-input revenue.utilisation",
]


def test_every_kind_of_problem_that_a_client_meets_is_told():
    from service.client.failures import KINDS

    text = PAGE.read_text()
    kinds = [*KINDS, "bad-input", "no-answer", "no-backend", "not-there"]
    assert not [kind for kind in kinds if f"`{kind}`" not in text]
    assert set(re.findall(r"\| `\w[^|]*\| \d+ \| `(\w+)`", text)) >= {
        one.__name__ for one in KINDS.values()
    }
