"""Clients of a service: one that waits for each answer, and one for coroutines. What can be asked,
how answers are read and when a question is asked again is the same for both.
"""

import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from functools import partial
from inspect import Signature, signature
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from service.client import calls, job_calls, look_ups
from service.client.conversation import Patience, Talk, conversation
from service.client.failures import ServiceError
from service.client.job_calls import until_ended
from service.client.replies import MODEL, Call, Reply, Stream, opened, whole
from service.client.wire import KEY, address, library, lost, request, settings
from service.jobs.records import Job

if TYPE_CHECKING:
    import httpx

P = ParamSpec("P")
T = TypeVar("T")
ANSWER_SECONDS = 180.0  # without a byte of the answer; a service works on one for 120 or less


def asked_by(call: Callable[..., Any]) -> Signature:
    """What a question takes, for `help` and editors; what it gives is another thing for each
    client.
    """
    return signature(call).replace(return_annotation=Signature.empty)


class Question(Generic[P, T]):
    """A question that a client can be asked: a method that takes what its call takes."""

    def __init__(self, call: Callable[P, Call[T]]) -> None:
        self.call, self.__doc__, self.__name__ = call, call.__doc__, call.__name__
        self._signature = asked_by(call)

    @overload
    def __get__(self, client: None, owner: type[Any]) -> Callable[P, Call[T]]: ...
    @overload
    def __get__(self, client: "Client", owner: type[Any]) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, client: "AsyncClient", owner: type[Any]
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, client: Any, owner: type[Any]) -> Any:
        """The question, asked of a client."""
        if client is None:
            return self.call

        def ask(*arguments: P.args, **named: P.kwargs) -> Any:
            return client._ask(self.call(*arguments, **named))

        ask.__doc__, ask.__name__ = self.__doc__, self.__name__
        ask.__signature__ = self._signature  # type: ignore[attr-defined]
        return ask


class Streamed(Generic[P, T]):
    """A question whose answer comes in pieces: a method that gives them one by one."""

    def __init__(self, stream: Callable[P, Stream[T]]) -> None:
        self.stream, self.__doc__, self.__name__ = stream, stream.__doc__, stream.__name__
        self._signature = asked_by(stream)

    @overload
    def __get__(self, client: None, owner: type[Any]) -> Callable[P, Stream[T]]: ...
    @overload
    def __get__(self, client: "Client", owner: type[Any]) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: "AsyncClient", owner: type[Any]) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, client: Any, owner: type[Any]) -> Any:
        """The question, asked of a client."""
        if client is None:
            return self.stream

        def ask(*arguments: P.args, **named: P.kwargs) -> Any:
            return client._pieces(self.stream(*arguments, **named))

        ask.__doc__, ask.__name__ = self.__doc__, self.__name__
        ask.__signature__ = self._signature  # type: ignore[attr-defined]
        return ask


class Questions:
    """What a client can be asked, and how it is told where and by whom."""

    _transport: str  # of httpx

    quote = Question(calls.quote)
    quotes = Question(calls.quotes)
    batch = Question(calls.batch)
    breakeven = Question(calls.breakeven)
    depreciation = Question(calls.depreciation)
    cashflows = Question(calls.cashflows)
    explain = Question(calls.explain)
    solve = Question(calls.solve)
    compare = Question(calls.compare)
    sweep = Question(calls.sweep)
    frames = Streamed(calls.frames)
    file = Streamed(calls.file)
    simulate = Question(calls.simulate)
    sensitivity = Question(calls.sensitivity)
    submit = Question(job_calls.submit)
    jobs = Question(job_calls.jobs)
    job = Question(job_calls.job)
    cancel = Question(job_calls.cancel)
    result = Question(job_calls.result)
    result_frames = Streamed(job_calls.result_frames)
    result_file = Streamed(job_calls.result_file)
    catalog = Question(look_ups.catalog)
    rows = Question(look_ups.rows)
    row = Question(look_ups.row)
    scenarios = Question(look_ups.scenarios)
    scenario = Question(look_ups.scenario)
    shipped_sweeps = Question(look_ups.shipped_sweeps)
    shipped_sweep = Question(look_ups.shipped_sweep)
    quantities = Question(look_ups.quantities)
    health = Question(look_ups.health)

    def __init__(
        self,
        url: str,
        key: str | None = None,
        timeout: float = ANSWER_SECONDS,
        retries: int = Patience().retries,
    ) -> None:
        """A client of the service at `url`, with an API key (default: RACKRATE_API_KEY of the
        environment). `timeout` are the seconds that it waits for an answer to go on, `retries` how
        often it asks again where that helps. Errors: Problem, NotInstalled.
        """
        self.url = address(url)
        self.model_version: str | None = None  # of the model by which the last answer was computed
        self._patience = Patience(retries)
        how = settings(self.url, os.environ.get(KEY) if key is None else key, timeout)
        self._http: Any = getattr(library(), self._transport)(**how)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    def _reply(self, response: "httpx.Response", is_open: bool) -> Reply:
        """An answer as it is read here."""
        headers: Mapping[str, str] = response.headers
        self.model_version = headers.get(MODEL, self.model_version)
        good = response.is_success
        body = b"" if is_open else response.content
        return Reply(good, response.status_code, headers, body, response if is_open else None)


