"""Offers of rented instances, read from rows of other tools' catalogs, as rows of our own: a price
of one GPU's hour with its source.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from economics.scenario import catalog

NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._]+")
TPU = re.compile(r"^tpu", re.IGNORECASE)
SKYPILOT = ("InstanceType", "AcceleratorName", "AcceleratorCount", "Price", "Region")
GPUHUNT = ("instance_name", "location", "price", "gpu_count", "gpu_name", "spot")
HOST = "no accelerator: a host without GPUs"
NUMBER = re.compile(r"\+?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
LEAST, MOST = 1e-6, 1e9  # of prices and of counts: what a GPU's hour may cost follows


class Offer(Struct, frozen=True, kw_only=True):
    """An instance that somebody rents out by the hour."""

    instance: str
    region: str
    gpu: str
    gpu_per_instance: float
    price_usd_per_instance_hour: float
    spot: bool
    zone: str = ""


class Unusable(Struct, frozen=True):
    """A row, or its spot price, that gives no offer, and why."""

    reason: str


Read = Iterator[Offer | Unusable]
Record = Mapping[str, str]


def skypilot(record: Record) -> Read:
    """The offers of a row of SkyPilot's catalog: on demand (`Price`) and spot (`SpotPrice`), each
    the price of the whole instance.
    """
    gpu, instance = record["AcceleratorName"], record["InstanceType"]
    refused = _unusable(gpu, "AcceleratorName", record["AcceleratorCount"], "AcceleratorCount")
    if refused is None and not _word(instance):
        refused = Unusable("no InstanceType: the price of a GPU without its host")
    if refused is None and not record["Price"] and not record.get("SpotPrice"):
        refused = Unusable("no price")
    if refused is not None:
        yield refused
        return
    count = _number(record["AcceleratorCount"])
    about: dict[str, Any] = {
        "instance": instance,
        "region": record["Region"],
        "gpu": gpu,
        "gpu_per_instance": count,
    }
    for field, spot in (("Price", False), ("SpotPrice", True)):
        text = record.get(field, "")
        if text:
            wrong, price = _wrong(text, field), _number(text)
            zone = record.get("AvailabilityZone", "") if spot else ""
            yield wrong or Offer(price_usd_per_instance_hour=price, spot=spot, zone=zone, **about)


def gpuhunt(record: Record) -> Read:
    """The offer of a row of gpuhunt's catalog; its price is that of the whole instance."""
    gpu = record["gpu_name"]
    maker = record.get("gpu_vendor", "")
    named = f"tpu-{gpu}" if maker.lower() == "google" and not TPU.match(gpu) else gpu
    refused = _unusable(named if gpu else "", "gpu_name", record["gpu_count"], "gpu_count")
    if refused is None and not _word(record["instance_name"]):
        refused = Unusable("no instance_name")
    refused = refused or _wrong(record["price"], "price")
    if refused is None and record["spot"].lower() not in ("true", "false", ""):
        refused = Unusable(f"spot = {record['spot']!r}: expected True or False")
    yield refused or Offer(
        instance=record["instance_name"],
        region=record["location"],
        gpu=gpu,
        gpu_per_instance=_number(record["gpu_count"]),
        price_usd_per_instance_hour=_number(record["price"]),
        spot=record["spot"].lower() == "true",
    )


def _unusable(gpu: str, named: str, count: str, counted: str) -> Unusable | None:
    """What is wrong with a GPU's name and how many there are; a host has neither."""
    if not gpu:
        return Unusable(
            HOST if not count or _number(count) == 0.0 else f"no {named}, but {counted} = {count!r}"
        )
    if TPU.match(gpu):
        return Unusable(
            f"{gpu}: a slice of TPUs counts as one accelerator, so that its price is not one of a"
            " chip"
        )
    return _wrong(count, counted)


def _wrong(text: str, field: str) -> Unusable | None:
    """What is wrong with a price or a count."""
    return (
        None
        if LEAST <= _number(text) <= MOST
        else Unusable(f"{field} = {text!r}: expected a number above 0 ({LEAST:g} to {MOST:g})")
    )


def _number(text: str) -> float:
    return float(text) if NUMBER.fullmatch(text) else math.nan


def accelerator_of(gpu: str) -> str | None:
    """The catalog's row of an accelerator that a GPU's name means: by its first word that only one
    row's name has, shipped rows first.
    """
    words = re.split(r"[^a-z0-9]+", gpu.lower())
    for rows in (catalog.shipped("accelerators"), catalog.rows("accelerators")):
        for word in words:
            having = [name for name in rows if word in name.split("-")]
            if len(having) == 1:
                return having[0]
    return None


def named(offer: Offer, prefix: str = "") -> str:
    """The name of an offer's row."""
    parts = (
        prefix,
        offer.instance,
        offer.region,
        offer.zone if offer.zone != offer.region else "",
        "spot" if offer.spot else "",
    )
    return "-".join(filter(None, map(_word, parts)))


def _word(text: str) -> str:
    """A text as a part of a row's name: nothing where it has no letter and no digit."""
    return NOT_IN_NAMES.sub("-", text).strip("-")


def row(offer: Offer, source: str, as_of: str, line: int) -> dict[str, Any]:
    """An offer as a row of the catalog: the price of one GPU's hour."""
    price, count = offer.price_usd_per_instance_hour, offer.gpu_per_instance
    where, how = offer.zone or offer.region or "any region", "spot" if offer.spot else "on demand"
    known = accelerator_of(offer.gpu)
    return {
        "description": f"{count:g} x {offer.gpu}, {offer.instance} in {where}, {how}",
        **({"accelerator": known} if known else {}),
        "revenue": {
            "rental_price_usd_per_gpu_hour": {
                "value": price / count,
                "source": f"{source}, line {line}",
                "as_of": as_of,
                "note": f"{price:g} USD an hour of the instance",
            }
        },
    }
