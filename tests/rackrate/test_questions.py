"""Questions about a scenario or a few: the same answers as those of the floor below."""

import pytest

import economics
import rackrate
from service.files.reading import shipped_tables

NAME, NPV = "nvl72-neocloud", "npv_usd_per_rack"
TABLES = shipped_tables("scenarios", NAME)


def test_a_quote_is_that_of_the_economics():
    assert rackrate.quote(NAME) == economics.quote(TABLES)
    assert rackrate.quote(NAME, [NPV]) == economics.quote(TABLES, [NPV])


def test_a_quote_can_be_asked_again_by_its_own_record():
    first = rackrate.quote(NAME, [NPV])
    again = rackrate.quote(first.scenario, [NPV])
    assert again.quantities == first.quantities


def test_an_explanation_is_that_of_the_economics():
    assert rackrate.explain(NAME, NPV, depth=2) == economics.explain(TABLES, NPV, 2)


def test_a_solution_is_that_of_the_economics():
    asked = (NPV, 0.0, "utilisation", (0.1, 0.9))
    assert rackrate.solve(NAME, *asked) == economics.solve(TABLES, *asked)


def test_a_comparison_takes_scenarios_stated_in_any_way():
    found = rackrate.compare([NAME, TABLES, rackrate.scenario(NAME).scenario], [NPV])
    assert found.names == tuple(f"{NAME} ({letter})" for letter in "ABC")
    assert len({one.value for one in found.outputs[NPV]}) == 1


def test_a_comparison_says_which_scenario_is_wrong():
    with pytest.raises(rackrate.Problem) as caught:
        rackrate.compare([NAME, {**TABLES, "hardware": {"gpu_per_rack": 0}}])
    assert caught.value.where == "scenarios[1].hardware.gpu_per_rack"


@pytest.mark.parametrize(
    "ask",
    [
        lambda beat: rackrate.solve(NAME, NPV, 0.0, "utilisation", progress=beat),
        lambda beat: rackrate.compare([NAME, "gb200-nvl72"], [NPV], progress=beat),
    ],
    ids=["solve", "compare"],
)
def test_progress_may_stop_a_question(ask):
    def beat(done, more):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(beat)


@pytest.mark.parametrize(
    ("ask", "where"),
    [
        (lambda: rackrate.quote(NAME, [5]), "targets[0]"),
        (lambda: rackrate.quote(NAME, 5), "targets"),
        (lambda: rackrate.explain(NAME, "npv"), "target"),
        (lambda: rackrate.explain(NAME, NPV, "1"), "depth"),
        (lambda: rackrate.sensitivity(NAME, "npv"), "target"),
        (lambda: rackrate.compare(NAME), "scenarios"),
        (lambda: rackrate.scenario(NAME, "wacc_per_year"), "overrides"),
    ],
)
def test_what_is_not_what_it_should_be_is_a_problem_that_names_the_argument(ask, where):
    with pytest.raises(rackrate.Problem) as caught:
        ask()
    assert caught.value.where == where
