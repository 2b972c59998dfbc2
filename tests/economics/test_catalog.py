"""Rows of sourced figures."""

import pytest

from economics import Problem
from economics.scenario import catalog
from economics.scenario.catalog import ROWS
from economics.scenario.fields import field_paths
from economics.vocabulary.problems import UnknownProblem

TABLE_OF = {kind: table for table, _, kind in ROWS}


@pytest.mark.parametrize("kind", catalog.KINDS)
def test_every_figure_has_a_source_and_a_date_and_fills_a_field(kind):
    table = TABLE_OF[kind]
    assert catalog.rows(kind)
    for name, row in catalog.rows(kind).items():
        assert row["description"], name
        for field, figure in row[table].items():
            if field == "kind":
                continue
            assert field_paths()[field] == f"{table}.{field}", name
            assert figure["source"], f"{name}.{field}"
            assert figure["as_of"], f"{name}.{field}"
            assert figure["value"] >= 0, f"{name}.{field}"


def test_a_row():
    assert catalog.row("accelerators", "gb200-nvl72")["hardware"]["gpu_per_rack"]["value"] == 72


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("accelerators", "gb200-nvl7", "did you mean gb200-nvl72"),
        ("accelerators", None, "a known row of accelerators"),
        ("accelerators", ["gb200-nvl72"], "a known row of accelerators"),
        ("boats", "ferry", "kind of row: accelerators, facilities, electricity"),
    ],
)
def test_an_unknown_row_is_refused(kind, name, expected):
    with pytest.raises(UnknownProblem) as caught:
        catalog.row(kind, name)
    assert isinstance(caught.value, Problem)
    assert caught.value.where == "catalog"
    assert expected in caught.value.expected
