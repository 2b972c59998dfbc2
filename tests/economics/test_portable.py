"""Scenarios to be sent: answered elsewhere as they are here."""

import math

import msgspec
import numpy as np
import pytest
from racks import reference

from economics import Problem, explain, quote, scenario
from economics.scenario import catalog
from economics.scenario.layers import layered
from economics.scenario.portable import portable
from service.files.reading import shipped_names, shipped_tables

OWN = """\
[ours.revenue]
rental_price_usd_per_gpu_hour = { value = 1.5, source = "a contract", as_of = 2026-11-01 }
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A catalog with a row of the user's own; called, it is gone."""
    (tmp_path / "rentals.toml").write_text(OWN)
    monkeypatch.setenv(catalog.FOLDER, str(tmp_path))
    catalog.look_again()

    def leave():
        monkeypatch.delenv(catalog.FOLDER)
        catalog.look_again()

    yield leave
    catalog.look_again()


def sent(stated):
    return msgspec.json.decode(msgspec.json.encode(portable(stated)))


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_a_shipped_scenario_is_the_same_elsewhere(name):
    tables = shipped_tables("scenarios", name)
    assert quote(sent(tables)) == quote(tables)
    assert scenario(sent(scenario(tables))).sources == scenario(tables).sources


def test_rows_of_ones_own_go_along_with_their_version_and_sources(own):
    tables = layered(reference(), {"revenue": {"market": "ours"}})
    here = quote(tables), explain(tables, "rental_price_usd_per_gpu_hour")
    by_record, by_tables = sent(scenario(tables)), sent(tables)
    own()
    for there in (by_record, by_tables):
        assert set(there["catalog"]) == {"rentals"}
        assert (quote(there), explain(there, "rental_price_usd_per_gpu_hour")) == here
    assert here[0].notices[0].startswith("revenue.market = ours fills")
    assert sent(by_tables) == by_tables


def test_a_record_is_sent_without_what_it_does_not_state():
    record = scenario(reference()).scenario
    assert quote(sent(record)) == quote(record)


def test_numbers_of_numpy_are_numbers_and_infinity_is_refused():
    tables = reference()
    tables["revenue"]["utilisation"] = np.float64(0.5)
    assert sent(tables)["revenue"]["utilisation"] == 0.5
    tables["revenue"]["utilisation"] = math.inf
    with pytest.raises(Problem, match=r"revenue\.utilisation = inf: expected a finite number"):
        portable(tables)
