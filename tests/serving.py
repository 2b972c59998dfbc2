"""A service in a thread of this process, on a port of loopback: for clients that need a network."""

import threading
import time
from contextlib import contextmanager

import uvicorn

from service.settings import Settings
from service.web.app import create_app


@contextmanager
def serving(app=None, pool=None, **settings):
    """The address of a service with these settings, whose work is done in the processes of a pool
    (default: of its own), or of another application.
    """
    config = uvicorn.Config(
        app or create_app(Settings(access_log=0.0, **settings), pool),
        port=0,
        http="httptools" if app else "service.web.connection:Connection",
        log_level="critical",
        lifespan="off" if app else "on",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server ended"
            time.sleep(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
