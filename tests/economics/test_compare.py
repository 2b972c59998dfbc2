"""Comparisons: what differs, the answers of quotes, bridges whose steps sum to the difference and
land on the other scenario.
"""

from math import fsum

import pytest
from hypothesis import assume, given
from laws import examples
from racks import changed, reference
from strategies import scenarios

from economics import NoAnswer, Problem, compare, quote
from service.files.reading import scenario_tables

NPV = "npv_usd_per_rack"
CHEAPER = changed(
    reference(),
    revenue={"rental_price_usd_per_gpu_hour": 3.0, "utilisation": 0.8},
    hardware={"gpu_per_rack": 64},
)


def test_inputs_that_differ_with_units_and_answers_side_by_side():
    found = compare([reference(), CHEAPER], ["npv_usd_per_rack", "min_dscr"])
    assert [(one.path, one.unit, one.values) for one in found.inputs] == [
        ("hardware.gpu_per_rack", "gpu/rack", (72, 64)),
        ("revenue.rental_price_usd_per_gpu_hour", "usd/(gpu hour)", (3.5, 3.0)),
        ("revenue.utilisation", "1", (0.7, 0.8)),
    ]
    for at, tables in enumerate((reference(), CHEAPER)):
        alone = quote(tables, ["npv_usd_per_rack", "min_dscr"])
        assert {name: answers[at] for name, answers in found.outputs.items()} == alone.quantities
        assert found.bases[at].scenario == alone.scenario
    assert [one.status for one in found.outputs["min_dscr"]] == ["no_debt", "no_debt"]


def test_a_bridge_walks_the_inputs_as_listed_and_depends_on_their_order():
    (bridge,) = compare([reference(), CHEAPER], [NPV]).bridges
    assert [one.fields for one in bridge.changes] == [
        (one.path,) for one in compare([reference(), CHEAPER], [NPV]).inputs
    ]
    walked = reference(hardware={"gpu_per_rack": 64})
    assert bridge.changes[0].after == quote(walked, [NPV]).quantities[NPV].value
    walked = changed(walked, revenue={"rental_price_usd_per_gpu_hour": 3.0})
    assert bridge.changes[1].after == quote(walked, [NPV]).quantities[NPV].value
    assert bridge.changes[-1].after == bridge.at_end == quote(CHEAPER, [NPV]).quantities[NPV].value
    assert "order" in bridge.note
    (back,) = compare([CHEAPER, reference()], [NPV]).bridges
    assert back.changes[0].change != -bridge.changes[0].change


@examples(25)
@given(scenarios(), scenarios())
def test_the_steps_of_any_bridge_sum_to_the_difference(a, b):
    for target in (NPV, "cost_usd_per_gpu_hour"):
        try:
            found = compare([a, b], [target])
        except (Problem, NoAnswer):
            assume(False)
        (bridge,) = found.bridges
        if bridge.status == "ok":
            scale = max(
                abs(bridge.at_start),
                abs(bridge.at_end),
                *(abs(one.after) for one in bridge.changes),
                1e-300,
            )
            assert (
                abs(fsum(one.change for one in bridge.changes) - (bridge.at_end - bridge.at_start))
                <= 1e-9 * scale
            )
            assert abs(bridge.sum_error) <= 1e-9 * scale
            steps = [path for one in bridge.changes for path in one.fields]
            assert sorted(steps) == sorted(one.path for one in found.inputs)
        else:
            assert bridge.changes == ()


PAIRS = [
    *(
        ("hgx-h100", "suncatcher"),
        ("suncatcher", "nvl72-neocloud"),
        ("reference-project", "nvl72-neocloud"),
    ),
    *(
        ("oracle-abilene", "o1-tokens"),
        ("copilot-idle", "reference-contract"),
        ("crusoe-abilene", "qts-lease"),
    ),
]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_kinds_and_methods_are_steps_too(a, b):
    found = compare([scenario_tables(a), scenario_tables(b)])
    (bridge,) = found.bridges
    assert bridge.status == "ok"
    assert abs(bridge.sum_error) <= 1e-9 * abs(bridge.at_end - bridge.at_start)
    firsts = [one.fields[0] for one in bridge.changes]
    picked = {
        one.path
        for one in found.inputs
        if one.path.endswith((".kind", ".method")) and None not in one.values
    }
    assert picked <= set(firsts)


