"""When to ask again: every question may be repeated, for none changes anything.

A conversation sends nothing itself: it yields a call to send, and is given what came of it, or
seconds to wait.
"""

import random
from collections.abc import Callable, Generator
from itertools import count
from typing import Any, NamedTuple, TypeVar

from service.client.failures import ServiceError
from service.client.replies import Call, Reply

T = TypeVar("T")
FIRST_SECONDS = 0.1  # before the second time; twice as long before each further one
Talk = Generator[Call[Any] | float, Reply | ServiceError | None, T]


class Patience(NamedTuple):
    """How often a question is asked again, and how long at most a service may ask to wait for
    it.
    """

    retries: int = 3
    longest_seconds: float = 30.0

    def pause(self, error: ServiceError, asked: int) -> float | None:
        """Seconds until a question that was asked so often is asked again; None if it is not."""
        least = error.retry_after
        if least is None or least > self.longest_seconds or asked > self.retries:
            return None
        some_more = random.uniform(1.0, 1.5)  # noqa: S311  so that not all come at once
        return some_more * max(least, FIRST_SECONDS * 2.0 ** (asked - 1))


def conversation(call: Call[Any], read: Callable[[Reply], T], patience: Patience) -> Talk[T]:
    """Ask until there is an answer that can be read, or no use in asking. Errors: ServiceError, and
    those of `read`.
    """
    for asked in count(1):
        reply = yield call
        try:
            if isinstance(reply, ServiceError):
                raise reply
            assert reply is not None  # noqa: S101
            return read(reply)
        except ServiceError as error:
            pause = patience.pause(error, asked)
            if pause is None:
                raise
        yield pause
    raise AssertionError  # count has no end
