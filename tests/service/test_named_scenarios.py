"""Scenarios as requests name them."""

import pytest

from economics.vocabulary.problems import UnknownProblem
from service.web.named_scenarios import scenario_names, shipped_scenario, tables_of


def test_a_name_stands_for_the_shipped_tables():
    assert tables_of("nvl72-neocloud") == shipped_scenario("nvl72-neocloud")
    assert "nvl72-neocloud" in scenario_names()
    with pytest.raises(UnknownProblem, match="nvl72-neocloud"):
        tables_of("nvl72-neoclout")


def test_a_null_is_not_stated():
    stated = {"a": None, "b": {"c": None, "d": [None, 1], "e": 0, "f": {}}}
    assert tables_of(stated) == {"b": {"d": [None, 1], "e": 0, "f": {}}}
