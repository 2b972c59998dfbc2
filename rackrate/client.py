"""Clients of a service over HTTP: the same questions, answers and errors as here, computed there.

>>> from rackrate.client import Client
>>> Client("http://127.0.0.1:8000")
Client('http://127.0.0.1:8000')

`Client` waits for each answer, `AsyncClient` is for coroutines. Both need httpx (the extra
`client`). What only a service can say is a `ServiceError`.
"""

from service.client.clients import AsyncClient, Client
from service.client.failures import (
    Busy,
    Declined,
    Fault,
    NoKey,
    NotInstalled,
    NotService,
    OtherModel,
    ServiceError,
    TimeOver,
    TooLarge,
    Unreachable,
    WorkLost,
)
from service.client.quotes_of_many import QuoteOfMany

__all__ = [
    "AsyncClient",
    "Busy",
    "Client",
    "Declined",
    "Fault",
    "NoKey",
    "NotInstalled",
    "NotService",
    "OtherModel",
    "QuoteOfMany",
    "ServiceError",
    "TimeOver",
    "TooLarge",
    "Unreachable",
    "WorkLost",
]
