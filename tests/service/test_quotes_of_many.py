"""Quotes of many scenarios as they come from a service."""

import msgspec

import rackrate
from service.client import calls
from service.client.quotes_of_many import QuoteOfMany


def test_quotes_of_many_are_quotes_or_problems():
    told = {"type": "urn:rackrate:problem:no-answer", "status": 422, "detail": "nowhere"}
    body = msgspec.json.encode({"answers": [{"problem": told}, {"notices": ["a"]}]})
    refused, answered = calls.quotes(["a", "b"]).read(body)
    assert (type(refused.problem), str(refused.problem)) == (rackrate.NoAnswer, "nowhere")
    assert answered == QuoteOfMany({}, ("a",), {})
