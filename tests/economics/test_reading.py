"""A scenario's tables are checked: every error says where, what was found and what was expected."""

from datetime import date

import pytest
from racks import changed, reference, small

from economics import Problem, Scenario, quote, scenario
from economics.scenario.reading import Source, plain_scenario
from economics.vocabulary.problems import UnknownProblem
from service.files.reading import scenario_tables, shipped_names

INF, NAN = float("inf"), float("nan")


def refused(tables):
    with pytest.raises(Problem) as caught:
        scenario(tables)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).startswith(caught.value.where)
    return caught.value


@pytest.mark.parametrize(
    ("changes", "where", "value", "expected"),
    [
        ({"finance": {"tax_rate": "high"}}, "finance.tax_rate", "high", "a number"),
        ({"finance": {"tax_rate": True}}, "finance.tax_rate", True, "a number"),
        ({"finance": {"tax_rate": 1.2}}, "finance.tax_rate", 1.2, "<= 1.0"),
        ({"finance": {"tax_rate": -0.1}}, "finance.tax_rate", -0.1, ">= 0.0"),
        ({"finance": {"wacc_per_year": -1.0}}, "finance.wacc_per_year", -1.0, "> -1.0"),
        ({"finance": {"wacc_per_year": NAN}}, "finance.wacc_per_year", NAN, "a finite number"),
        ({"finance": {"wacc_per_year": INF}}, "finance.wacc_per_year", INF, "a finite number"),
        ({"finance": {"wacc_per_year": -INF}}, "finance.wacc_per_year", -INF, "a finite number"),
        ({"finance": {"periods_per_year": 2}}, "finance.periods_per_year", 2, "1 or 4 or 12"),
        ({"finance": {"timing": "middle"}}, "finance.timing", "middle", "'end' or 'mid'"),
        (
            {"finance": {"loss_treatment": "forget"}},
            "finance.loss_treatment",
            "forget",
            "'carry_forward' or 'refund'",
        ),
        (
            {"finance": {"debt_fraction": 0.5}},
            "finance.debt_rate_per_year",
            None,
            "a rate, because there is debt",
        ),
        (
            {"finance": {"target_dscr": 1.2}},
            "finance.target_dscr",
            1.2,
            'unless amortisation = "sculpted"',
        ),
        (
            {"finance": {"amortisation": "sculpted", "debt_rate_per_year": 0.1}},
            "finance.target_dscr",
            None,
            'amortisation = "sculpted"',
        ),
        (
            {"finance": {"amortisation": "sculpted", "target_dscr": 1.2}},
            "finance.debt_rate_per_year",
            None,
            'amortisation = "sculpted"',
        ),
        ({"hardware": {"gpu_per_rack": 7.5}}, "hardware.gpu_per_rack", 7.5, "a whole number"),
        ({"hardware": {"gpu_per_rack": 0}}, "hardware.gpu_per_rack", 0, ">= 1"),
        ({"hardware": {"economic_life_years": 0}}, "hardware.economic_life_years", 0, ">= 0.01"),
        ({"hardware": {"it_load_kw_per_rack": -1}}, "hardware.it_load_kw_per_rack", -1, ">= 0.0"),
        (
            {"hardware": {"it_load_kw_per_rack": 10**30}},
            "hardware.it_load_kw_per_rack",
            10**30,
            "at most 1e18",
        ),
        (
            {"hardware": {"it_load_kw_per_rack": 1e300}},
            "hardware.it_load_kw_per_rack",
            1e300,
            "<= ",
        ),
        ({"facility": {"pue": 0.9}}, "facility.pue", 0.9, ">= 1.0"),
        (
            {"facility": {"kind": "cave"}},
            "facility.kind",
            "cave",
            "'colocation' or 'owned' or 'orbital'",
        ),
        (
            {"facility": {"pue": 1.2, "kind": None}},
            "facility.kind",
            None,
            "'colocation' or 'owned' or 'orbital'",
        ),
        (
            {"operations": {"revenue_overhead_fraction": 1.0}},
            "operations.revenue_overhead_fraction",
            1.0,
            "< 1.0",
        ),
        (
            {"revenue": {"price_decline_per_year": 1.5}},
            "revenue.price_decline_per_year",
            1.5,
            "<= 1.0",
        ),
        (
            {"revenue": {"price_decline_per_year": -1.0}},
            "revenue.price_decline_per_year",
            -1.0,
            "> -1.0",
        ),
        (
            {"revenue": {"price_path_usd_per_gpu_hour": [1.0, NAN]}},
            "revenue.price_path_usd_per_gpu_hour[1]",
            NAN,
            "a finite number",
        ),
        (
            {"revenue": {"price_path_usd_per_gpu_hour": [1.0, -0.5]}},
            "revenue.price_path_usd_per_gpu_hour[1]",
            -0.5,
            ">= 0.0",
        ),
        (
            {"revenue": {"price_path_usd_per_gpu_hour": [0.0, 0.0]}},
            "revenue.price_path_usd_per_gpu_hour",
            (0.0, 0.0),
            "a price above 0",
        ),
        (
            {"revenue": {"price_path_usd_per_gpu_hour": [1.0], "price_decline_per_year": 0.1}},
            "revenue.price_decline_per_year",
            0.1,
            "because price_path_usd_per_gpu_hour",
        ),
        ({"revenue": {"kind": "lottery"}}, "revenue.kind", "lottery", "expected 'rental'"),
        (
            {"given": {"it_capex_usd_per_rack": "much"}},
            "given.it_capex_usd_per_rack",
            "much",
            "a number",
        ),
        ({"model": "bakery"}, "model", "bakery", "expected a known model (rack, "),
    ],
)
def test_a_wrong_value_says_where_and_what_was_expected(changes, where, value, expected):
    problem = refused(reference(**changes))
    assert problem.where == where
    if value is not None:
        assert problem.value == value or (value != value and problem.value != problem.value)
    assert expected in str(problem)


