"""What the service says besides its access log."""

import json
import logging
import logging.config

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


def test_what_the_server_says_by_the_way_is_no_error_by_its_name():
    record = logging.LogRecord("uvicorn.error", logging.INFO, "", 1, "Listening", (), None)
    found = json.loads(JsonLines().format(record))
    assert (found["logger"], found["level"]) == ("uvicorn", "info")


def test_it_is_a_configuration_of_logging():
    assert logging.config.DictConfigurator(LOGGING).config["root"]["handlers"] == ["stderr"]
