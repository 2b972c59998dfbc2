"""Media types by Accept and Content-Type."""

import pytest

from service.web.formats import JSON, MSGPACK, answer_format, body_format
from service.web.problems import NotAcceptable, UnsupportedBody


@pytest.mark.parametrize(
    ("header", "media"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (", ,", JSON),
        ("application/json", JSON),
        ("APPLICATION/JSON; charset=utf-8", JSON),
        ("application/msgpack", MSGPACK),
        ("application/vnd.msgpack", "application/vnd.msgpack"),
        ("application/json;q=0.5, application/msgpack;q=0.6", MSGPACK),
        ("application/json;q=0.6, application/msgpack;q=0.5", JSON),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("application/json;q=0, */*", MSGPACK),
        ("application/msgpack;q=7", MSGPACK),
    ],
)
def test_the_best_of_what_is_accepted(header, media):
    assert answer_format(header) == media


@pytest.mark.parametrize(
    "header",
    [
        "text/html",
        "application/json;q=0",
        "*/*;q=0",
        "application/json;q=abc",
        "application/json;q=nan",
        "json",
        ";",
        "\x00",
    ],
)
def test_nothing_of_what_is_accepted(header):
    with pytest.raises(NotAcceptable):
        answer_format(header)


@pytest.mark.parametrize(
    "header",
    [
        "application/json",
        "Application/JSON; charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json; x=y",
    ],
)
def test_json_bodies(header):
    assert body_format(header) == JSON


@pytest.mark.parametrize(
    "header",
    [None, "", "text/json", "application/json+x", "application/json; charset=utf-16", "*/*"],
)
def test_other_bodies(header):
    with pytest.raises(UnsupportedBody):
        body_format(header)
