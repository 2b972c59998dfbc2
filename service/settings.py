"""What an operator may set: `RACKRATE_<SETTING>` in the environment, checked once at start."""

import os
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated as A

import msgspec
from msgspec import Meta, Struct

from economics import Problem
from economics.scenario.checking import checked

PREFIX = "RACKRATE_"
BACKEND = f"{PREFIX}BACKEND"
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class Settings(Struct, frozen=True, kw_only=True):
    """Limits and keys of the HTTP service, and the engine of sweeps, over HTTP or not."""

    max_connections: A[
        int, Meta(ge=1, le=1_000_000, description="connections that are open at the same time")
    ] = 512
    max_header_bytes: A[
        int, Meta(ge=1024, le=2**24, description="of a request's path and headers")
    ] = 2**15
    receive_seconds: A[
        float, Meta(gt=0.0, le=86_400.0, description="in which a whole request must have come")
    ] = 20.0
    stall_seconds: A[
        float,
        Meta(gt=0.0, le=86_400.0, description="in which a client must take some of an answer"),
    ] = 30.0
    max_body_bytes: A[int, Meta(ge=1024, le=2**30, description="of a request")] = 2**20
    max_body_items: A[
        int, Meta(ge=100, le=10**8, description="values in a request's body, at all depths")
    ] = 100_000
    max_inline_cells: A[
        int, Meta(ge=1, le=10**9, description="cells of a sweep that is answered whole")
    ] = 2_000_000
    max_stream_cells: A[
        int, Meta(ge=1, le=10**12, description="cells of a sweep that is streamed as a table")
    ] = 1_000_000_000
    max_sweep_cells: A[
        int, Meta(ge=1, le=10**12, description="cells of a sweep that is reduced")
    ] = 200_000_000
    max_sweep_bytes: A[
        int, Meta(ge=2**20, le=2**40, description="memory that one sweep may take")
    ] = 2**31
    max_batch_scenarios: A[
        int, Meta(ge=1, le=1_000_000, description="scenarios of a batch of quotes")
    ] = 1000
    max_seconds: A[
        float, Meta(gt=0.0, le=86_400.0, description="that one piece of work may take")
    ] = 120.0
    drain_seconds: A[
        float, Meta(ge=0.0, le=3600.0, description="after SIGTERM: not ready, but still answering")
    ] = 2.0
    grace_seconds: A[
        int, Meta(ge=0, le=86_400, description="then: to finish what has been asked")
    ] = 20
    workers: A[
        int, Meta(ge=1, le=1024, description="sweeps and solves that run at the same time")
    ] = 2
    max_waiting: A[
        int, Meta(ge=0, le=100_000, description="sweeps and solves that wait for a worker")
    ] = 64
    backend: A[str, Meta(description="engine of a sweep that names none")] = "auto"
    api_keys_file: A[
        str | None, Meta(description="file of SHA-256 hashes of API keys, one a line")
    ] = None
    without_keys: A[bool, Meta(description="serve other hosts without API keys")] = False
    agent_hosts: A[
        tuple[str, ...], Meta(description="names of hosts at which agents may ask, beside loopback")
    ] = ()


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment (default: this process's); an empty text sets nothing. Errors:
    Problem.
    """
    environment = os.environ if environment is None else environment
    stated = {}
    for field in msgspec.structs.fields(Settings):
        text = environment.get(_variable(field.name), "").strip()
        if text:
            stated[field.name] = _plain(field.name, text)
    try:
        return checked(stated, Settings, "")  # type: ignore[no-any-return]
    except Problem as problem:
        raise Problem(_variable(problem.where), problem.value, problem.expected) from None


def backend(environment: Mapping[str, str]) -> str:
    """The engine that an environment sets for sweeps; its other settings are not looked at. Errors:
    Problem.
    """
    return read_settings({BACKEND: environment.get(BACKEND, "")}).backend


def _plain(field: str, text: str) -> int | float | str | bool | tuple[str, ...]:
    if field == "backend":
        from economics.sweeps.sweep import engine_name  # with numpy, which few commands need

        return engine_name(text, BACKEND)
    if field == "without_keys":
        return _truth(field, text)
    if field == "agent_hosts":
        return tuple(one.strip() for one in text.split(",") if one.strip())
    return text if field == "api_keys_file" else _number(text)


def _variable(field: str) -> str:
    return f"{PREFIX}{field.upper()}"


def _number(text: str) -> int | float | str:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _truth(field: str, text: str) -> bool:
    if text.lower() not in TRUE + FALSE:
        raise Problem(_variable(field), text, f"one of {', '.join(TRUE)} or {', '.join(FALSE)}")
    return text.lower() in TRUE


def check_binding(host: str, given: Settings) -> None:
    """Whether the service may listen on `host`: elsewhere than on loopback only with keys, or with
    none on purpose. Errors: Problem.
    """
    if not (is_loopback(host) or _is_open_or_locked(given)):
        raise Problem(
            "host",
            host,
            f"a loopback address, or {PREFIX}API_KEYS_FILE, or {PREFIX}WITHOUT_KEYS=1 to serve"
            " anybody",
        )


def check_anywhere(given: Settings) -> None:
    """Whether a server that does not tell its address may run the service. Errors: Problem."""
    if not _is_open_or_locked(given):
        raise Problem(
            f"{PREFIX}API_KEYS_FILE",
            None,
            f"a file of keys, or {PREFIX}WITHOUT_KEYS=1 to serve anybody; `rackrate serve` needs"
            " neither on loopback",
        )


def check_engine(given: Settings) -> None:
    """Whether the engine that is set can run here. Errors: Problem."""
    from kernels.grids.engine_table import ENGINES  # with numpy, which few commands need

    why = next((one.missing() for one in ENGINES if one.name == given.backend), None)
    if why:
        raise Problem(BACKEND, given.backend, f"an engine that runs here ({why}), or auto")


def _is_open_or_locked(given: Settings) -> bool:
    return given.without_keys or given.api_keys_file is not None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host's address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
