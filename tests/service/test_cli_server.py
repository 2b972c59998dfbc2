"""uvicorn's server, that takes those who wait already."""

import socket

import pytest

from service.cli.server import let_nobody_in

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