@pytest.mark.parametrize(
    ("method", "where", "value", "expected"),
    [
        ({"method": "macrs", "recovery_years": 4}, "recovery_years", 4, "3 or 5 or 7 or 15"),
        ({"method": "macrs"}, "recovery_years", None, "3 or 5 or 7 or 15"),
        ({"method": "straight_line"}, "life_years", None, "a value"),
        ({"method": "custom", "schedule": [0.5, 1.5]}, "schedule[1]", 1.5, "<= 1.0"),
        (
            {"method": "custom", "schedule": [0.9, 0.9]},
            "schedule",
            [0.9, 0.9],
            "fractions that sum to at most 1",
        ),
        ({"method": "custom", "schedule": []}, "schedule", [], "length >= 1"),
        ({"method": "guess"}, "method", "guess", "'straight_line' or 'sum_of_years' or "),
        ({"life_years": 5}, "method", None, "'straight_line' or 'sum_of_years' or "),
        ({"method": "straight_line", "life_years": 0}, "life_years", 0, ">= 0.01"),
        (
            {"method": "straight_line", "life_years": 5, "salvage": 0.1},
            "salvage",
            0.1,
            "a known field",
        ),
        (
            {"method": "bonus", "fraction": 0.5, "then": {"method": "bonus"}},
            "then.method",
            "bonus",
            "'macrs' or 'custom'",
        ),
    ],
)
def test_a_wrong_depreciation_method(method, where, value, expected):
    problem = refused(reference(finance={"tax_depreciation": method}))
    assert (problem.where, problem.value) == (f"finance.tax_depreciation.{where}", value)
    assert expected in problem.expected


