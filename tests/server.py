"""The service as users start it: a process of its own on a port of loopback."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from http.client import HTTPConnection

import msgspec
import uvicorn

from service.web.connection import Connection

PROGRAM = (sys.executable, "-m", "service")


class Server:
    """A server that runs."""

    def __init__(self, port, process):
        self.port, self.process, self.said = port, process, ""

    def connect(self):
        """A socket to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def send(self, path, body, last=0):
        """A socket on which a question has been sent, but for so many bytes at its end."""
        asked, sent = self.connect(), msgspec.json.encode(body)
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        asked.sendall(f"{head}Content-Length: {len(sent)}\r\n\r\n".encode())
        asked.sendall(sent[: len(sent) - last])
        return asked

    def ask(self, method, path, body=None, **headers):
        """Status, headers and body of an answer."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            sent = None if body is None else msgspec.json.encode(body)
            connection.request(method, path, sent, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def end(self, sent=signal.SIGTERM):
        """Ask it to end and wait; its exit code."""
        self.process.send_signal(sent)
        _, said = self.process.communicate(timeout=60)
        self.said += said
        return self.process.returncode


def answered(sent):
    """Everything that a server answers on a socket until it closes it."""
    with sent:
        parts = []
        while part := sent.recv(65536):
            parts.append(part)
    return b"".join(parts)


@contextmanager
def several(running, count):
    """So many connections to a server."""
    with ExitStack() as opened:
        yield [opened.enter_context(running.connect()) for _ in range(count)]


def free_port():
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def environment(**settings):
    """The environment with these settings and no others."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("RACKRATE_")}
    own["RACKRATE_ACCESS_LOG"] = "off"  # nobody reads what it says before its end
    return own | {f"RACKRATE_{name.upper()}": str(value) for name, value in settings.items()}


def wait(server):
    """Until it listens."""
    for _ in range(600):
        try:
            server.connect().close()
            return
        except OSError:
            assert server.process.poll() is None, server.process.stderr.read()
            time.sleep(0.05)


@contextmanager
def running(*options, **settings):
    """A server with these options and settings."""
    port = free_port()
    command = [*PROGRAM, "serve", "--port", str(port), *options]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment(**settings), text=True, **quiet) as process:
        server = Server(port, process)
        try:
            wait(server)
            yield server
        finally:
            process.kill()


@asynccontextmanager
async def serving(app):
    """A server of an application in this process; its port."""
    config = uvicorn.Config(app, http=Connection, lifespan="on", log_level="critical")
    config.load()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = uvicorn.Server(config)
        task = asyncio.create_task(found.serve([listening]))
        yield listening.getsockname()[1]
        found.should_exit = True
        await task
