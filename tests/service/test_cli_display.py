"""Numbers and tables to be read."""

import sys

import pytest

from economics import Quantity
from service.cli import display


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (float("nan"), "-"),
        (0.0, "0"),
        (-0.0, "0"),
        (5.0, "5"),
        (0.71534, "0.7153"),
        (-2.98714, "-2.9871"),
        (180.1546, "180.15"),
        (12_345.678, "12,345.68"),
        (4_320_000.4, "4,320,000"),
        (-1_438_252.8, "-1,438,253"),
        (0.0000123456, "1.235e-05"),
        (1.5e18, "1.5e+18"),
    ],
)
def test_numbers_are_read_at_a_glance(value, text):
    assert display.number(value) == text


def test_numbers_of_one_line_are_alike():
    assert display.line((87_281.96, 2.2e-9, -0.2, None)) == ["87,282", "0", "0", "-"]
    assert display.line((1.25, 0.5)) == ["1.2500", "0.5000"]


def test_a_status_is_said_in_words():
    assert display.words("ok") == ""
    assert display.words("never") == "never paid back"
    assert display.words("some_new_status") == "some new status"


def test_every_status_of_every_model_has_words():
    from economics.models.registry import MODELS, status_words, variants

    stated = {code for model in MODELS for one in variants(model) for code in one.statuses}
    assert stated <= {"ok", *status_words()}
    for one in (one for model in MODELS for one in variants(model)):
        assert all(status_words()[name] == one.words[name] for name in one.statuses[1:]), one.name


def by_year(years):
    index, values = tuple(range(1, years + 1)), (1.0,) * years
    return {
        "ebitda_usd_per_rack_by_year": Quantity(
            values=values, index=index, unit="usd", status="ok", description=""
        )
    }


def test_off_a_terminal_years_are_in_one_table():
    (table,) = display.by_year(by_year(40))
    assert len(table.columns) == 42


def test_on_a_terminal_years_break_into_tables_that_fit(monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    assert [len(table.columns) - 2 for table in display.by_year(by_year(8))] == [3, 3, 2]


def test_names_do_not_move_the_terminal(rackrate, tmp_path):
    name = ("--set", r'name="\u001b[31mred\nline\u0007"')
    assert rackrate("quote", "hgx-h100", *name).out.startswith(" [31mred line , 4 periods a year")
    source = ("--set", r'pue={value = 1.2, source = "\u001b[31mred"}')
    said = rackrate("explain", "hgx-h100", "pue", *source).out
    assert "source:  [31mred" in said
    (tmp_path / "odd.toml").write_text(r'"\u001b[31mred" = 1')
    assert rackrate("quote", tmp_path / "odd.toml").one_line().startswith("[31mred = ")


def test_progress_is_for_terminals_only(monkeypatch, capsys):
    assert display.progress() is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    show = display.progress()
    show(50, 200)
    show(200, 200)
    err = capsys.readouterr().err
    assert err.startswith("\r 25% of 200 cells")
    assert err.endswith(f"\r{'':60}\r")


def test_an_answer_is_json_or_what_is_shown_of_it(capsys):
    display.show_answer({"a": 1.5}, True, lambda _: ["unused"])
    assert capsys.readouterr().out == '{"a":1.5}\n'
    display.show_answer({"a": 1.5}, False, lambda found: [f"a = {found['a']}", "b"])
    assert capsys.readouterr().out == "a = 1.5\nb\n"