class Client(Questions):
    """A client of a service that waits for each answer.

    Answers and errors are those of `rackrate`: a `Quote`, a `Table`, a `Problem` with the path of
    the field; what only a service can say is a `ServiceError`. Many threads may use one.
    """

    _transport = "Client"

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def wait(self, job: Job | str) -> Job:
        """A job when it has ended: done, failed or cancelled. Errors: ServiceError."""
        return self._talk(until_ended(job, self.url, self._patience))

    def _ask(self, call: Call[T]) -> T:
        return self._talk(conversation(call, partial(whole, call, self.url), self._patience))

    def _talk(self, talk: Talk[T], keep_open: bool = False) -> T:
        step = next(talk)
        try:
            while True:
                step = talk.send(self._do(step, keep_open))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def _do(self, step: Call[Any] | float, keep_open: bool) -> Reply | ServiceError | None:
        """Send a call, or wait."""
        if not isinstance(step, Call):
            time.sleep(step)
            return None
        try:
            asked = self._http.build_request(**request(step))
            response = self._http.send(asked, stream=keep_open)
            if keep_open and not response.is_success:
                response.read()
            return self._reply(response, keep_open and response.is_success)
        except library().TransportError as error:
            return lost(error, self.url)

    def _pieces(self, stream: Stream[T]) -> Iterator[T]:
        talk = conversation(stream.call, partial(opened, self.url), self._patience)
        response, pieces = self._talk(talk, keep_open=True).open, stream.pieces()
        try:
            for data in response.iter_bytes():
                yield from pieces.feed(data)
            pieces.end()
        except library().TransportError as error:
            raise lost(error, self.url) from None
        finally:
            response.close()


class AsyncClient(Questions):
    """A client of a service for coroutines: as `Client`, each question to be awaited; of what comes
    in pieces an asynchronous iterator.
    """

    _transport = "AsyncClient"

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def wait(self, job: Job | str) -> Job:
        """A job when it has ended: done, failed or cancelled. Errors: ServiceError."""
        return await self._talk(until_ended(job, self.url, self._patience))

    async def _ask(self, call: Call[T]) -> T:
        return await self._talk(conversation(call, partial(whole, call, self.url), self._patience))

    async def _talk(self, talk: Talk[T], keep_open: bool = False) -> T:
        step = next(talk)
        try:
            while True:
                step = talk.send(await self._do(step, keep_open))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    async def _do(self, step: Call[Any] | float, keep_open: bool) -> Reply | ServiceError | None:
        """Send a call, or wait."""
        if not isinstance(step, Call):
            from anyio import sleep

            await sleep(step)
            return None
        try:
            asked = self._http.build_request(**request(step))
            response = await self._http.send(asked, stream=keep_open)
            if keep_open and not response.is_success:
                await response.aread()
            return self._reply(response, keep_open and response.is_success)
        except library().TransportError as error:
            return lost(error, self.url)

    async def _pieces(self, stream: Stream[T]) -> AsyncIterator[T]:
        talk = conversation(stream.call, partial(opened, self.url), self._patience)
        response, pieces = (await self._talk(talk, keep_open=True)).open, stream.pieces()
        try:
            async for data in response.aiter_bytes():
                for piece in pieces.feed(data):
                    yield piece
            pieces.end()
        except library().TransportError as error:
            raise lost(error, self.url) from None
        finally:
            await response.aclose()
