"""Defaults < catalog row < file < environment < --set."""

import pytest

import economics
from economics import Problem
from service.cli import overrides
from service.cli.overrides import flat_name, override, path_of, value_of
from service.files.reading import scenario_tables

HGX = scenario_tables("hgx-h100")
METHOD = (
    'tax_depreciation={method = "bonus", fraction = 0.4, then = {method = "macrs", recovery_years ='
    ' 5, convention = "half_year"}}'
)


def made(*settings, tables=HGX, **environment):
    return economics.scenario(override(tables, settings, environment))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.7", 0.7),
        ("1_000", 1000),
        ("true", True),
        ('"mid"', "mid"),
        ("mid", "mid"),
        ("us-owned-ai", "us-owned-ai"),
        ("", ""),
        ("[1, 2]", [1, 2]),
        ("{value = 1}", {"value": 1}),
        ("1\nother = 2", "1\nother = 2"),
        ("80%", "80%"),
    ],
)
def test_a_value_is_toml_or_else_a_text(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("utilisation", "revenue.utilisation"),
        ("pue", "facility.pue"),
        ("timing", "finance.timing"),
        ("amortisation", "finance.amortisation"),
        ("accelerator", "accelerator"),
        ("site", "facility.site"),
        ("tariff", "power.tariff"),
        ("name", "name"),
        ("facility.kind", "facility.kind"),
        ("given.it_capex_usd_per_rack", "given.it_capex_usd_per_rack"),
        ("finance.book_depreciation.life_years", "finance.book_depreciation.life_years"),
        ("book_depreciation_life_years", "finance.book_depreciation.life_years"),
        ("tax_depreciation_then_recovery_years", "finance.tax_depreciation.then.recovery_years"),
    ],
)
def test_names_lead_to_paths(name, path):
    assert ".".join(path_of(name, "--set")) == path


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("utilsation", "utilisation"),
        ("kind", "facility.kind or revenue.kind"),
        ("hardwear.gpu_per_rack", "hardware.gpu_per_rack"),
        ("it_capex_usd_per_rack", "given.it_capex_usd_per_rack"),
        ("", None),
        ("nothing.like.it", None),
        ("hardware.", None),
    ],
)
def test_unknown_names_get_near_matches(name, meant):
    with pytest.raises(
        Problem, match=f"did you mean {meant}" if meant else "expected a known field"
    ) as caught:
        path_of(name, "--set")
    assert str(caught.value).startswith(f"--set {name!r}")


def test_a_setting_stands_above_the_environment_and_that_above_the_file():
    assert made().scenario.revenue.utilisation == 0.8
    assert made(RACKRATE_UTILISATION="0.5").scenario.revenue.utilisation == 0.5
    assert made("utilisation=0.4", RACKRATE_UTILISATION="0.5").scenario.revenue.utilisation == 0.4
    assert made("utilisation=0.4", "utilisation=0.3").scenario.revenue.utilisation == 0.3


def test_the_file_stands_above_the_catalog_and_that_above_defaults():
    assert made().scenario.facility.colocation_price_usd_per_kw_month == 194.95
    assert (
        made(
            "colocation_price_usd_per_kw_month=100"
        ).scenario.facility.colocation_price_usd_per_kw_month
        == 100.0
    )
    assert made("accelerator=hgx-b200").scenario.hardware.it_load_kw_per_rack == 13.68
    assert made("tariff=us-texas").scenario.power != made().scenario.power


def test_the_file_is_left_as_it_was():
    before = repr(HGX)
    made("utilisation=0.4", "facility.kind=owned", METHOD, "given.it_capex_usd_per_rack=1e6")
    assert repr(HGX) == before


def test_other_variables_of_the_environment_are_not_fields():
    assert (
        made(RACKRATE_PORT="1", RACKRATE_NAME="x", UTILISATION="0.1", RACKRATE_PUE="").scenario
        == made().scenario
    )
    assert overrides.from_environment({"RACKRATE_PUE": "1.2"}) == [
        ("RACKRATE_PUE", ("facility", "pue"), "1.2")
    ]


