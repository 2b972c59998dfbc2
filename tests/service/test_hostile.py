"""What nobody should send: each request has an answer that is whole, or an end, in time; nobody
else waits for it, and the service answers as before.
"""

import json
import time

import hostile
import httptools
import pytest
import server
import web
from pace import budget
from watched import watched

LONGEST_CALLBACK = 0.05  # seconds of its thread's processor
NPV = 964_535.658394
pytestmark = pytest.mark.alone


class Answers:
    """What a client has read, message by message."""

    def __init__(self, data):
        self.found = []
        self.parser = httptools.HttpResponseParser(self)
        self.parser.feed_data(data)

    def on_message_begin(self):
        self.headers, self.body, self.whole = {}, b"", False
        self.found.append(self)

    def on_header(self, name, value):
        self.headers[name.lower().decode()] = value.decode()

    def on_body(self, body):
        self.body += body

    def on_message_complete(self):
        status = self.parser.get_status_code()
        self.found[-1] = status, self.headers, self.body


def answers(data, bare):
    """Status, headers and body of each answer; fails if one is not whole."""
    if bare and data:
        assert data.endswith(b"\r\n\r\n"), data
        data = data.replace(b"\r\ncontent-length", b"\r\nx-length")
        data = data.replace(b"\r\n\r\n", b"\r\ncontent-length: 0\r\n\r\n")
    return [one for one in Answers(data).found if one[0] != 100]


def check_answer(status, headers, body, bare):
    """What every answer has."""
    assert status < 500, body
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"]
    assert headers["x-request-id"]
    if status >= 400:
        assert headers["content-type"] == web.PROBLEM
        assert bare or json.loads(body)["status"] == status


@pytest.fixture(scope="module")
def found():
    with watched(receive_seconds=1.5) as running:
        yield running


def check(found, cases):
    """Each is answered as it may be, in time, and the service answers as before."""
    for case, data in found.send_all(cases):
        bare = case.parts[0][:5] == b"HEAD "
        said = answers(data, bare)
        assert (said[0][0] if said else None) in case.statuses, (case.name, data[:2000])
        for one in said:
            check_answer(*one, bare)
    state = found.state()
    assert state["seconds"] < budget(LONGEST_CALLBACK), state
    good = {"scenario": "reference-project", "targets": [hostile.NPV]}
    status, _, body = server.Server(found.port, found.process).ask("POST", "/v1/quotes", good)
    value = json.loads(body)["quantities"][hostile.NPV]["value"]
    assert (status, value) == (200, pytest.approx(NPV))


def test_there_are_many_kinds():
    cases = hostile.corpus()
    assert len(cases) > 800
    assert len({case.name for case in cases}) == len(cases)


def test_a_part_of_the_corpus(found):
    check(found, hostile.corpus()[::14])


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        *(hostile.of_bodies, hostile.of_agents, hostile.heads, hostile.lines),
        *(hostile.framing, hostile.turns),
    ],
)
def test_the_whole_corpus(found, kind):
    check(found, list(kind()))


@pytest.mark.slow
def test_nothing_is_left_of_it(found):
    """Neither tasks nor descriptors, when all clients have gone."""
    before = found.state()
    found.send_all(hostile.corpus()[::5])
    time.sleep(2.0)
    after = found.state()
    assert after["tasks"] <= before["tasks"]
    assert after["descriptors"] <= before["descriptors"]
