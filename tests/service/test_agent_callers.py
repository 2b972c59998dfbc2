"""Hosts and pages that are ours."""

import pytest

from service.settings import Settings
from service.web.agents.callers import check_caller
from service.web.problems import WrongHost, WrongOrigin

OURS = Settings(agent_hosts=("rates.example",))


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "127.0.0.1:1", "127.9.9.9", "[::1]:8000", "Rates.Example:80"],
)
def test_hosts_of_loopback_and_those_that_are_set_are_ours(host):
    check_caller(host, "", OURS)
    check_caller(host, "https://rates.example", OURS)
    check_caller(host, "http://localhost:3000", OURS)


@pytest.mark.parametrize(
    "host",
    [
        *("", "evil.example", "localhost.evil.example", "0.0.0.0", "10.0.0.1:8000", "[::2]"),
        *(
            "localhost:port",
            "user@localhost",
            "localhost/path",
            "localhost?",
            "[::1",
            "localhost#a",
        ),
        *("rates.example.evil.example", "localhost:99999999"),
    ],
)
def test_no_other_host_is(host):
    with pytest.raises(WrongHost, match="RACKRATE_AGENT_HOSTS"):
        check_caller(host, "", OURS)


@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "https://localhost.evil.example", "file://", "x"]
)
def test_no_page_of_another_host_is(origin):
    with pytest.raises(WrongOrigin, match="RACKRATE_AGENT_HOSTS"):
        check_caller("localhost", origin, OURS)


def test_nothing_is_ours_by_itself_but_loopback():
    with pytest.raises(WrongHost):
        check_caller("rates.example", "", Settings())