def test_choices_methods_and_given_quantities_can_be_set():
    record = made(
        "timing=mid", "book_depreciation_life_years=4", METHOD, "given.cost_usd_per_rack_year=2e5"
    ).scenario
    assert record.finance.timing == "mid"
    assert record.finance.book_depreciation.life_years == 4.0
    assert record.finance.tax_depreciation.fraction == 0.4
    assert record.given == {"cost_usd_per_rack_year": 2e5}


def test_an_empty_value_takes_a_field_out():
    assert made("price_decline_per_year=0.1", "price_decline_per_year=").scenario == made().scenario
    sculpted = ("amortisation=sculpted", "target_dscr=1.3", "debt_rate_per_year=9%")
    finance = made(*sculpted, "amortisation=level", "finance.target_dscr= ").scenario.finance
    assert (finance.target_dscr, finance.debt_rate_per_year) == (None, 0.09)
    assert made("note=").scenario.note is None


def test_a_percentage_is_of_the_command_line_not_of_the_file():
    found = made("wacc_per_year=8%")
    assert found.scenario.finance.wacc_per_year == 0.08
    assert found.sources["finance.wacc_per_year"].source == "command line: --set"


ROW, PRICE = "tariff=us-california", "electricity_price_usd_per_kwh"


def test_a_row_fills_its_fields_over_those_of_the_layers_below():
    own = made(ROW).scenario.power.electricity_price_usd_per_kwh
    assert made(f"{PRICE}=0.01").scenario.power.electricity_price_usd_per_kwh == 0.01
    assert made(f"{PRICE}=0.01", ROW).scenario.power.electricity_price_usd_per_kwh == 0.01
    assert made(ROW, f"{PRICE}=0.01").scenario.power.electricity_price_usd_per_kwh == 0.01
    over = made(ROW, RACKRATE_ELECTRICITY_PRICE_USD_PER_KWH="0.01")
    assert over.scenario.power.electricity_price_usd_per_kwh == own
    assert f"power.{PRICE} (0.01)" in over.notices[0]
    under = made(f"{PRICE}=0.01", RACKRATE_TARIFF="us-california")
    assert under.scenario.power.electricity_price_usd_per_kwh == 0.01
    assert under.notices == ()


def test_a_new_kind_keeps_what_both_have_and_drops_what_it_lacks():
    tables = {
        **HGX,
        "facility": {
            "kind": "colocation",
            "site": "us-colocation",
            "pue": 1.2,
            "colocation_price_usd_per_kw_month": 1,
        },
    }
    facility = made("facility.kind=owned", "site=us-owned-ai", tables=tables).scenario.facility
    assert (facility.site, facility.pue) == ("us-owned-ai", 1.18)
    orbital = made(
        "facility.kind=orbital", "site=orbital-starlink-v2-mini", tables=tables
    ).scenario.facility
    assert orbital.site == "orbital-starlink-v2-mini"
    same = made("facility.kind=colocation", tables=tables).scenario.facility
    assert (same.site, same.colocation_price_usd_per_kw_month) == ("us-colocation", 1.0)


def test_a_new_method_drops_what_it_lacks():
    settings = (
        "finance.book_depreciation.method=macrs",
        "book_depreciation_recovery_years=5",
        "book_depreciation_convention=half_year",
    )
    assert made(*settings).scenario.finance.book_depreciation.recovery_years == 5


def test_an_unknown_kind_is_left_to_the_scenario_to_refuse():
    with pytest.raises(Problem, match=r"facility.kind = 'tent'|facility = "):
        made("facility.kind=tent")


def test_a_number_that_was_set_does_not_pass_for_the_files():
    sources = made("utilisation=0.4", METHOD, RACKRATE_PUE="1.1").sources
    assert sources["revenue.utilisation"].source == "command line: --set"
    assert sources["finance.tax_depreciation.fraction"].source == "command line: --set"
    assert sources["facility.pue"].source == "environment: RACKRATE_PUE"
    own = made('utilisation={value = 0.4, source = "our logs"}').sources
    assert own["revenue.utilisation"].source == "our logs"


