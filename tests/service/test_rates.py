"""Rates of keys and addresses."""

import hashlib
import time

import pytest
import web

from service.files.key_files import Key
from service.settings import Settings
from service.web.front.rates import Bucket, Purse, Rates
from service.web.problems import TooOften

QUOTE = {"scenario": "hgx-h100", "targets": ["npv_usd_per_rack"]}


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes when it is told to."""
    at = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: at[0])

    def go(seconds):
        at[0] += seconds

    return go


def test_a_bucket_gives_what_it_has_and_fills_at_its_rate(clock):
    bucket = Bucket("requests", 2.0, 5.0)
    assert [bucket.take(1) for _ in range(10)] == [0.0] * 10
    assert bucket.take(1) == pytest.approx(0.5)
    clock(0.5)
    assert bucket.take(1) == 0.0
    clock(1000.0)
    assert [bucket.take(1) for _ in range(11)] == [0.0] * 10 + [pytest.approx(0.5)]


def test_what_is_more_than_a_bucket_takes_a_full_one_and_is_paid_off(clock):
    bucket = Bucket("cells", 100.0, 10.0)
    assert bucket.take(1) == 0.0
    assert bucket.take(5000) == pytest.approx(0.01)  # until it is full again
    clock(0.02)
    assert bucket.take(5000) == 0.0
    assert bucket.take(1) == pytest.approx(40.01)
    clock(40.02)
    assert bucket.take(1) == 0.0


def test_slow_rates_give_one_at_a_time(clock):
    bucket = Bucket("requests", 0.01, 10.0)
    assert bucket.take(1) == 0.0
    assert bucket.take(1) == pytest.approx(100.0)


def test_headers_say_what_is_left_and_when_it_is_full(clock):
    purse = Purse((Bucket("requests", 2.0, 5.0), Bucket("cells", 1000.0, 5.0)))
    purse.take("requests", 1)
    purse.take("cells", 9000)
    assert dict(purse.headers()) == {
        b"ratelimit-policy": b'"requests";q=10;w=5, "cells";q=5000;w=5',
        b"ratelimit": b'"requests";r=9;t=1, "cells";r=0;t=9',
    }
    with pytest.raises(TooOften, match="1000 cells a second, at most 5000 at once") as caught:
        purse.take("cells", 1)
    assert caught.value.headers == {"Retry-After": "5"}


def test_each_key_or_address_has_its_own(clock):
    rates = Rates(Settings(requests_per_second=1.0))
    assert rates.purse(None, "10.0.0.1") is rates.purse(None, "10.0.0.1")
    assert rates.purse(None, "10.0.0.1") is not rates.purse(None, "10.0.0.2")
    one, other = Key("one", b""), Key("other", b"", requests_per_second=7.0, cells_per_second=9.0)
    assert rates.purse(one, "10.0.0.1") is rates.purse(one, "10.0.0.2")
    assert [each.rate for each in rates.purse(other, "")] == [7.0, 9.0]
    assert rates.purse(Key("free", b"", requests_per_second=0.0), "") is None
    assert Rates(Settings()).purse(one, "10.0.0.1") is None


def test_a_customer_has_one_bucket_for_all_addresses_of_ipv6():
    rates = Rates(Settings(requests_per_second=1.0))
    assert rates.purse(None, "2001:db8::1") is rates.purse(None, "2001:db8:0:0:ffff::2%eth0")
    assert rates.purse(None, "2001:db8::1") is not rates.purse(None, "2001:db8:0:1::1")
    assert rates.purse(None, "not:an:address") is not None
    assert rates.purse(None, "::ffff:10.0.0.1") is rates.purse(None, "10.0.0.1")
    assert rates.purse(None, "::ffff:10.0.0.1") is not rates.purse(None, "::ffff:10.0.0.2")


def test_memory_is_bounded():
    rates = Rates(Settings(requests_per_second=1.0), most=3)
    first = rates.purse(None, "1")
    for address in ("2", "3", "1", "4", "5"):
        rates.purse(None, address)
    assert len(rates._purses) == 3
    assert rates.purse(None, "1") is first


def test_requests_over_http():
    with web.client(requests_per_second=0.001, burst_seconds=2000.0) as found:
        first = found.post("/v1/quotes", json=QUOTE)
        assert first.headers["ratelimit-policy"] == '"requests";q=2;w=2000'
        assert first.headers["ratelimit"] == '"requests";r=1;t=1000'
        assert found.get("/v1/catalog").status_code == 200
        refused = found.post("/v1/quotes", json=QUOTE)
        details = web.problem(refused, 429, "too-often")
        assert "0.001 requests a second, at most 2 at once" in details["detail"]
        assert 990 < int(refused.headers["retry-after"]) <= 1000
        assert refused.headers["ratelimit"].startswith('"requests";r=0;t=')
        assert found.get("/health/ready").status_code == 200
        assert found.get("/metrics").status_code == 200


def test_cells_over_http_by_the_rate_of_a_key(tmp_path):
    path = tmp_path / "keys"
    names = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("slow", "free")}
    path.write_text(f"slow {names['slow']} cells_per_second=1\nfree {names['free']}\n")
    sweep = {**web.SWEEP, "axes": [{**one, "count": 10} for one in web.SWEEP["axes"]]}
    with web.client(api_keys_file=str(path)) as found:

        def ask(key, path="/v1/sweeps", body=sweep):
            return found.post(path, json=body, headers={"authorization": f"Bearer {key}"})

        large = {**sweep, "axes": [{**one, "count": 10**6} for one in web.SWEEP["axes"]]}
        assert ask("slow", body=large).status_code == 413  # costs nothing
        assert ask("slow").status_code == 200
        web.problem(ask("slow"), 429, "too-often")
        solve = web.problem(ask("slow", "/v1/solve", web.SOLVE), 429, "too-often")
        assert "cells a second" in solve["detail"]
        assert ask("slow", "/v1/quotes", QUOTE).status_code == 200
        assert "ratelimit" not in ask("free").headers
