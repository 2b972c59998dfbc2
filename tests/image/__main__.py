"""Builds the image and tries it: each target is started as user 10001 on a read-only root, without
capabilities and without a network, its health check is run, it is asked, and it is ended.

    python tests/image [cpu] [gpu]     both, if none is named; `make image`

With Docker or podman where one answers; else with buildah, as root, on a Debian base that
debootstrap makes from the sources of apt. Images stay, as rackrate:cpu and rackrate:gpu: buildah's
in build/image. What is in each of them stands afterwards in dist/rackrate-TARGET.cdx.json.
"""

import hashlib
import secrets
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from bill import write_bill
from buildah import Buildah
from docker import Docker

ROOT = Path(__file__).parents[2]
TARGETS = ("cpu", "gpu")
ENGINES = (Docker("docker"), Docker("podman"), Buildah(ROOT / "build" / "image"))
START_SECONDS, END_SECONDS = 60, 40
NO_GPU = 2  # exit code of gpu-check
PYTHON = "/opt/rackrate/bin/python"


def program(targets):
    """Both steps for each target; a missing engine, or an answer that is wrong, ends it."""
    if wrong := set(targets) - set(TARGETS):
        sys.exit(f"{', '.join(sorted(wrong))}: expected {' or '.join(TARGETS)}")
    lacks = {one.name: one.missing() for one in ENGINES}
    engine = next((one for one in ENGINES if not lacks[one.name]), None)
    if engine is None:
        why = "; ".join(f"{name}: {lack}" for name, lack in lacks.items())
        sys.exit(f"NOT BUILT, NOT TRIED: the image: nothing here can build it ({why})")
    for target in targets or TARGETS:
        say(f"{target}: build with {engine.name}")
        began = time.monotonic()
        engine.build(target, ROOT)
        size = engine.size(target) / 1e6
        say(f"{target}: built in {time.monotonic() - began:.0f} s, {size:,.0f} MB")
        attempt(engine, target)
    say("all is well")


def attempt(engine, target):
    """Start a container of a target, look at it, ask it, write down what it has, and end it."""
    config = engine.config(target)
    assert config["User"] == "10001:10001", config["User"]
    check = config["Healthcheck"]["Test"]
    assert check[0] == "CMD", check
    with tempfile.TemporaryDirectory() as folder:
        key = new_key(Path(folder) / "keys")
        box = engine.start(target, config, Path(folder) / "keys")
        try:
            seconds = healthy(box, check[1:])
            say(f"{target}: the health check passes, {seconds:.1f} s after the start")
            questions = (Path(__file__).parent / "questions.py").read_bytes()
            asked = box.run([PYTHON, "-", key], questions)
            sys.stdout.write(asked.stdout.decode())
            assert asked.returncode == 0, asked.stderr.decode() + box.log()
            if target == "gpu":
                try_gpu(box)
            bill, parts = write_bill(box, PYTHON, target, ROOT)
            say(f"{target}: {bill.relative_to(ROOT)} names {parts} packages")
        finally:
            code, seconds, log = box.end(END_SECONDS)
        assert code == 0, f"SIGTERM: exit {code}\n{log}"
        say(f"{target}: SIGTERM ends it with exit 0 after {seconds:.1f} s")


def new_key(path):
    """A key; its hash is written to a file that anybody can read."""
    key = secrets.token_hex(32)
    path.write_text(f"trial {hashlib.sha256(key.encode()).hexdigest()}\n")
    path.chmod(0o444)
    return key


def healthy(box, check):
    """Seconds until the health check of the image passes."""
    began = time.monotonic()
    while time.monotonic() < began + START_SECONDS:
        assert box.runs(), box.log()
        if box.run(check).returncode == 0:
            return time.monotonic() - began
        time.sleep(0.2)
    raise AssertionError(f"not healthy after {START_SECONDS} s\n{box.log()}")


def try_gpu(box):
    """Whether a GPU computes what numpy computes, if there is one."""
    done = box.run(["/opt/rackrate/bin/rackrate", "gpu-check"])
    said = (done.stdout + done.stderr).decode()
    assert done.returncode in (0, NO_GPU), said
    why = said.strip().splitlines()[-1]
    say(why if done.returncode == 0 else f"NOT TRIED: the image on a GPU: {why}")


def say(text):
    sys.stdout.write(f"== {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    program(sys.argv[1:])
