"""Numbers and tables to be read."""

import sys

from economics import Quantity, Root
from service.cli import display


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


def irr(*roots, value=None, status="ok"):
    return Quantity(value=value, unit="1/year", status=status, description="", roots=roots)


def test_roots_are_shown_where_there_are_others_than_the_value():
    fall, rise = Root(0.1, "falls"), Root(-0.5, "rises")
    assert display.matter(irr(fall, value=0.1)) == ""
    assert display.matter(irr(rise, fall, value=0.1)) == (
        "the NPV is 0 at -50 % (rises), 10 % (falls)"
    )
    assert display.matter(irr(fall, status="borrowing")).endswith("; the NPV is 0 at 10 % (falls)")
    assert display.matter(irr(status="no_root")) == display.words("no_root")


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


def test_what_is_left_of_a_difference_of_large_numbers_is_0():
    def line(*values):
        return Quantity(unit="usd", status="ok", description="", values=values, index=(1, 2))

    lines = {"rent_usd_by_year": line(1e9, 1e9), "taxable_income_usd_by_year": line(-2e-6, None)}
    (table,) = display.by_year(lines)
    assert [[*column.cells] for column in table.columns[2:]] == [
        ["1,000,000,000", "0"],
        ["1,000,000,000", "-"],
    ]


def test_on_a_terminal_years_break_into_tables_that_fit(monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    assert [len(table.columns) - 2 for table in display.by_year(by_year(60))] == [21, 21, 18]


def test_names_do_not_move_the_terminal(rackrate, tmp_path):
    name = ("--set", r'name="\u001b[31mred\nline\u0007"')
    assert rackrate("quote", "hgx-h100", *name).out.startswith(" [31mred line , 4 periods a year")
    source = ("--set", r'pue={value = 1.2, source = "\u001b[31mred"}')
    said = rackrate("explain", "hgx-h100", "pue", *source).out
    assert "source:  [31mred" in said
    (tmp_path / "odd.toml").write_text(r'"\u001b[31mred" = 1')
    assert rackrate("quote", tmp_path / "odd.toml").one_line().startswith("[31mred: ")


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
