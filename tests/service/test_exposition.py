"""Metrics as Prometheus reads them."""

import prometheus
import pytest

from service.web.front.exposition import exposition
from service.web.front.metrics import CELLS, CONNECTIONS, FAMILIES, RATED, SECONDS, Metrics


def counted(process, **cells):
    metrics = Metrics()
    metrics.connections = process
    for route, count in cells.items():
        metrics.add(CELLS, route, count)
        metrics.observe(route, "GET", 200, 0.02)
    taken = metrics.snapshot()
    return type(taken)(process, taken.figures)


def test_one_process():
    text = exposition([counted(7, sweep=10, solve=1)])
    assert prometheus.value(text, CELLS.name, route="sweep") == 10
    assert prometheus.value(text, CELLS.name) == 11
    assert prometheus.value(text, CONNECTIONS.name, process="7") == 7
    assert prometheus.value(text, "rackrate_requests_total", method="GET", status="200") == 2
    assert prometheus.value(text, f"{SECONDS.name}_bucket", route="sweep", le="0.01") == 0
    assert prometheus.value(text, f"{SECONDS.name}_bucket", route="sweep", le="0.025") == 1
    assert prometheus.value(text, f"{SECONDS.name}_sum", route="sweep") == 0.02


def test_counts_are_sums_over_processes_and_measures_are_told_for_each_that_runs():
    text = exposition([counted(1, sweep=10), counted(2, sweep=5)], [counted(3, sweep=0.5)])
    assert prometheus.value(text, CELLS.name) == 15.5
    assert prometheus.value(text, f"{SECONDS.name}_count", route="sweep") == 3
    found = {
        dict(labels)["process"]
        for (name, labels) in prometheus.samples(text)
        if name == CONNECTIONS.name
    }
    assert found == {"1", "2"}


def test_labels_are_escaped():
    metrics = Metrics()
    metrics.add(RATED, 'a"b\\c\nd', 1)
    text = exposition([metrics.snapshot()])
    assert r'limit="a\"b\\c\nd"' in text
    assert prometheus.value(text, RATED.name) == 1


def test_families_stand_once_and_have_names_of_the_field():
    names = [one.name for one in FAMILIES]
    assert len(set(names)) == len(names)
    for one in FAMILIES:
        assert one.name.endswith("_total") == (one.kind == "counter")
        assert one.about.endswith(".")


@pytest.mark.parametrize("value", [0.1, 1e-9, 1.5e300, 2.0**60, 0])
def test_numbers_are_whole(value):
    metrics = Metrics()
    metrics.add(CELLS, "a", value)
    assert prometheus.value(exposition([metrics.snapshot()]), CELLS.name) == value
