"""How the command line is tried: in this process, or as the program that users start."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from service.__main__ import main

FOREIGN = ("RACKRATE_", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TTY_")


class Said(NamedTuple):
    """What a run left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    def one_line(self) -> str:
        """The line that says what is wrong; fails if there is more than that."""
        assert self.err.startswith("rackrate: "), self
        assert self.err.endswith("\n"), self
        assert self.err.count("\n") == 1, self
        return self.err.removeprefix("rackrate: ").rstrip("\n")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(FOREIGN)]:
        monkeypatch.delenv(name)


@pytest.fixture
def rackrate(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process."""

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(one) for one in arguments])
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def program() -> Callable[..., Said]:
    """Run a command as a program of its own."""

    def run(*arguments: object, **options: object) -> Said:
        command = [sys.executable, "-m", "service", *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False, **options
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run
