"""What an operator may set: `RACKRATE_<SETTING>` in the environment, or the setting in a file that
it names; checked once at start.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated as A

import msgspec
from msgspec import Meta, Struct

from economics import Problem
from economics.scenario.checking import checked
from economics.vocabulary.problems import as_one
from kernels.language.caches import cached
from service.setting_sources import BACKEND, FILE, PREFIX, Stated, stated_values


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
    max_streams: A[
        int, Meta(ge=1, le=100_000, description="long answers that are sent at the same time")
    ] = 64
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
    data: A[
        str | None, Meta(description="folder of jobs and what comes of them, for this user alone")
    ] = None
    results: A[
        str | None,
        Meta(description="where answers of jobs go, such as s3://bucket/prefix, if not there"),
    ] = None
    max_job_cells: A[int, Meta(ge=1, le=10**15, description="cells of a job")] = 10_000_000_000
    max_job_bytes: A[
        int, Meta(ge=2**10, le=2**50, description="of a job's result, as it is reckoned before")
    ] = 2**36
    max_jobs: A[int, Meta(ge=1, le=1_000_000, description="of a key that wait or run")] = 100
    max_owner_bytes: A[
        int, Meta(ge=2**10, le=2**50, description="of the results of a key's jobs together")
    ] = 2**37
    keep_days: A[
        float, Meta(gt=0.0, le=36_500.0, description="after which a job that has ended is removed")
    ] = 30.0
    keep_bytes: A[
        int,
        Meta(ge=2**10, le=2**60, description="of all results, above which the oldest are removed"),
    ] = 2**38
    min_free_bytes: A[
        int, Meta(ge=0, le=2**50, description="of the disk, below which jobs wait")
    ] = 2**30
    backend: A[str, Meta(description="engine of a sweep that names none")] = "auto"
    scheduler: A[
        str | None, Meta(description="of dask, whose workers compute jobs: tcp://10.0.0.1:8786")
    ] = None
    api_keys_file: A[
        str | None, Meta(description="file of names and SHA-256 hashes of API keys, one a line")
    ] = None
    without_keys: A[bool, Meta(description="serve other hosts without API keys")] = False
    requests_per_second: A[
        float, Meta(ge=0.0, le=1e9, description="of a key, or of an address; 0: without limit")
    ] = 0.0
    cells_per_second: A[
        float, Meta(ge=0.0, le=1e15, description="that a key may ask for; 0: without limit")
    ] = 0.0
    burst_seconds: A[
        float, Meta(gt=0.0, le=86_400.0, description="whose rate may be used at once")
    ] = 10.0
    access_log: A[
        float, Meta(ge=0.0, le=1.0, description="share of requests that are logged; off, all")
    ] = 1.0
    cors_origins: A[
        tuple[str, ...], Meta(description="web pages that may ask, such as https://example.com")
    ] = ()
    trusted_proxies: A[
        tuple[str, ...], Meta(description="addresses whose X-Forwarded-For is believed")
    ] = ()
    metrics_folder: A[
        str | None, Meta(description="where several processes put their metrics together")
    ] = None
    tracing: A[str, Meta(description="off, or otlp: spans are sent by OpenTelemetry")] = "off"
    agent_hosts: A[
        tuple[str, ...], Meta(description="names of hosts at which agents may ask, beside loopback")
    ] = ()


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment (default: this process's) and of the file that it names; an
    empty text sets nothing. Errors: Problem.
    """
    environment = os.environ if environment is None else environment
    stated = stated_settings(environment)
    try:
        plain = {name: one.value for name, one in stated.items()}
        return checked(plain, Settings, "")  # type: ignore[no-any-return]
    except Problem as problem:
        raise as_one([_where_stated(one, stated) for one in problem.each]) from None


def stated_settings(environment: Mapping[str, str]) -> dict[str, Stated]:
    """What an environment and its file state, by the names of fields, as it was read. Errors:
    Problem.
    """
    return stated_values(environment, {one.name: one.default for one in _fields()})


def backend(environment: Mapping[str, str]) -> str:
    """The engine that an environment or its file sets for sweeps; the other settings' values are
    not looked at. Errors: Problem.
    """
    names = {FILE: environment.get(FILE, ""), BACKEND: environment.get(BACKEND, "")}
    stated = stated_settings(names)
    return str(stated["backend"].value) if "backend" in stated else Settings().backend


@cached()
def _fields() -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(Settings)


def _where_stated(problem: Problem, stated: Mapping[str, Stated]) -> Problem:
    name = re.split(r"[.\[]", problem.where)[0]
    return Problem(stated[name].where, problem.value, problem.expected)


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


def check_data(given: Settings) -> None:
    """Whether the folder of jobs that is set can be used, which is made where it is not there, and
    the place of their answers. Errors: Problem.
    """
    if given.data is None and given.results is None:
        return
    from service.jobs.data import VARIABLE, data_directory
    from service.jobs.folders import check_place
    from service.jobs.records import NoData

    try:
        if given.data is not None:
            data_directory({VARIABLE: given.data})
    except NoData as error:
        raise Problem(VARIABLE, given.data, f"a folder that can be written ({error})") from None
    try:
        if given.results is not None:
            check_place(given.results)
    except NoData as error:
        expected = f"a folder or a store that keeps answers ({error})"
        raise Problem(f"{PREFIX}RESULTS", given.results, expected) from None


def _is_open_or_locked(given: Settings) -> bool:
    return given.without_keys or given.api_keys_file is not None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host's address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
