"""Addresses and keys, and what errors of the network mean."""

import ssl
import sys

import httpx
import pytest

from economics import Problem
from service.client import failures, wire
from service.client.replies import Call

URL = "http://a:1"


@pytest.mark.parametrize("url", ["http://a:1", " https://a/prefix/ ", "http://[::1]:8000"])
def test_addresses_are_known(url):
    assert wire.address(url) == url.strip().rstrip("/")


@pytest.mark.parametrize(
    "url", ["", "a:1", "ftp://a", "http://", "http://a:x", "http://a?q=1", "http://[", "http://a:0"]
)
def test_what_is_no_address_is_said(url):
    with pytest.raises(Problem, match="expected an address such as"):
        wire.address(url)


@pytest.mark.parametrize("url", ["http://me:secret@a", "http://me@a"])
def test_an_address_holds_no_password(url):
    with pytest.raises(Problem, match="without a name or a password") as raised:
        wire.address(url, "--server")
    assert "me" not in str(raised.value).replace("name", "")


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "ключ"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_shown(key):
    with pytest.raises(Problem, match="RACKRATE_API_KEY") as raised:
        wire.settings(URL, key, 1.0)
    assert key not in str(raised.value)


def test_requests_say_what_they_hold_and_who_asks():
    assert wire.settings(URL, "k", 1.0)["headers"]["Authorization"] == "Bearer k"
    assert "Authorization" not in wire.settings(URL, "", 1.0)["headers"]
    with_body = wire.request(Call("POST", "/v1/quotes", b"{}", bytes))
    assert with_body["headers"] == {"Accept": wire.JSON, "Content-Type": wire.JSON}
    assert wire.request(Call("GET", "/v1/catalog", None, bytes))["headers"] == {"Accept": wire.JSON}


def because(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words", "wait"),
    [
        (httpx.ConnectError("refused"), "nobody answers at http://a:1: refused", 0.0),
        (httpx.ConnectTimeout(""), "nobody answers at http://a:1 within 10 seconds", 0.0),
        (httpx.ReadTimeout(""), "http://a:1 did not answer in time", None),
        (httpx.RemoteProtocolError("gone"), "the connection to http://a:1 broke off: gone", 0.0),
        (
            because(httpx.ConnectError("bad certificate"), ssl.SSLError("bad certificate")),
            "no secure connection to http://a:1: bad certificate",
            None,
        ),
    ],
)
def test_errors_of_the_network_say_what_is_wrong_and_whether_to_try_again(error, words, wait):
    found = wire.lost(error, URL)
    assert isinstance(found, failures.Unreachable)
    assert (str(found), found.retry_after) == (words, wait)


def test_without_httpx_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(failures.NotInstalled, match=r"pip install 'rackrate\[client\]'"):
        wire.library()
