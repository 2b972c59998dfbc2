"""`serve`: HTTP until a signal ends it.

ListenProblem    the address cannot be listened on
"""

import gc
import signal
import socket
import sys
from argparse import Namespace

from service.log_lines import LOGGING
from service.settings import check_binding, check_engine, is_loopback, read_settings

ENDED, NOT_STARTED = 0, 1
LOCAL, ANYWHERE = "create_local_app", "create_app"
NEW_OBJECTS = 50_000  # before the collector looks at them; a quote makes a few hundred


class ListenProblem(Exception):
    """The address cannot be listened on; one line."""


def serve(options: Namespace) -> None:
    """Serve HTTP until interrupted; on loopback, or elsewhere as the settings allow. Errors:
    Problem, ListenProblem.
    """
    given = read_settings()
    check_binding(options.host, given)
    check_engine(given)
    check_address(options.host, options.port)
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(ENDED)
    )  # uvicorn finishes what it answers, then raises the signal again
    import uvicorn

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
    try:
        uvicorn.Server(config).run()
    except SystemExit as stop:
        raise SystemExit(NOT_STARTED if stop.code else ENDED) from None


def keep_what_is_loaded() -> None:
    """What is there now stays: the collector need not look at it again and again while others wait
    for their answers, nor begin after so few new objects as a program begins with.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def check_address(host: str, port: int) -> None:
    """Whether an address is free, so that one line can say that it is not. Errors:
    ListenProblem.
    """
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                tried.bind(address)
    except OSError as error:
        raise ListenProblem(
            f"cannot listen on {host} port {port}: {error.strerror or error}"
        ) from None
