"""Everything that has a name."""

from functools import cache

import pytest
from racks import reference

import economics
from economics.models.registry import graph
from economics.scenario.fields import field_paths
from economics.scenario.inputs import Inputs
from service.web.named_scenarios import scenario_names, shipped_scenario
from service.web.quantities import quantities

ADDITIONS = (
    reference(operations={"delay_years": 1}),
    reference(hardware={"server_life_years": 2, "network_life_years": 3, "storage_life_years": 5}),
)


@cache
def scenarios():
    """Tables, and the names of what is computed of them."""
    found = []
    for tables in (*map(shipped_scenario, scenario_names()), *ADDITIONS):
        choices = Inputs.of(economics.scenario(tables)).choices
        found.append((tables, frozenset(graph(choices).nodes)))
    return found


@pytest.mark.parametrize("name", sorted(quantities().quantities))
def test_every_quantity_can_be_asked_for_somewhere(name):
    info = quantities().quantities[name]
    if info.when.get("amortisation") == ("sculpted",):
        return  # no shipped scenario has sculpted debt
    for tables, known in scenarios():
        if name not in known:
            continue
        try:
            answer = economics.quote(tables, [name]).quantities[name]
        except economics.Problem:
            continue
        assert answer.unit == info.unit
        assert (
            (answer.value is not None and not info.by_year)
            or info.by_year == isinstance(answer.values, tuple)
            or answer.status in info.statuses
        )
        return
    pytest.fail(f"{name} is nowhere")


def test_every_field_is_there_with_its_bounds():
    fields = quantities().fields
    assert set(field_paths()) <= set(fields)
    assert fields["availability"][0].schema == {"type": "number", "minimum": 0.0, "maximum": 1.0}
    assert fields["availability"][0].default == 1.0
    assert [one.kind for one in fields["pue"]] == ["colocation", "owned"]
    assert all(one.path.endswith(name) for name, infos in fields.items() for one in infos)


def test_what_a_quantity_needs_and_why_it_may_have_no_value():
    found = quantities().quantities
    assert found["irr_per_year"].statuses == (
        *("ok", "no_sign_change", "no_root", "below_minus_99_percent", "borrowing"),
        "several_roots",
    )
    assert found["dscr_by_year"].statuses == ("ok", "partly", "no_service")
    assert found["npv_usd_per_rack"].when == {}
    assert found["revenue_usd_per_rack_by_year"].by_year
    assert not [name for name in found if name.endswith(("_by_period", "_by_date", "_status"))]
