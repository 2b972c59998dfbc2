"""The examples are run: Python as programs elsewhere, the commands that files name, curl against a
server of its own.
"""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
SHOWN = {
    "chances": "P(npv_usd_per_rack > 0) = 0.39",
    "compare_racks": "hardware.server_price_usd_per_rack",
    "contract_that_may_default": "expected_loss_usd_per_rack",
    "price_that_breaks_even": "NPV = 0 at 4.32",
    "quote_and_explain": "cost_usd_per_gpu_hour = 3.32",
    "sweep_to_parquet": "450 cells",
}  # what each program prints, among other things
COMMANDS = [
    pytest.param(command, id=command.partition(".toml")[0])
    for path in sorted(EXAMPLES.glob("*.toml"))
    for command in re.findall(r"^#   rackrate (.*)$", path.read_text(), re.MULTILINE)
]


def run(command, folder, **more):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_example_is_run_and_told_of():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(SHOWN)
    told = set(re.findall(r"\]\(([^/]+?)\)", (EXAMPLES / "README.md").read_text()))
    assert told == {
        path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".toml", ".sh")
    }


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.[pts][yoh]*")), ids=lambda path: path.name)
def test_an_example_is_a_page_at_most(path):
    assert len(path.read_text().splitlines()) < 60


@pytest.mark.parametrize("name", SHOWN)
def test_python_runs_in_any_folder(name, tmp_path):
    done = run([sys.executable, "-W", "error", str(EXAMPLES / f"{name}.py")], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert SHOWN[name] in done.stdout
    left = [path.name for path in tmp_path.iterdir()]
    assert left == (["grid.parquet"] if name == "sweep_to_parquet" else [])


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_that_files_name_are_answered(command, tmp_path):
    for path in EXAMPLES.glob("*.toml"):
        shutil.copy(path, tmp_path)
    done = run([sys.executable, "-m", "service", *shlex.split(command)], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout or (tmp_path / "grid.parquet").stat().st_size


@pytest.fixture
def server():
    """The address of a server on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def wait_for(process, port):
    """Until the server answers; fails if it ends or takes a minute."""
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as asked:
                asked.request("GET", "/health/ready")
                if asked.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: ask.sh is NOT RUN")
def test_the_questions_by_curl_are_answered(server, tmp_path):
    done = run(["sh", str(EXAMPLES / "ask.sh")], tmp_path, RACKRATE_URL=server)
    assert (done.returncode, done.stderr) == (0, "")
    answers = re.split(r"^== .*\n", done.stdout, flags=re.MULTILINE)[1:]
    assert len(answers) == 6
    assert all(one.startswith("{") for one in answers)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: ask.sh is NOT RUN")
def test_a_server_that_is_not_there_is_an_error(tmp_path):
    done = run(["sh", str(EXAMPLES / "ask.sh")], tmp_path, RACKRATE_URL="http://127.0.0.1:9")
    assert done.returncode
    assert "curl" in done.stderr
