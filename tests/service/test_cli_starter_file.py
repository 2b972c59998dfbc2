"""Starter files load and quote as they are, and name every field; the schema describes them."""

import json
import re
import tomllib

import pytest

from economics import Problem, scenario
from economics.models.registry import MODELS
from service.cli.starter_file import EXAMPLES, starter


@pytest.mark.parametrize("model", MODELS)
def test_a_starter_file_quotes(rackrate, tmp_path, model):
    path = tmp_path / "mine.toml"
    path.write_text(rackrate("schema", "--example", model).out)
    assert tomllib.loads(path.read_text()).get("model", "rack") == model
    found, example = (
        json.loads(rackrate("quote", name, "--json").out)["quantities"]
        for name in (path, EXAMPLES[model])
    )
    assert found == example


def test_a_rack_is_meant_where_no_model_is_named(rackrate):
    assert rackrate("schema", "--example").out == starter("rack")
    said = rackrate("schema", "--example", "leas")
    assert said.code == 2
    assert "--example 'leas': expected a known model" in said.one_line()
    assert "did you mean lease?" in said.err


def fields_of(text):
    """(place, table, field, the default that is told) of every line that states a field."""
    table = ""
    for at, line in enumerate(text.splitlines()):
        if line.startswith("["):
            table = line.partition("]")[0].removeprefix("[")
        elif table and line[:1].isalpha():
            stated, _, said = line.partition("  # ")
            (field, shown), *_ = tomllib.loads(stated).items()
            told = re.search(r"\[default (.+)\]$", said)
            default = tomllib.loads(f"told = {told.group(1)}")["told"] if told else shown
            none = said.endswith("[no default]") or "if not stated" in said
            yield at, table, field, None if none else default


@pytest.mark.parametrize("model", MODELS)
def test_a_field_that_is_left_out_has_the_default_that_is_told(model):
    lines, several = starter(model).splitlines(), 0
    for at, table, field, default in fields_of("\n".join(lines)):
        several += 1
        left = tomllib.loads("\n".join((*lines[:at], *lines[at + 1 :])))
        if field == "kind" and default is None:
            with pytest.raises(Problem, match=rf"{table}\.kind is not stated"):
                scenario(left)
            continue
        record = getattr(scenario(left).scenario, table)
        found = record.__struct_config__.tag if field == "kind" else getattr(record, field)
        assert found == default, (table, field)
    assert several > 2


def test_examples_are_told_from_defaults():
    told = {field: default for _, _, field, default in fields_of(starter())}
    assert told["other_cost_usd_per_rack_year"] == 0.0
    assert told["periods_per_year"] == 12
    assert told["gpu_per_rack"] is None


def test_what_holds_in_the_place_of_a_field_is_no_missing_default():
    (line,) = (line for line in starter("lease").splitlines() if "target_irr" in line)
    assert "the WACC if not stated" in line
    assert "no default" not in line


@pytest.mark.parametrize("model", MODELS)
def test_it_names_every_field_with_its_meaning(model):
    text = starter(model)
    for records in MODELS[model].tables.values():
        for record in records:
            for field in record.__struct_fields__:
                line = next(
                    line
                    for line in text.splitlines()
                    if line.removeprefix("# ").startswith(f"{field} =")
                )
                assert "  # " in line or "# " in line.partition("=")[2], line


def test_defaults_are_written_out_and_bounds_are_said():
    stated = tomllib.loads(starter())
    assert stated["finance"]["loss_limit_fraction"] == 1.0
    assert "at least 0, at most 1\n" in starter()
    assert '"end" or "mid"' in starter()


def test_the_schema_describes_every_field(rackrate):
    schema = json.loads(rackrate("schema").out)
    fields = schema["$defs"]["Hardware"]["properties"]
    assert fields["availability"]["description"]
    assert fields["availability"]["default"] == 1.0
    assert schema["$defs"]["Hardware"]["additionalProperties"] is False
