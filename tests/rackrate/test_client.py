"""The face of the clients: its names, and how little it imports."""

import subprocess
import sys

import pytest

from rackrate import client
from service.client import failures


def test_all_are_the_public_names():
    assert client.__all__ == sorted(client.__all__)
    own = {name for name in vars(client) if not name.startswith("_")}
    assert own == set(client.__all__)
    assert all(getattr(client, name).__doc__ for name in client.__all__)


def test_every_failure_of_a_service_can_be_caught_by_name():
    errors = {name for name, one in vars(failures).items() if isinstance(one, type)} - {
        "About",
        "NamedTuple",
    }
    assert errors <= set(client.__all__)


def test_it_imports_neither_what_sends_nor_what_computes_grids():
    asked = (
        "import sys, rackrate.client; print([name for name in ('httpx', 'numpy', 'polars',"
        " 'litestar') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    assert done.stdout + done.stderr == "[]\n"


def test_without_httpx_a_client_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(client.NotInstalled, match=r"rackrate\[client\]"):
        client.Client("http://127.0.0.1:8000")
