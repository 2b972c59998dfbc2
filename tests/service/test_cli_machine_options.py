"""The options of commands about this machine: what they default to, and what they refuse."""

import pytest

from service.cli.commands import parse
from service.cli.parser import UsageProblem


def test_a_server_listens_on_loopback_and_is_one_process():
    typed = parse(["serve"])
    assert (typed.host, typed.port, typed.processes) == ("127.0.0.1", 8000, 1)
    assert parse(["serve", "--workers", "3"]).processes == 3


@pytest.mark.parametrize("option", [("--port", "65536"), ("--processes", "0"), ("--port", "x")])
def test_a_number_out_of_its_range_is_refused(option):
    with pytest.raises(UsageProblem, match=rf"{option[0]}.*expected a whole number from"):
        parse(["serve", *option])


def test_a_command_without_options_takes_none():
    with pytest.raises(UsageProblem, match="mcp takes no --port"):
        parse(["mcp", "--port", "1"])
