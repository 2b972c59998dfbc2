"""What is read, and what must be taken, of a connection."""

import asyncio
import socket
from types import SimpleNamespace

import pytest

from service.web.flow import LEFT, SLOWEST, Flow, Sending


class Clock:
    """A loop of which each second is one call, and a transport of so many bytes."""

    def __init__(self, left):
        self.left, self.waiting, self.gone, self.reading = left, None, False, True
        self.socket = None

    def call_later(self, _, call):
        self.waiting = call
        return SimpleNamespace(cancel=lambda: setattr(self, "waiting", None))

    def get_write_buffer_size(self):
        return self.left

    def abort(self):
        self.gone = True

    def is_closing(self):
        return self.gone

    def get_extra_info(self, _):
        return self.socket

    def pause_reading(self):
        self.reading = False

    def resume_reading(self):
        self.reading = True

    def second(self, taken):
        call, self.waiting = self.waiting, None
        self.left = max(self.left - taken, 0)
        call()


def watched(left, seconds=3):
    clock = Clock(left)
    sending = Sending(clock, clock, seconds)
    sending.watch()
    return clock, sending


def test_who_takes_nothing_is_left_after_so_many_seconds():
    clock, _ = watched(100)
    clock.second(0)
    clock.second(1)
    assert not clock.gone
    clock.second(0)
    assert clock.gone


def test_who_takes_enough_is_waited_for_until_all_is_sent():
    clock, sending = watched(10 * SLOWEST)
    for _ in range(9):
        clock.second(SLOWEST)
        sending.watch()
    assert clock.waiting
    clock.second(SLOWEST)
    assert not clock.waiting
    assert not clock.gone


def test_what_is_taken_as_it_comes_goes_on():
    clock, sending = watched(5 * SLOWEST)
    for _ in range(9):
        sending.goes_on()
        clock.second(0)
    assert not clock.gone
    sending.end()
    assert not clock.waiting


def test_nothing_is_watched_where_nothing_is_left():
    clock, _ = watched(0)
    assert not clock.waiting


def test_nothing_more_is_read_while_something_is_held():
    async def main():
        clock = Clock(0)
        flow = Flow(clock, clock)
        flow.held = b"next"
        flow.pause_reading()
        flow.resume_reading()
        assert not clock.reading
        flow.held = b""
        flow.resume_reading()
        assert clock.reading

    asyncio.run(main())


@pytest.mark.skipif(not LEFT, reason="NOT RUN: this system does not say who has left")
def test_who_leaves_is_seen_while_nothing_is_read():
    clock = Clock(0)
    clock.socket, there = socket.socketpair()
    with clock.socket:
        flow = Flow(clock, clock)
        flow.pause_reading()
        flow.pause_reading()
        there.sendall(b"more")
        clock.second(0)
        assert not clock.gone
        there.close()
        clock.second(0)
        assert clock.gone
        assert not clock.waiting


@pytest.mark.skipif(not LEFT, reason="NOT RUN: this system does not say who has left")
def test_nobody_is_looked_for_while_all_is_read():
    clock = Clock(0)
    flow = Flow(clock, clock)
    flow.pause_reading()
    flow.resume_reading()
    clock.second(0)
    assert not clock.waiting
    flow.pause_reading()
    flow.end()
    assert not clock.waiting
