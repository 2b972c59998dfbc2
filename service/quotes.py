"""One scenario's answers over HTTP: on the event loop where that takes a moment, in a thread where lives are long."""

from collections.abc import Iterable

import economics
from economics import Quote
from economics.inputs import periods_of
from economics.scenario import Sourced
from service.scenarios import tables
from service.schema import Tables
from service.targets import ready
from service.work import Workers

INLINE_PERIODS = 60  # the default quantities over so many take a few milliseconds; longer lives would hold up others


async def quoted(asked: Tables, targets: Iterable[str] | None, workers: Workers) -> Quote:
    """The answer to targets for one scenario. Errors: Problem, NoAnswer, Busy."""
    return await _quoted(economics.scenario(tables(asked)), targets, workers)


async def answered(asked: Tables, question: str, workers: Workers) -> Quote:
    """The answer to a ready-made question about one scenario. Errors: Problem, NoAnswer, Busy."""
    sourced = economics.scenario(tables(asked))
    return await _quoted(sourced, ready(question, sourced.scenario), workers)


async def _quoted(sourced: Sourced, targets: Iterable[str] | None, workers: Workers) -> Quote:
    if periods_of(sourced) > INLINE_PERIODS:
        return await workers.run(economics.quote, sourced, targets)
    return economics.quote(sourced, targets)