@pytest.mark.parametrize(
    ("changes", "where", "near"),
    [
        (
            {"hardware": {"economic_life_year": 5}},
            "hardware.economic_life_year",
            "economic_life_years",
        ),
        ({"facility": {"pui": 1.2}}, "facility.pui", "pue"),
        (
            {"facility": {"facility_capex_usd_per_kw": 1.0}},
            "facility.facility_capex_usd_per_kw",
            "",
        ),
        ({"finance": {"wacc": 0.1}}, "finance.wacc", ""),
        ({"hardwear": {}}, "hardwear", "hardware"),
        ({"accelerator": "gb200-nvl7"}, "accelerator", "gb200-nvl72"),
        ({"facility": {"site": "us-colo"}}, "facility.site", "us-colocation"),
        ({"power": {"tariff": "us-teksas"}}, "power.tariff", "us-texas"),
        (
            {"power": {"electricity_price_usd_per_kwh": {"value": 0.1, "sauce": "bill"}}},
            "power.electricity_price_usd_per_kwh.sauce",
            "",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_near_ones(changes, where, near):
    problem = refused(reference(**changes))
    assert isinstance(problem, UnknownProblem)
    assert problem.where == where
    assert f"did you mean {near}" in problem.expected if near else problem.expected


@pytest.mark.parametrize("tables", [[], "reference-project", None, 3])
def test_a_scenario_is_tables(tables):
    assert refused(tables).where == "scenario"


def test_a_table_is_a_table():
    problem = refused(reference() | {"hardware": 5})
    assert (problem.where, problem.value) == ("hardware", 5)


def test_a_number_may_carry_its_source():
    pue = {"value": 1.3, "source": "a survey", "as_of": "2025", "note": "average"}
    sourced = scenario(reference(facility={"pue": pue}))
    assert sourced.scenario.facility.pue == 1.3
    assert sourced.sources["facility.pue"].source == "a survey"
    assert sourced.sources["facility.pue"].note == "average"


def test_a_scenario_s_own_source_stands_for_its_numbers():
    sourced = scenario(
        reference(
            source="the owner",
            as_of="2025-11",
            facility={"pue": {"value": 1.3, "source": "a survey"}},
        )
    )
    assert sourced.sources["hardware.gpu_per_rack"].source == "the owner"
    assert sourced.sources["hardware.gpu_per_rack"].as_of == "2025-11"
    assert sourced.sources["facility.pue"].source == "a survey"


def test_catalog_rows_fill_what_is_left_out():
    tables = reference(
        accelerator="gb200-nvl72",
        hardware={"it_load_kw_per_rack": None},
        power={"tariff": "us-texas"},
    )
    sourced = scenario(tables)
    assert sourced.scenario.hardware.it_load_kw_per_rack == 134.64
    assert sourced.sources["hardware.it_load_kw_per_rack"].source.startswith("SemiAnalysis")
    assert (
        sourced.scenario.hardware.server_price_usd_per_rack == 4e6
    )  # what the scenario states stands
    assert sourced.scenario.power.electricity_price_usd_per_kwh == 0.08
    assert "hardware.server_price_usd_per_rack" not in sourced.sources


def test_a_site_brings_its_kind():
    tables = reference()
    tables["facility"] = {"site": "us-owned"}
    assert scenario(tables).scenario.facility.__struct_config__.tag == "owned"
    tables["facility"]["kind"] = "colocation"
    problem = refused(tables)
    assert problem.where == "facility.kind"
    assert "owned, the kind of us-owned" in problem.expected


def test_a_checked_scenario_checks_again_to_itself():
    sourced = scenario(
        reference(finance={"tax_depreciation": {"method": "macrs", "recovery_years": 5}})
    )
    assert scenario(sourced) is sourced
    assert isinstance(sourced.scenario, Scenario)
    assert scenario(sourced.scenario).scenario == sourced.scenario


def test_tables_are_left_as_they_were():
    tables = reference(accelerator="gb200-nvl72")
    before = changed(tables)
    scenario(tables)
    assert tables == before


def test_every_field_has_its_off_value():
    """Only what section 3 marks as required must be stated."""
    record = scenario({}).scenario
    assert record.finance.periods_per_year == 12
    assert record.finance.timing == "end"
    assert record.hardware.idle_load_fraction == 1.0
    assert record.facility.provision_factor == 1.0
    assert record.finance.loss_limit_fraction == 1.0
    assert record.finance.basis_at_disposal == "written_off"


def test_dates_of_toml_are_text():
    from datetime import date

    assert scenario(small(as_of=date(2025, 11, 21), source="x")).scenario.as_of == "2025-11-21"


def test_what_is_quoted_back_is_short():
    problem = refused(reference(finance={"tax_rate": "x" * 500}))
    assert len(str(problem)) < 200
    assert quote(reference(), ["pue"]).quantities["pue"].value == 1.25


def test_a_value_with_a_source_is_no_other_such_value():
    with pytest.raises(Problem, match=r"finance\.wacc_per_year = .* expected a number") as caught:
        scenario(reference(finance={"wacc_per_year": {"value": {"value": 0.1}, "source": "x"}}))
    assert caught.value.where == "finance.wacc_per_year"


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_tables_of_a_decoder_are_read_at_once_or_not_at_all(name):
    tables = scenario_tables(name)
    found = plain_scenario(tables)
    assert found is None or found == scenario(tables)


@pytest.mark.parametrize(
    ("changes", "at_once"),
    [
        ({}, True),
        ({"revenue": {"kind": None}}, True),
        ({"hardware": {"gpu_per_rack": 8.5}}, False),
        ({"revenue": {"utilisation": "70%"}}, False),
        ({"revenue": {"utilisation": {"value": 0.7, "source": "me"}}}, False),
        ({"revenue": {"utilisation": 7}}, False),
        ({"revenue": {"used": 1}}, False),
        ({"revenue": 5}, False),
        ({"power": {"tariff": "us-california"}}, False),
        ({"accelerator": "gb200-nvl72"}, False),
        ({"source": "me"}, False),
        ({"given": {"it_capex_usd_per_rack": 5e6}}, True),
        ({"given": {"value": 5}}, False),
        ({"model": ["rack"]}, False),
        ({"model": "racks"}, False),
    ],
)
def test_what_is_more_than_plain_is_left_to_be_read(changes, at_once):
    tables = reference(**changes)
    found = plain_scenario(tables)
    assert (found is not None) == at_once
    if found:
        assert found == scenario(tables)


def test_a_null_is_not_stated():
    tables = reference()
    with_null = {**tables, "operations": {**tables["operations"], "job_gpu": None}}
    found = plain_scenario(with_null)
    assert found.scenario == scenario(tables).scenario
    assert found.stated == scenario(tables).stated


def test_plain_tables_are_checked_too():
    with pytest.raises(Problem, match=r"finance.debt_rate_per_year"):
        plain_scenario(reference(finance={"debt_fraction": 0.5}))


def test_what_is_made_of_a_scenario_is_made_once():
    made, sourced = [], scenario(reference())
    for _ in range(2):
        assert sourced.kept(made.append) is None
    assert made == [sourced]


@pytest.mark.parametrize(
    ("key", "value"), [("source", 5), ("source", ["x"]), ("as_of", {"a": 1}), ("note", 3.5)]
)
def test_what_is_said_of_a_number_is_a_text(key, value):
    problem = refused(reference(finance={"tax_rate": {"value": 0.2, key: value}}))
    assert (problem.where, problem.value) == (f"finance.tax_rate.{key}", value)
    assert problem.expected == "a text or a date"


def test_a_date_of_a_file_is_said_as_it_is_written():
    tables = reference(finance={"tax_rate": {"value": 0.2, "as_of": date(2026, 11, 30)}})
    assert scenario(tables).sources["finance.tax_rate"] == Source("not stated", "2026-11-30")
