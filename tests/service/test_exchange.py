"""One request and what it takes."""

import pytest

from service.settings import Settings
from service.web.front.exchange import Exchange
from service.web.front.metrics import CELLS, IN_PROGRESS, RATED, Metrics
from service.web.front.rates import Rates
from service.web.front.shared_metrics import SharedMetrics
from service.web.problems import TooOften


def exchange(**settings):
    made = Exchange(SharedMetrics(Metrics(), None), "id")
    made.purse = Rates(Settings(**settings)).purse(None, "10.0.0.1")
    return made


def test_work_is_in_progress_until_it_ends_and_counts_where_it_was_done():
    for status, counted in ((200, {("/v1/sweeps",): 100}), (503, {})):
        made = exchange()
        made.take_cells(100, "/v1/sweeps")
        assert made.metrics.counts[IN_PROGRESS] == {("/v1/sweeps",): 1}
        made.status = status
        assert 0.0 <= made.end("/v1/sweeps", "POST") < 10.0
        assert made.metrics.counts[IN_PROGRESS] == {("/v1/sweeps",): 0}
        assert made.metrics.counts[CELLS] == counted


def test_what_is_above_a_rate_is_counted_and_takes_nothing():
    made = exchange(requests_per_second=1.0, cells_per_second=10.0, burst_seconds=2.0)
    made.take_request()
    made.take_request()
    with pytest.raises(TooOften):
        made.take_request()
    made.take_cells(20, "/v1/sweeps")
    made.end("/v1/sweeps", "POST")
    with pytest.raises(TooOften):
        made.take_cells(1, "/v1/sweeps")
    assert made.metrics.counts[RATED] == {("requests",): 1, ("cells",): 1}
    assert made.metrics.counts[IN_PROGRESS] == {("/v1/sweeps",): 0}
