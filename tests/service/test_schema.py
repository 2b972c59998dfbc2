"""Requests are closed records with bounds."""

import msgspec
import pytest

from service.web.schema import (
    ExplainRequest,
    QuoteRequest,
    ScenarioRequest,
    SolveRequest,
    SweepRequest,
)

REQUESTS = (QuoteRequest, ScenarioRequest, SweepRequest, SolveRequest, ExplainRequest)


@pytest.mark.parametrize("request_type", REQUESTS)
def test_requests_take_nothing_else(request_type):
    assert request_type.__struct_config__.forbid_unknown_fields
    assert request_type.__struct_config__.frozen
    assert "scenario" in request_type.__struct_fields__


def test_names_are_bounded():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"scenario": "a", "targets": ["x" * 201]}, QuoteRequest)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"scenario": "a", "targets": ["x"] * 1001}, QuoteRequest)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"scenario": "a", "target": "b", "depth": 1001}, ExplainRequest)


def test_what_is_left_of_a_sweep_is_all_of_it_unless_stated():
    assert (
        msgspec.convert(
            {"scenario": "a", "axes": [{"kind": "values", "field": "pue", "values": [1]}]},
            SweepRequest,
        ).reduce.__struct_config__.tag
        == "cells"
    )