def test_fields_that_need_each_other_change_together():
    debt = {
        "debt_fraction": 0.5,
        "debt_rate_per_year": 0.08,
        "amortisation": "sculpted",
        "target_dscr": 1.3,
    }
    indebted = changed(reference(), finance=debt)
    (bridge,) = compare([reference(), indebted], bridge="equity_npv_usd_per_rack").bridges
    assert [one.fields for one in bridge.changes] == [
        ("finance.debt_fraction", "finance.debt_rate_per_year"),
        ("finance.amortisation", "finance.target_dscr"),
    ]


def test_a_target_without_a_value_has_no_bridge_and_gaps_on_the_way_are_passed():
    dear = changed(reference(), revenue={"rental_price_usd_per_gpu_hour": 0.5})
    (bridge,) = compare([reference(), dear], bridge="breakeven_utilisation").bridges
    assert (bridge.status, bridge.at_end, bridge.changes, bridge.sum_error) == (
        "no_value",
        None,
        (),
        None,
    )
    cheap = changed(
        dear,
        hardware={"server_price_usd_per_rack": 4e5},
        operations={"other_cost_usd_per_rack_year": 0},
    )
    dearer_first = changed(
        reference(), hardware={"gpu_per_rack": 8}, revenue={"rental_price_usd_per_gpu_hour": 40.0}
    )
    (bridge,) = compare([reference(), dearer_first], bridge="breakeven_utilisation").bridges
    assert [one.fields for one in bridge.changes] == [
        ("hardware.gpu_per_rack", "revenue.rental_price_usd_per_gpu_hour")
    ]
    assert compare([reference(), cheap], bridge="breakeven_utilisation").bridges[0].status == "ok"


def test_several_scenarios_are_bridged_from_the_first():
    found = compare(
        [{**reference(), "name": "a"}, {**CHEAPER, "name": "b"}, {**reference(), "name": "b"}]
    )
    assert found.names == ("a", "b (B)", "b (C)")
    assert [(one.start, one.end) for one in found.bridges] == [("a", "b (B)"), ("a", "b (C)")]
    assert found.bridges[1].changes == ()
    assert found.bridges[1].sum_error == 0.0
    assert compare([reference()] * 2).names == ("A", "B")


@pytest.mark.parametrize(
    ("scenarios", "how", "said"),
    [
        ([reference()], {}, "scenarios = 1: expected 2 to 16"),
        (
            [reference(), reference(finance={"tax_rate": 2.0})],
            {},
            r"scenarios\[1\].finance.tax_rate = 2.0",
        ),
        (
            [reference(), reference(revenue={"utilisation": None})],
            {"targets": ["npv_usd_per_rack"]},
            r"scenarios\[1\].revenue.utilisation is not stated",
        ),
        (
            [reference()] * 2,
            {"bridge": "revenue_usd_per_rack_by_year"},
            "bridge = 'revenue_usd_per_rack_by_year': expected one number",
        ),
        (
            [reference()] * 2,
            {"targets": ["npv"]},
            r"targets = 'npv': expected a known quantity; asked of scenarios\[0\]$",
        ),
        ([reference()] * 2, {"targets": "npv_usd_per_rack"}, "expected a list of names"),
        (
            [reference()] * 2,
            {"bridge": "npv_usd"},
            "bridge = 'npv_usd': expected a known quantity; did you mean npv_usd_per_rack",
        ),
        (
            [scenario_tables("o1-tokens"), reference()],
            {"targets": ["cost_usd_per_mtok"]},
            r"cost_usd_per_mtok': .*asked of scenarios\[1\]",
        ),
        ([reference(), 5], {}, r"^scenarios\[1\] = 5: expected tables"),
    ],
)
def test_what_cannot_be_compared_is_refused(scenarios, how, said):
    with pytest.raises(Problem, match=said):
        compare(scenarios, **how)


def test_the_usual_targets_are_those_that_all_have():
    names = ("oracle-abilene", "o1-tokens", "suncatcher")
    found = compare([scenario_tables(name) for name in names])
    own = [set(quote(scenario_tables(name)).quantities) for name in names]
    assert set(found.outputs) == set.intersection(*own)
    assert set(found.outputs) < min(own, key=len)


