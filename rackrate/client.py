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
    NoJob,
    NoJobs,
    NoKey,
    NoResult,
    NotInstalled,
    NotService,
    OtherJob,
    OtherModel,
    ServiceError,
    TimeOver,
    TooLarge,
    TooManyJobs,
    TooOften,
    Unreachable,
    WorkLost,
)
from service.client.job_calls import Job
from service.client.quotes_of_many import QuoteOfMany

__all__ = [
    "AsyncClient",
    "Busy",
    "Client",
    "Declined",
    "Fault",
    "Job",
    "NoJob",
    "NoJobs",
    "NoKey",
    "NoResult",
    "NotInstalled",
    "NotService",
    "OtherJob",
    "OtherModel",
    "QuoteOfMany",
    "ServiceError",
    "TimeOver",
    "TooLarge",
    "TooManyJobs",
    "TooOften",
    "Unreachable",
    "WorkLost",
]
