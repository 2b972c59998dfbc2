"""Questions as they are sent."""

import msgspec
import numpy as np
import polars
import pytest

import rackrate
from service.client import calls
from service.files.reading import FileProblem

USED = {"kind": "values", "field": "utilisation", "values": [0.5, 1.0]}


def sent(call):
    return msgspec.json.decode(call.body)


def test_what_is_not_stated_is_not_sent():
    call = calls.quote("hgx-h100")
    assert (call.method, call.path, sent(call)) == (
        "POST",
        "/v1/quotes",
        {"scenario": "hgx-h100"},
    )
    assert sent(calls.quote("hgx-h100", [])) == {"scenario": "hgx-h100", "targets": []}


def test_a_scenario_may_be_a_name_a_file_tables_or_a_record(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\n[revenue]\nutilisation = 0.5\n')
    tables = {"name": "mine", "revenue": {"utilisation": 0.5}}
    for stated in (path, str(path), tables):
        assert sent(calls.quote(stated))["scenario"] == tables
    record = rackrate.scenario(rackrate.read("hgx-h100"))
    assert sent(calls.quote(record))["scenario"]["revenue"]["utilisation"]["source"]
    assert sent(calls.quote(record.scenario))["scenario"]["accelerator"] == "hgx-h100"
    with pytest.raises(FileProblem):
        calls.quote(tmp_path / "none.toml")


@pytest.mark.parametrize("path", ["missing.toml", "missing.json", "./missing"])
def test_the_path_of_a_file_that_is_not_there_is_no_name(path):
    with pytest.raises(FileProblem, match="neither a file nor a shipped scenario"):
        calls.quote(path)


def test_columns_may_be_a_frame_or_arrays():
    wanted = {"utilisation": [0.5, 0.6], "wacc_per_year": [0.1, 0.2]}
    for columns in (wanted, polars.DataFrame(wanted), {n: np.array(v) for n, v in wanted.items()}):
        assert sent(calls.batch("hgx-h100", columns))["columns"] == wanted


def test_parts_of_a_sweep_may_be_records():
    from economics.sweeps.axes import Values
    from economics.sweeps.spec import Frontier

    asked = sent(calls.sweep("hgx-h100", [USED], ["x"], {"kind": "top", "count": 2}, "numpy"))
    assert asked["reduce"] == {"kind": "top", "count": 2}
    assert (asked["axes"], asked["backend"]) == ([USED], "numpy")
    records = sent(
        calls.sweep("hgx-h100", [Values(field="utilisation", values=(0.5,))], reduce=Frontier("f"))
    )
    assert records["axes"][0]["kind"] == "values"
    assert records["reduce"]["kind"] == "frontier"


@pytest.mark.parametrize("ask", [calls.compare, calls.quotes])
def test_many_scenarios_are_a_list(ask):
    with pytest.raises(rackrate.Problem, match="expected a list of scenarios"):
        ask("hgx-h100")
