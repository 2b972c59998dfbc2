"""One scenario's answers over HTTP: on the event loop where that takes a moment, in a thread where lives are long."""

from collections.abc import Iterable
from typing import Any

import economics
from economics import Quote
from economics.inputs import periods_of
from service.scenarios import tables
from service.work import Workers

INLINE_PERIODS = 60  # the default quantities over so many take a few milliseconds; longer lives would hold up others


async def quoted(asked: dict[str, Any] | str, targets: Iterable[str] | None, workers: Workers) -> Quote:
    """The answer to targets for one scenario. Errors: Problem, NoAnswer, Busy."""
    sourced = economics.scenario(tables(asked))
    if periods_of(sourced) > INLINE_PERIODS:
        return await workers.run(economics.quote, sourced, targets)
    return economics.quote(sourced, targets)
