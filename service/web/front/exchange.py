"""One request and its answer, as operators see them: who asks, what it takes, what was said."""

from time import perf_counter
from typing import Any

from litestar import Request

from service.files.key_files import Key
from service.web.front.metrics import CELLS, IN_PROGRESS, RATED
from service.web.front.rates import Purse
from service.web.front.shared_metrics import SharedMetrics
from service.web.problems import OK, TooOften

EXCHANGE = "exchange"  # under which the state of a request has it
REQUESTS_RATE, CELLS_RATE = "requests", "cells"
UNKNOWN = ""  # the route of what came to none


class Exchange:
    """What is known of a request while it is answered."""

    parent = b""  # its place in a trace, as the header says it
    key: Key | None = None
    purse: Purse | None = None
    span: Any = None
    status = bytes = cells = 0
    route = UNKNOWN

    def __init__(self, shared: SharedMetrics, request_id: str) -> None:
        self.began, self.request_id = perf_counter(), request_id
        self.shared, self.metrics = shared, shared.own

    def take_request(self) -> None:
        """Count a request against its rate. Errors: TooOften."""
        self._take(REQUESTS_RATE, 1)

    def take_cells(self, cells: int, route: str) -> None:
        """Count the work that is about to be asked for against its rate. Errors: TooOften."""
        self._take(CELLS_RATE, cells)
        if not self.cells:
            self.metrics.add(IN_PROGRESS, route, 1)
        self.cells, self.route = self.cells + cells, route

    def end(self, route: str, method: str) -> float:
        """The answer has been sent, or nobody waits for it; the seconds that it took."""
        if self.cells:
            self.metrics.add(IN_PROGRESS, self.route, -1)
            if self.status == OK:
                self.metrics.add(CELLS, self.route, self.cells)
        self.route = route
        seconds = perf_counter() - self.began
        self.metrics.observe(route, method, self.status, seconds)
        return seconds

    def _take(self, name: str, amount: float) -> None:
        if self.purse is None:
            return
        try:
            self.purse.take(name, amount)
        except TooOften:
            self.metrics.add(RATED, name, 1)
            raise


def take_cells(request: Request[Any, Any, Any], cells: int) -> None:
    """Before work on so many scenarios is begun: whether its client may have it now. Errors:
    TooOften.
    """
    exchange = request.scope["state"].get(EXCHANGE)
    if exchange is not None:
        exchange.take_cells(max(cells, 1), request.scope["path_template"])
