"""The cash flow as it is printed: what a reader adds up, column by column, comes to the totals."""

import re
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from laws import examples
from racks import reference
from strategies import late, renewed, scenarios

import economics
from economics import Quantity
from economics.questions.quote import quote_stated
from economics.questions.ready_made import READY, ready
from service.cli import display, statement
from service.files.reading import scenario_tables, shipped_names

SHIPPED = [
    name
    for name in shipped_names("scenarios")
    if scenario_tables(name).get("model", "rack") in READY["cashflow"]
]
LINE = re.compile(r"(?P<label> *(?:= )?[a-z][a-z ]*[a-z]) *(?P<figure>-?[\d,.]*)")


def columns(lines):
    """The labels of a printed table, and its figures by year."""
    head, *rows = lines
    ends = [one.end() for one in re.finditer(r"\d+", head)]
    firsts = [LINE.fullmatch(row[: ends[0]].ljust(ends[0]).rstrip()) for row in rows]
    years = {head[: ends[0]].split()[-1]: [one["figure"] for one in firsts]}
    for start, end in pairwise(ends):
        years[head[start:end].strip()] = [row[start:end].strip() for row in rows]
    return [one["label"] for one in firsts], years


def check(lines):
    """Whether each total that is printed is the sum of the lines above it that stand one step
    further in.
    """
    labels, years = columns(lines)
    assert [label for label in labels if "= " in label]
    for year, figures in years.items():
        open_sums: dict[int, int] = {}
        for label, figure in zip(labels, figures, strict=True):
            depth = (len(label) - len(label.lstrip())) // len(statement.INDENT)
            value = round(100 * float(figure.replace(",", ""))) if figure else 0
            if label.lstrip().startswith("= "):
                assert open_sums.pop(depth + 1, 0) == value, (year, label)
            open_sums[depth] = open_sums.get(depth, 0) + value


def shown(tables, capsys):
    """The printed tables of a scenario's cash flow, as lines."""
    sourced = economics.scenario(tables)
    answer = quote_stated(sourced, ready("cashflow", sourced.scenario))
    names = {*answer.sums, *(line for lines in answer.sums.values() for line in lines)}
    lines = {name: one for name, one in answer.quantities.items() if name in names}
    capsys.readouterr()
    display.show(*(part for one in statement.table(lines, answer.sums) for part in (one, "")))
    return [part.splitlines() for part in capsys.readouterr().out.split("\n\n") if part.strip()]


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("more", [(), ("tax_rate=0.2", "loss_treatment=refund")])
def test_every_printed_column_of_what_is_shipped_adds_up(rackrate, name, more):
    if more and scenario_tables(name).get("model") == "commitments":
        return
    said = rackrate("cashflow", name, *(word for one in more for word in ("--set", one)))
    assert (said.code, said.err) == (0, "")
    check(said.out.split("\n\n")[1].splitlines())
    assert f"note: {statement.NOTE}" in said.out


@pytest.mark.parametrize("wide", [1000, 80])
def test_every_printed_column_of_any_rack_adds_up(wide, capsys, monkeypatch):
    monkeypatch.setattr(display, "OFF_TERMINAL_COLUMNS", wide)

    @examples(40)
    @given(late(renewed(scenarios(whole_years=False))))
    def law(tables):
        for lines in shown(tables, capsys):
            assert max(map(len, lines)) <= wide
            check(lines)

    law()


def test_levered_and_unlevered_are_called_so(rackrate):
    said = rackrate("cashflow", "oracle-abilene").out
    assert "\n  unlevered tax " in said
    assert "\n  levered tax " in said
    assert "\nlevered taxable income " in said
    assert not re.search(r"\n *tax  ", said)
    alone = rackrate("quote", "oracle-abilene", "--target", "tax_usd_per_rack_by_year").out
    assert "\ntax  " in alone


def test_small_figures_have_hundredths(capsys):
    ((_, *rows),) = shown(
        reference(
            hardware={
                "server_price_usd_per_rack": 500,
                "it_load_kw_per_rack": 0,
                "gpu_per_rack": 1,
            },
            operations={"other_cost_usd_per_rack_year": 1},
            revenue={"rental_price_usd_per_gpu_hour": 0.01},
        ),
        capsys,
    )
    assert rows[0].split()[:3] == ["capital", "-500.00", "0.00"]


def by_year(**series):
    return {
        name: Quantity(
            values=values, index=tuple(range(len(values))), unit="usd", status="ok", description=""
        )
        for name, values in series.items()
    }


def test_lines_are_rounded_to_the_total():
    """1.4 + 1.4 + 1.4 = 4.2: two of them are 1, one is 2; what is 0 stays."""
    sums = {"all": {"a": 1.0, "b": 1.0, "c": 1.0, "none": 1.0}}
    values = {"a": 1.4, "b": 1.4, "c": 1.45, "none": 0.0, "all": 4.25}
    assert statement.rounded(values, sums, 1) == {"a": 1, "b": 1, "c": 2, "none": 0, "all": 4}
    assert statement.rounded(values, sums, 100)["c"] == 145
    less = {"left": {"sale": 1.0, "cost": -1.0}}
    found = statement.rounded({"sale": 10.4, "cost": 3.6, "left": 6.8}, less, 1)
    assert found == {"sale": 11, "cost": 4, "left": 7}


def test_what_has_no_number_is_left_out(capsys):
    quantities = by_year(sale_usd=(1.0, None), cost_usd=(2.0, 3.0), left_usd=(-1.0, None))
    sums = {"left_usd": {"sale_usd": 1.0, "cost_usd": -1.0}}
    display.show(*statement.table(quantities, sums))
    assert capsys.readouterr().out.splitlines() == [
        "usd         0      1",
        "  sale   1.00",
        "  cost  -2.00  -3.00",
        "= left  -1.00",
    ]


def test_without_totals_there_is_no_table():
    assert not list(statement.table({}, {}))


def test_a_terminal_of_80_columns_shows_all_years(rackrate, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    said = rackrate("cashflow", "qts-lease").out
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said).splitlines()
    assert max(map(len, plain[:60])) <= 80
    assert max(int(year) for line in plain for year in re.findall(r"^usd .* (\d+)$", line)) == 20
