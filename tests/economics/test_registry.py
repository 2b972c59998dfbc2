"""All models: one dispatch, names that say their units, the same questions, errors that name the
model.
"""

import pytest
from racks import changed, reference
from sellers import BILL, BOOKS, PATHS, PROGRAM, SCENARIOS, SITE
from units import units_of

from economics import Problem, explain, quote, scenario, solve, sweep
from economics.models.assembly import CONSTANTS, is_public
from economics.models.registry import MODELS, graph, kind_of, model_of, name_of, usual_targets
from economics.scenario.fields import field_paths
from economics.scenario.inputs import Inputs
from economics.vocabulary.unit_carrier import parsed
from economics.vocabulary.units import SERIES, STRUCTURE

VARIED = {
    "lease": "rent_usd_per_year",
    "program": "spend_factor",
    "commitments": "cash_usd",
    "bill": "bill_usd_per_year",
}
OTHERS = sorted(SCENARIOS)


def test_every_model_has_a_scenario_here():
    assert set(MODELS) == {"rack", *SCENARIOS}


@pytest.mark.parametrize("name", OTHERS)
def test_a_model_is_named_by_its_scenario(name):
    record = scenario(SCENARIOS[name]).scenario
    assert (name_of(record), model_of(record), kind_of(record)) == (
        name,
        MODELS[name],
        f'model = "{name}"',
    )
    assert isinstance(record, MODELS[name].record)


def test_a_scenario_without_a_model_is_a_rack():
    record = scenario(reference()).scenario
    assert (name_of(record), kind_of(record)) == ("rack", "colocation")
    assert scenario(reference(model="rack")).scenario == record


@pytest.mark.parametrize("name", OTHERS)
def test_the_usual_targets_are_answered_and_explained(name):
    answer = quote(SCENARIOS[name])
    assert tuple(answer.quantities) == usual_targets(answer.scenario)
    assert set(answer.quantities) >= set(MODELS[name].targets)
    assert answer.scenario == quote(answer.scenario).scenario
    for target, one in answer.quantities.items():
        if target.endswith("_by_year"):
            assert explain(SCENARIOS[name], target).values == one.values
        else:
            assert explain(SCENARIOS[name], target).value == one.value


@pytest.mark.parametrize("name", sorted(VARIED))
def test_a_cell_of_a_sweep_is_the_answer(name):
    field = VARIED[name]
    base = quote(SCENARIOS[name], MODELS[name].swept).quantities
    values = [1.0, Inputs.of(scenario(SCENARIOS[name])).values[field] + 1.0]
    table = sweep(
        {
            "scenario": SCENARIOS[name],
            "axes": [{"kind": "values", "field": field, "values": [values[1] - 1.0, values[1]]}],
        }
    )
    for target in MODELS[name].swept:
        if base[target].value is not None:
            assert table.columns[target].values[0] == pytest.approx(
                base[target].value, rel=1e-12, abs=1e-9
            ), target


def test_a_field_of_another_model_is_solved_for():
    assert solve(
        BILL, "fleet_gpu", 100_000.0, "bill_price_usd_per_gpu_hour", (1.0, 10.0)
    ).roots == pytest.approx((4e9 / 8760 / 1e5,))


WRONG = [
    (
        {**BILL, "model": "bil"},
        None,
        (
            "expected a known model (rack, lease, program, commitments, bill, margin); did you mean"
            " bill?"
        ),
    ),
    (
        {**BILL, "hardware": {}},
        None,
        'hardware: expected a known field of the scenario (model = "bill")',
    ),
    (
        {"model": "bill", "bill": {"utilisation": 1}},
        None,
        'expected a known field of bill (model = "bill")',
    ),
    (SITE, "npv_usd_per_rack", 'expected a known quantity of model = "lease"; did you mean'),
    (BILL, "balance_usd_by_year[1]", 'expected a known quantity by year of model = "bill"'),
    (PATHS, "balance_usd_by_year[6]", "expected a year up to 5"),
    (
        {"model": "bill", "bill": {"bill_usd_per_year": 1.0}},
        "fleet_gpu",
        "required: bill.bill_price_usd_per_gpu_hour, needed by fleet_gpu",
    ),
    ({**BILL, "given": {"nothing": 1.0}}, None, "given.nothing"),
    (reference(), "fleet_gpu", "expected a known quantity"),
]


