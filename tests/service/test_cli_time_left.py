"""How long work will still take is told by what it has done: on a terminal at once, in a log a line
a minute.
"""

import sys

import pytest

from service.cli.time_left import TimeLeft


class Clock:
    """Seconds that pass when a test says so."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def terminal(monkeypatch, is_one):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_one, raising=False)


def test_a_log_has_a_line_a_minute_with_the_time_that_is_left(capsys, monkeypatch, clock):
    terminal(monkeypatch, is_one=False)
    told = TimeLeft(1000, 200, clock)
    for clock.now, done in ((159.0, 300), (160.5, 400), (161.0, 410), (222.0, 600)):
        if told.is_due:
            told(done)
    told.end()
    assert capsys.readouterr().err == (
        "rackrate: 40 % of 1,000 cells, 3 min 2 s left\n"
        "rackrate: 60 % of 1,000 cells, 2 min 2 s left\n"
    )


def test_a_terminal_has_one_line_that_is_cleared_at_the_end(capsys, monkeypatch, clock):
    terminal(monkeypatch, is_one=True)
    told = TimeLeft(1000, 0, clock)
    for clock.now, done, waiting in ((101.0, 0, "less free disk\x1b"), (110.0, 500, None)):
        told(done, waiting)
    told.end()
    first, second, third, rest = capsys.readouterr().err.removeprefix("\r").split("\r")
    assert first == "  0 % of 1,000 cells, waiting: less free disk "
    assert second.rstrip() == " 50 % of 1,000 cells, 10 s left"
    assert len(second) == len(third) == len(first)
    assert third.strip() == rest == ""


def test_no_time_is_told_while_it_waits_for_what_nobody_can_reckon(capsys, monkeypatch, clock):
    terminal(monkeypatch, is_one=False)
    told = TimeLeft(1000, 0, clock)
    clock.now = 200.0
    told(500, "less free disk")
    assert capsys.readouterr().err == "rackrate: 50 % of 1,000 cells, waiting: less free disk\n"


def test_nothing_is_left_when_all_is_done(capsys, monkeypatch, clock):
    terminal(monkeypatch, is_one=False)
    told = TimeLeft(10, 0, clock)
    clock.now = 200.0
    told(10)
    assert capsys.readouterr().err == "rackrate: 100 % of 10 cells\n"


def test_a_line_is_no_longer_than_the_terminal(capsys, monkeypatch, clock):
    terminal(monkeypatch, is_one=True)
    monkeypatch.setenv("COLUMNS", "40")
    told = TimeLeft(1000, 0, clock)
    told(0, "less free disk than is to be left to others")
    assert capsys.readouterr().err == "\r  0 % of 1,000 cells, waiting: less fre"
