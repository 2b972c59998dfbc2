"""What the service says besides its access log."""

import json
import logging
import logging.config

import pytest
import server

from service.log_lines import LOGGING, JsonLines


def line(**stated):
    stated = {"level": logging.ERROR, "msg": "a %s\nb", "args": ("c",), "exc_info": None} | stated
    return logging.LogRecord("rackrate", pathname="", lineno=1, **stated)


def test_a_line_is_one_object():
    said = JsonLines().format(line())
    assert "\n" not in said
    found = json.loads(said)
    assert found.pop("time").endswith("Z")
    assert found == {"level": "error", "logger": "rackrate", "message": "a c\nb"}


def test_it_has_the_request_and_where_the_fault_was():
    try:
        raise ValueError("inside")
    except ValueError as error:
        record = line(exc_info=(type(error), error, error.__traceback__))
    record.request_id = "mine"
    found = json.loads(JsonLines().format(record))
    assert found["request_id"] == "mine"
    assert found["exception"].endswith("ValueError: inside")


@pytest.mark.alone
def test_a_server_says_nothing_else():
    with server.running(drain_seconds=0, wrkers=3, access_log=1) as running:
        running.ask("GET", "/health/live")
        assert running.end() == 0
    found = [json.loads(one) for one in running.said.splitlines()]
    assert {"uvicorn.error", "rackrate", "access"} == {one["logger"] for one in found}
    assert [one["path"] for one in found if one["logger"] == "access"] == ["/health/live"]
    told = [one["message"] for one in found if one["logger"] == "rackrate"]
    assert told == ["RACKRATE_WRKERS is no setting of the service; did you mean RACKRATE_WORKERS?"]


def test_it_is_a_configuration_of_logging():
    assert logging.config.DictConfigurator(LOGGING).config["root"]["handlers"] == ["stderr"]
