"""`serve`: HTTP until a signal ends it.

ListenProblem    the address cannot be listened on
"""

import gc
import logging
import os
import signal
import socket
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from tempfile import TemporaryDirectory

from service.cli.server_processes import ENDED, NOT_STARTED, Processes
from service.log_lines import LOGGING
from service.setting_sources import variable
from service.settings import (
    Settings,
    check_binding,
    check_data,
    check_engine,
    is_loopback,
    read_settings,
)
from service.standard_error import LINES

LOCAL, ANYWHERE = "create_local_app", "create_app"
NEW_OBJECTS = 50_000  # before the collector looks at them; a quote makes a few hundred
SPARE_SECONDS = 10  # for processes to end, beside what the settings give them
LOG = logging.getLogger("uvicorn.error")


class ListenProblem(Exception):
    """The address cannot be listened on; one line."""


def serve(options: Namespace) -> None:
    """Serve HTTP until interrupted; on loopback, or elsewhere as the settings allow. Errors:
    Problem, ListenProblem.
    """
    given = read_settings()
    check_binding(options.host, given)
    check_engine(given)
    check_data(given)
    sockets = listening(options.host, options.port)
    with metrics_folder(options.processes, given):
        _serve(options, given, sockets)


def _serve(options: Namespace, given: Settings, sockets: list[socket.socket]) -> None:
    import uvicorn

    from service.cli.server import Server

    config = uvicorn.Config(
        f"service.web.app:{LOCAL if is_loopback(options.host) else ANYWHERE}",
        factory=True,
        http="service.web.connection:Connection",
        host=options.host,
        port=options.port,
        timeout_graceful_shutdown=given.grace_seconds,
        access_log=False,
        log_config=LOGGING,
        proxy_headers=bool(given.trusted_proxies),
        forwarded_allow_ips=[*given.trusted_proxies],
    )
    config.load()
    keep_what_is_loaded()
    for one in sockets:
        LOG.info("Listening on %s port %d", *one.getsockname()[:2])

    def serve_one() -> None:
        signal.signal(
            signal.SIGTERM, lambda *_: sys.exit(ENDED)
        )  # uvicorn finishes what it answers, then raises the signal again
        try:
            Server(config, alone=options.processes == 1).run(sockets)
        except SystemExit as stop:
            raise SystemExit(NOT_STARTED if stop.code else ENDED) from None
        finally:
            LINES.flush()  # here, for the program ends without what `atexit` does

    if options.processes == 1:
        serve_one()
    else:
        end = ceil(given.drain_seconds + given.grace_seconds) + SPARE_SECONDS
        Processes(options.processes, serve_one, sockets, end).run()


@contextmanager
def metrics_folder(processes: int, given: Settings) -> Iterator[None]:
    """Where several processes put their metrics together, unless the settings name it."""
    if processes == 1 or given.metrics_folder is not None:
        yield
        return
    with TemporaryDirectory(prefix="rackrate-") as folder:
        os.environ[variable("metrics_folder")] = folder
        yield


def keep_what_is_loaded() -> None:
    """What is there now stays: the collector need not look at it again and again while others wait
    for their answers, nor begin after so few new objects as a program begins with.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def listening(host: str, port: int) -> list[socket.socket]:
    """Sockets of all addresses of a host, on which somebody can ask from now on. Errors:
    ListenProblem.
    """
    found = list[socket.socket]()
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            found.append(one := socket.socket(family, kind, protocol))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
    except OSError as error:
        for one in found:
            one.close()
        raise ListenProblem(
            f"cannot listen on {host} port {port}: {error.strerror or error}"
        ) from None
    return found
