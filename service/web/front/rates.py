"""Rates: token buckets, of requests and of cells, one of each for a key or an address.

A bucket fills at its rate up to what `burst_seconds` bring. What is asked is taken from it at once,
before it waits or runs. What is more than a full bucket takes a full one, and the rest of it must
come in again before anything else is given.
"""

import time
from collections import OrderedDict
from ipaddress import IPv6Address
from math import ceil

from service.files.key_files import Key
from service.settings import Settings
from service.web.problems import TooOften

MOST_BUCKETS = 10_000  # the one longest unused is forgotten then
PREFIX_GROUPS = 4  # of an IPv6 address: one customer has all addresses behind it


class Bucket:
    """So many tokens, filled at a rate."""

    __slots__ = ("at", "level", "name", "rate", "size", "window")

    def __init__(self, name: str, rate: float, seconds: float) -> None:
        self.name, self.rate, self.window = name, rate, seconds
        self.size = self.level = max(rate * seconds, 1.0)
        self.at = time.monotonic()

    def take(self, amount: float) -> float:
        """Take tokens if they are there; else the seconds until they will be."""
        now = time.monotonic()
        self.level = min(self.level + (now - self.at) * self.rate, self.size)
        self.at = now
        lacking = min(amount, self.size) - self.level
        if lacking > 0.0:
            return lacking / self.rate
        self.level -= amount
        return 0.0

    @property
    def policy(self) -> str:
        """As the header RateLimit-Policy says it."""
        return f'"{self.name}";q={int(self.size)};w={ceil(self.window)}'

    @property
    def state(self) -> str:
        """As the header RateLimit says it."""
        full = ceil((self.size - self.level) / self.rate)
        return f'"{self.name}";r={max(int(self.level), 0)};t={full}'


class Purse(tuple[Bucket, ...]):
    """The buckets of one who asks."""

    __slots__ = ()

    def take(self, name: str, amount: float) -> None:
        """Take what is asked. Errors: TooOften."""
        for bucket in self:
            if bucket.name == name and (wait := bucket.take(amount)):
                most = f"{bucket.rate:g} {name} a second, at most {int(bucket.size)} at once"
                detail = f"more was asked than {most}; ask again in {ceil(wait)} seconds"
                raise TooOften(detail, headers={"Retry-After": str(ceil(wait))})

    def headers(self) -> list[tuple[bytes, bytes]]:
        """What an answer says of them."""
        return [
            (b"ratelimit-policy", ", ".join(one.policy for one in self).encode()),
            (b"ratelimit", ", ".join(one.state for one in self).encode()),
        ]


class Rates:
    """The buckets of all who ask, as far as there are limits."""

    def __init__(self, settings: Settings, most: int = MOST_BUCKETS) -> None:
        self._settings, self._most = settings, most
        self.any = bool(settings.requests_per_second or settings.cells_per_second)
        self._purses: OrderedDict[tuple[str, float, float], Purse] = OrderedDict()

    def purse(self, key: Key | None, address: str) -> Purse | None:
        """The buckets of a key, or of an address where there are no keys; None without limits."""
        requests, cells = self._settings.requests_per_second, self._settings.cells_per_second
        if key is not None:
            own = key.requests_per_second, key.cells_per_second
            requests = requests if own[0] is None else own[0]
            cells = cells if own[1] is None else own[1]
        if not (requests or cells):
            return None
        who = (key.name if key else _site(address), requests, cells)
        found = self._purses.get(who)
        if found is not None:
            self._purses.move_to_end(who)
            return found
        if len(self._purses) >= self._most:
            self._purses.popitem(last=False)
        seconds = self._settings.burst_seconds
        rates = {"requests": requests, "cells": cells}
        made = Purse(Bucket(name, rate, seconds) for name, rate in rates.items() if rate)
        self._purses[who] = made
        return made


def _site(address: str) -> str:
    """An address, of IPv6 the part that one customer has."""
    if ":" not in address:
        return address
    try:
        whole = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if whole.ipv4_mapped:
        return str(whole.ipv4_mapped)
    return ":".join(whole.exploded.split(":")[:PREFIX_GROUPS])