def test_a_setting_needs_a_value_and_a_table_to_stand_in():
    with pytest.raises(
        Problem, match=r"--set 'utilisation': expected name=value, such as utilisation=0.7"
    ):
        made("utilisation")
    with pytest.raises(Problem, match=r"hardware = 3: expected a table"):
        made("gpu_per_rack=8", tables={"hardware": 3})


TWO = {
    "revenue": {"kind": "contract", "tranches": [{"hours_fraction": 0.5}, {"hours_fraction": 0.25}]}
}


def test_fields_of_tranches_can_be_set():
    assert path_of("backstop_fraction", "--set") == (
        "revenue",
        "tranches",
        "0",
        "backstop_fraction",
    )
    assert path_of("tranches[1].backstop_fraction", "--set") == (
        "revenue",
        "tranches",
        "1",
        "backstop_fraction",
    )
    assert path_of("revenue.tranches[1].backstop_fraction", "--set") == (
        "revenue",
        "tranches",
        "1",
        "backstop_fraction",
    )
    found = made("tranches[1].hours_fraction=0.3", "tranches[0].vacancy_years=2", tables=TWO)
    first, second = found.scenario.revenue.tranches
    assert (first.hours_fraction, first.vacancy_years, second.hours_fraction) == (0.5, 2.0, 0.3)
    assert found.sources["revenue.tranches[1].hours_fraction"].source == "command line: --set"


def test_a_field_of_a_lone_tranche_goes_by_its_own_name():
    lone = {"revenue": {"kind": "contract", "tranches": [{"hours_fraction": 0.5}]}}
    (tranche,) = made(
        "label=spot", "vacancy_years=2", tables=lone, RACKRATE_HOURS_FRACTION="0.25"
    ).scenario.revenue.tranches
    assert (tranche.label, tranche.vacancy_years, tranche.hours_fraction) == ("spot", 2.0, 0.25)


@pytest.mark.parametrize("field", ["hours_fraction", "label"])
def test_the_own_name_of_a_field_does_not_tell_which_of_several_tranches(field):
    meant = f"tranches[0].{field} or tranches[1].{field}"
    with pytest.raises(Problem) as caught:
        made(f"{field}=0.1", tables=TWO)
    assert str(caught.value) == f"--set {field!r}: expected a known field; did you mean {meant}?"
    with pytest.raises(Problem) as caught:
        made(tables=TWO, **{f"RACKRATE_{field.upper()}": "0.1"})
    assert (
        str(caught.value)
        == f"RACKRATE_{field.upper()} = '0.1': leave it out because there are several tranches:"
        f" --set takes {meant}"
    )


@pytest.mark.parametrize(
    "setting", ["tranches[2].hours_fraction=0.1", "tranches[x].hours_fraction=0.1"]
)
def test_a_tranche_that_is_not_there_cannot_be_set(setting):
    with pytest.raises(Problem, match=r"revenue\.tranches = .*: expected a place up to 1"):
        made(setting, tables=TWO)


@pytest.mark.parametrize(
    ("name", "flat"),
    [
        ("utilisation", "utilisation"),
        ("revenue.utilisation", "utilisation"),
        ("given.it_capex_usd_per_rack", "given.it_capex_usd_per_rack"),
        ("contract_price_usd_per_gpu_hour", "contract_price_usd_per_gpu_hour"),
        ("tranches[1].hours_fraction", "tranches[1].hours_fraction"),
        ("revenue.tranches[0].hours_fraction", "tranches[0].hours_fraction"),
        ("finance.tax_depreciation.then.factor", "tax_depreciation_then_factor"),
        ("program.book_depreciation.life_years", "book_depreciation_life_years"),
    ],
)
def test_paths_lead_to_the_names_by_which_fields_are_swept(name, flat):
    assert flat_name(name, "--sweep") == flat
