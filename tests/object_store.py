"""An object store of S3's protocol on loopback, in this process (moto), with one bucket."""

import logging
import threading
import urllib.request
from contextlib import contextmanager

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

BUCKET = "answers"
CONDITION = "HTTP_IF_NONE_MATCH"


class Store:
    """Requests one after another, so that of two who write a name at once one is the first; what
    breaks of it can be set.
    """

    def __init__(self):
        self._app, self._lock = DomainDispatcherApplication(create_backend_app), threading.Lock()
        self.ignores_conditions = self.is_down = False
        self.asked = []
        self.address = ""

    @property
    def variables(self):
        """What of the environment leads to it."""
        return {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def send(self, method, path, body=b""):
        """A request without credentials."""
        headers = {"Content-Type": "text/plain"}
        asked = urllib.request.Request(f"{self.address}{path}", body, headers, method=method)
        urllib.request.urlopen(asked, timeout=30).close()

    def check_credentials(self, are_checked):
        """Whether it asks who somebody is, from now on."""
        self.send("POST", "/moto-api/reset-auth", b"0" if are_checked else b"inf")

    def __call__(self, environ, start_response):
        with self._lock:
            if self.is_down:
                start_response("503 Service Unavailable", [])
                return [b""]
            if self.ignores_conditions:
                environ.pop(CONDITION, None)
            self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
            return self._app(environ, start_response)


@contextmanager
def running():
    """While a store runs."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # not a line for each request
    store = Store()
    server = make_server("127.0.0.1", 0, store, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    store.address = f"http://127.0.0.1:{server.server_port}"
    try:
        store.send("PUT", f"/{BUCKET}")
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
