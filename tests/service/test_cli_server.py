"""uvicorn's server, that takes those who wait already, all at once."""

import asyncio
import socket
from contextlib import ExitStack

import pytest
import uvicorn
import uvloop

from service.cli.server import Server, let_nobody_in

LOCK_FILTER = 44  # SO_LOCK_FILTER of Linux: afterwards the kernel refuses every filter


def test_nobody_else_is_let_in_and_those_who_wait_stay():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        with socket.create_connection(address, timeout=5) as waits:
            waits.sendall(b"asked")
            let_nobody_in(listening)
            with pytest.raises(TimeoutError):
                socket.create_connection(address, timeout=0.2)
            taken, _ = listening.accept()
            with taken:
                assert taken.recv(9) == b"asked"
                taken.sendall(b"answered")
            assert waits.recv(9) == b"answered"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)


def test_a_kernel_that_refuses_filters_does_not_keep_the_service_from_its_end():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, LOCK_FILTER, 1)
        let_nobody_in(listening)
        with socket.create_connection(listening.getsockname(), timeout=5):
            pass


@pytest.mark.parametrize(("alone", "turns"), [(True, 4), (False, 50)])
def test_all_who_wait_are_taken_in_one_turn_of_the_loop_where_nobody_else_takes_any(alone, turns):
    """The loop takes one a turn, so that the last of many would wait for answers to all others."""

    async def main(listening):
        server = Server(uvicorn.Config(quiet, lifespan="off"), alone)
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup([listening])
        with ExitStack() as all_of_them:
            for _ in range(50):
                asks = socket.create_connection(listening.getsockname(), timeout=5)
                all_of_them.enter_context(asks)
            found = 0
            while len(server.server_state.connections) < 50:
                await asyncio.sleep(0)
                found += 1
        server.force_exit = True
        await server.shutdown([listening])
        return found

    async def quiet(_scope, _receive, _send):
        pass

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        found = uvloop.run(main(listening))
    assert found <= turns if alone else found >= turns
