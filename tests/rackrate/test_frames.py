"""Results as frames and files."""

import polars
import pytest

import rackrate

USED = {"kind": "values", "field": "utilisation", "values": [0.6, 0.8]}
NPV = "npv_usd_per_rack"


@pytest.fixture(scope="module")
def table():
    return rackrate.sweep("reference-project", [USED], [NPV])


def test_a_frame_has_a_row_for_each_cell(table):
    found = rackrate.frame(table)
    assert isinstance(found, polars.DataFrame)
    assert found.to_dict(as_series=False) == {
        "utilisation": [0.6, 0.8],
        NPV: [127_711.89747347124, 1_801_359.4193143789],
        f"{NPV}_status": ["ok", "ok"],
    }


@pytest.mark.parametrize("as_given", [str, lambda path: path], ids=["str", "path"])
def test_a_file_holds_the_frame(table, tmp_path, as_given):
    path = tmp_path / "grid.parquet"
    rackrate.write(table, as_given(path))
    assert polars.read_parquet(path).equals(rackrate.frame(table))
    with pytest.raises(rackrate.FileProblem, match="--force replaces it"):
        rackrate.write(table, path)
    rackrate.write(table, path, force=True)
    assert [one.name for one in tmp_path.iterdir()] == ["grid.parquet"]


def test_a_format_that_is_not_known_is_said(table, tmp_path):
    with pytest.raises(rackrate.FileProblem, match=r"expected a name that ends in \.parquet"):
        rackrate.write(table, tmp_path / "grid.pkl")
