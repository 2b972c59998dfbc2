"""What a type checker knows of the answers of a service: mypy reads this file, nothing runs it."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_type

import polars

import rackrate
from rackrate.client import AsyncClient, Busy, Client, QuoteOfMany
from service.answers import Health

with Client("http://127.0.0.1:8000", key="secret", timeout=10.0, retries=0) as client:
    assert_type(client, Client)
    assert_type(client.quote("nvl72-neocloud", ["npv_usd_per_rack"]), rackrate.Quote)
    assert_type(client.cashflows({"hardware": {}}), rackrate.Quote)
    assert_type(client.solve("a", "b", "8%", "c", between=(0.0, 1.0)), rackrate.Solution)
    assert_type(client.explain("a", "b").inputs, tuple[rackrate.Explanation, ...])
    assert_type(client.compare(["a", "b"]), rackrate.Comparison)
    assert_type(client.quotes(["a", {"hardware": {}}]), tuple[QuoteOfMany, ...])
    found = client.batch("a", polars.DataFrame({"utilisation": [0.5]}))
    assert_type(found.quantities["x"].values, list[float | None])
    assert_type(rackrate.frame(found), polars.DataFrame)
    table = client.sweep("a", [{"kind": "values", "field": "utilisation", "values": [0.5]}])
    assert_type(table, rackrate.Table | rackrate.Reduced)
    assert_type(client.frames("a", []), Iterator[polars.DataFrame])
    assert_type(client.file("a", [], "csv"), Iterator[bytes])
    assert_type(client.simulate("a", {"fields": {}}), rackrate.Simulation)
    assert_type(client.sensitivity("a", "b"), rackrate.Sensitivity)
    assert_type(client.catalog(), dict[str, tuple[str, ...]])
    assert_type(client.row("accelerators", "b"), Mapping[str, Any])
    assert_type(client.health(), Health)
    client.quote("a", target="b")  # type: ignore[call-arg]
    client.quote(1)  # type: ignore[arg-type]


async def ask() -> None:
    async with AsyncClient("http://127.0.0.1:8000") as asked:
        assert_type(asked, AsyncClient)
        assert_type(await asked.quote("nvl72-neocloud"), rackrate.Quote)
        async for rows in asked.frames("a", []):
            assert_type(rows, polars.DataFrame)
        assert_type(await asked.compare(["a", "b"]), rackrate.Comparison)
        asked.quote("a").quantities  # type: ignore[attr-defined]  # noqa: B018


try:
    client.health()
except Busy as busy:
    assert_type(busy.retry_after, float | None)
    assert_type(busy.about.status, int)