@pytest.mark.parametrize(("tables", "target", "said"), WRONG, ids=range(len(WRONG)))
def test_what_belongs_to_another_model_is_refused(tables, target, said):
    with pytest.raises(Problem) as caught:
        quote(tables, None if target is None else [target])
    assert said in str(caught.value)


def test_an_axis_of_another_model_is_refused():
    with pytest.raises(Problem, match=r'axes\[0\].*utilisation.*model = "bill"'):
        sweep(
            {"scenario": BILL, "axes": [{"kind": "values", "field": "utilisation", "values": [1]}]}
        )


def test_a_computed_quantity_is_given():
    assert (
        quote({**BILL, "given": {"gpu_hour_per_year": 8760.0}}, ["fleet_gpu"])
        .quantities["fleet_gpu"]
        .value
        == 1.0
    )


@pytest.mark.parametrize("model", OTHERS)
def test_every_name_says_its_unit(model):
    names = {one.name for one in MODELS[model].formulas} | set(field_paths(model)) | set(CONSTANTS)
    for name in names - {*STRUCTURE, *SERIES}:
        if not name.endswith("_search"):
            parsed(name)


@pytest.mark.parametrize("model", OTHERS)
def test_every_quantity_is_described(model):
    for one in graph(Inputs.of(scenario(SCENARIOS[model])).choices).nodes.values():
        if is_public(one.name, {one.name: one}):
            assert one.doc.strip().endswith((".", ":")) or "." in one.doc, one.name


@pytest.mark.parametrize("model", OTHERS)
def test_no_field_stands_in_two_tables(model):
    fields = [
        name
        for records in MODELS[model].tables.values()
        for record in records
        for name in record.__struct_fields__
    ]
    assert len(set(fields)) == len(fields)


@pytest.mark.parametrize("model", OTHERS)
def test_every_formula_has_the_unit_of_its_name(model):
    assert units_of(graph(Inputs.of(scenario(SCENARIOS[model])).choices), model) >= 5


@pytest.mark.parametrize(
    "finance", [{"timing": "mid", "loss_treatment": "carry_forward"}, {"amortisation": "bullet"}]
)
def test_every_choice_of_a_lease_has_the_units_of_its_names(finance):
    choices = {
        **Inputs.of(scenario(SITE)).choices,
        **finance,
        "book_depreciation": "method",
        "tax_depreciation": "method",
    }
    assert units_of(graph(choices), "lease") > 60


def test_usual_targets_follow_what_is_sold():
    assert usual_targets(scenario(BILL).scenario) == MODELS["bill"].targets
    assert usual_targets(scenario(reference()).scenario) == MODELS["rack"].targets
    sold = scenario(
        {**reference(), "revenue": {"kind": "subscription", "utilisation": 0.5}}
    ).scenario
    assert set(usual_targets(sold)) > {*MODELS["rack"].targets, "margin_usd_per_user_month"}


IF_STATED = [
    (BILL, "bill", {"owner_cost_usd_per_gpu_hour": 1.0}),
    (BILL, "bill", {"stated_list_bill_usd_per_year": 6e9}),
    (PROGRAM, "program", {"compared_depreciation": BOOKS}),
    (PROGRAM, "program", {"target_margin_fraction": 0.0}),
    (PATHS, "commitments", {"revenue_usd_per_month": [1.0] * 12}),
    (reference(), "operations", {"delay_years": 1}),
]


@pytest.mark.parametrize(("tables", "table", "fields"), IF_STATED)
def test_usual_targets_follow_what_is_stated(tables, table, fields):
    (field, value), *_ = fields.items()
    without, with_ = (changed(tables, **{table: {field: one}}) for one in (None, value))
    answered = MODELS[name_of(scenario(tables).scenario)].if_stated[field]
    assert not set(answered) & set(quote(without).quantities)
    assert set(answered) <= set(quote(with_).quantities)