def test_without_a_target_of_one_number_there_is_no_bridge():
    tables = scenario_tables("hyperscaler-vintages")
    found = compare(
        [tables, changed(tables, program={"spend_factor": 2.0})], ["book_value_usd_by_year"]
    )
    assert (len(found.outputs), found.bridges) == (1, ())
    assert [one.path for one in found.inputs] == ["program.spend_factor"]


def test_who_watches_may_stop_it():
    def stop(done, more):
        if done > 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        compare([reference(), CHEAPER], progress=stop)


def test_renting_against_buying():
    """Rent that is not paid is the revenue of the owner: before tax, the NPV is the rent's present
    value less the owner's cost.
    """
    path = [3.5, 3.0, 2.5, 2.0, 1.5]
    buy = changed(
        reference(),
        revenue={"price_path_usd_per_gpu_hour": path, "rental_price_usd_per_gpu_hour": None},
    )
    answers = quote(
        buy,
        [
            NPV,
            "revenue_usd_per_rack_by_year",
            "ebitda_usd_per_rack_by_year",
            "it_capex_usd_per_rack",
        ],
    ).quantities
    rent, ebitda = (
        answers[f"{line}_usd_per_rack_by_year"].values for line in ("revenue", "ebitda")
    )
    assert rent == pytest.approx([72 * 8760 * 0.7 * price for price in path])
    running = [price - flow for price, flow in zip(rent, ebitda, strict=True)]
    paid = answers["it_capex_usd_per_rack"].value + sum(
        cost / 1.1 ** (k + 1) for k, cost in enumerate(running)
    )
    rented = sum(price / 1.1 ** (k + 1) for k, price in enumerate(rent))
    assert answers[NPV].value == pytest.approx(rented - paid, rel=1e-9)


def test_scenarios_of_other_models_are_bridged_and_models_not_mixed():
    terms = {"build_capex_usd": 15e9, "rent_usd_per_year": 1e9, "lease_term_years": 15}
    lease = {"model": "lease", "lease": terms, "finance": {"wacc_per_year": 0.08}}
    other = changed(lease, lease={"rent_usd_per_year": 2e9})
    (bridge,) = compare([lease, other]).bridges
    assert [one.fields for one in bridge.changes] == [("lease.rent_usd_per_year",)]
    assert bridge.target == "npv_usd"
    with pytest.raises(Problem, match="scenarios of one model"):
        compare([lease, reference()])


def test_contracts_are_bridged_term_by_term():
    tranche = {
        "hours_fraction": 0.5,
        "contract_price_usd_per_gpu_hour": 3.0,
        "contract_term_years": 3,
    }
    one = changed(reference(), revenue={"kind": "contract", "tranches": [tranche]})
    other = changed(
        one,
        revenue={
            "tranches": [
                {**tranche, "contract_price_usd_per_gpu_hour": 2.0, "contract_term_years": 5}
            ]
        },
    )
    found = compare([one, other])
    assert [
        (change.fields, one.unit)
        for change, one in zip(found.bridges[0].changes, found.inputs, strict=True)
    ] == [
        (("revenue.tranches[0].contract_price_usd_per_gpu_hour",), "usd/(gpu hour)"),
        (("revenue.tranches[0].contract_term_years",), "years"),
    ]
    back = compare([one, reference()]).bridges[0]
    assert back.changes[0].fields[0] == "revenue.kind"
    assert abs(back.sum_error) <= 1e-9 * abs(back.at_end - back.at_start)


def test_given_quantities_of_tranches_are_steps_of_their_own():
    tranche = {"hours_fraction": 0.5, "contract_price_usd_per_gpu_hour": 3.0}
    one = changed(
        reference(),
        revenue={"kind": "contract", "tranches": [tranche, {**tranche, "hours_fraction": 0.2}]},
    )
    other = {
        **changed(one, revenue={"utilisation": 0.4}),
        "given": {"tranches[0].contract_gpu_hour_per_rack_year": 1e5},
    }
    (bridge,) = compare([one, other], [NPV]).bridges
    assert [one.fields for one in bridge.changes] == [
        ("given.tranches[0].contract_gpu_hour_per_rack_year",),
        ("revenue.utilisation",),
    ]
