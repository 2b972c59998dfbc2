"""Offers of rented instances, read from rows of other tools' catalogs, as rows of our own: a price
of one GPU's hour with its source.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from economics.scenario import catalog, machines
from economics.scenario.row_names import word

SKYPILOT = ("InstanceType", "AcceleratorName", "AcceleratorCount", "Price", "Region")
GPUHUNT = ("instance_name", "location", "price", "gpu_count", "gpu_name", "spot")
NUMBER = re.compile(r"\+?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
LEAST, MOST = 1e-6, 1e9  # of counts; of prices the least


class Offer(Struct, frozen=True, kw_only=True):
    """An instance that somebody rents out by the hour; without `gpu` a host alone, without
    `instance` accelerators alone.
    """

    instance: str
    region: str
    gpu: str
    gpu_per_instance: float
    price_usd_per_instance_hour: float
    spot: bool
    zone: str = ""
    note: str = ""

    @property
    def price_usd_per_gpu_hour(self) -> float:
        """The price of one GPU's hour."""
        return self.price_usd_per_instance_hour / self.gpu_per_instance


class Unusable(Struct, frozen=True):
    """A row, or one of its prices, that gives no offer, and why.

    Kinds: "host" (no GPUs), "without_host" (GPUs that need another row's machine), "none_offered",
    "placeholder", "not_understood".
    """

    reason: str
    kind: str = "not_understood"


Read = Iterator[Offer | Unusable]
Record = Mapping[str, str]
HOST = Unusable("no accelerator: a host without GPUs", "host")


def skypilot(record: Record) -> Read:
    """The offers of a row of SkyPilot's catalog: on demand (`Price`) and spot (`SpotPrice`), each
    the price of the whole instance, or of a host or of accelerators alone.
    """
    instance, about = record["InstanceType"], _about(record, "Accelerator", "Name", "Count")
    if isinstance(about, Unusable):
        yield about
        return
    gpu, count = about
    if machines.chips_of(gpu):  # the price of a slice holds its host
        instance = instance or record["AcceleratorName"]
    if instance and not word(instance):
        yield Unusable(f"InstanceType = {instance!r}: expected a name")
        return
    if not record["Price"] and not record.get("SpotPrice"):
        yield Unusable("no price") if gpu else HOST
        return
    for field, spot in (("Price", False), ("SpotPrice", True)):
        if text := record.get(field, ""):
            yield _price(text, field, spot, gpu) or Offer(
                instance=instance,
                region=record["Region"],
                zone=record.get("AvailabilityZone", ""),
                gpu=gpu,
                gpu_per_instance=count,
                price_usd_per_instance_hour=_number(text),
                spot=spot,
            )


def gpuhunt(record: Record) -> Read:
    """The offer of a row of gpuhunt's catalog; its price is that of the whole instance."""
    maker, gpu = record.get("gpu_vendor", ""), record["gpu_name"]
    google = gpu and maker.lower() == "google" and machines.chips_of(gpu) is None
    named = {**record, "gpu_name": f"tpu-{gpu}"} if google else record
    about, spot = _about(named, "gpu_", "name", "count"), record["spot"].lower()
    if isinstance(about, Unusable) or not about[0]:
        yield HOST if isinstance(about, tuple) else about
    elif not word(record["instance_name"]):
        yield Unusable("no instance_name")
    elif spot not in ("true", "false", ""):
        yield Unusable(f"spot = {record['spot']!r}: expected True or False")
    else:
        yield _price(record["price"], "price", spot == "true", about[0]) or Offer(
            instance=record["instance_name"],
            region=record["location"],
            gpu=about[0],
            gpu_per_instance=about[1],
            price_usd_per_instance_hour=_number(record["price"]),
            spot=spot == "true",
        )


def _about(record: Record, prefix: str, name: str, count: str) -> tuple[str, float] | Unusable:
    """The kind of a row's accelerators and how many there are, chips where they are TPUs; "" and 0
    for a host.
    """
    gpu, stated = record[prefix + name], record[prefix + count]
    number = _number(stated)
    if not gpu:
        host = not stated or number == 0.0
        return (
            ("", 0.0) if host else Unusable(f"no {prefix}{name}, but {prefix}{count} = {stated!r}")
        )
    if not LEAST <= number <= MOST:
        return Unusable(f"{prefix}{count} = {stated!r}: expected a number above 0")
    kind, chips = machines.chips_of(gpu) or (gpu, 1.0)
    if chips is None:
        return Unusable(f"{gpu}: a slice of TPUs of which nobody knows how many chips it has")
    return kind, number * chips


def _price(text: str, field: str, spot: bool, gpu: str) -> Unusable | None:
    """What is wrong with a price; hosts alone may have any."""
    number = _number(text)
    if not gpu or number >= LEAST:
        return None
    if spot and number == 0.0:
        return Unusable(f"{field} = {text!r}: none is offered", "none_offered")
    return Unusable(f"{field} = {text!r}: expected a number above 0")


def _number(text: str) -> float:
    return float(text) if NUMBER.fullmatch(text) else math.nan


def accelerator_of(gpu: str) -> str | None:
    """The catalog's row of an accelerator that a GPU's name means: by its first word that only one
    row's name has, shipped rows first ("tpu" is the word of many).
    """
    parts = [part for part in re.split(r"[^a-z0-9]+", gpu.lower()) if part != "tpu"]
    for rows in (catalog.shipped("accelerators"), catalog.rows("accelerators")):
        for part in parts:
            having = [name for name in rows if part in name.split("-")]
            if len(having) == 1:
                return having[0]
    return None


def named(offer: Offer, prefix: str = "") -> str:
    """The name of an offer's row."""
    parts = (
        prefix,
        offer.instance,
        offer.region,
        offer.zone if offer.spot and offer.zone != offer.region else "",
        "spot" if offer.spot else "",
    )
    return "-".join(filter(None, map(word, parts)))


def row(offer: Offer, source: str, as_of: str, lines: Sequence[int]) -> dict[str, Any]:
    """An offer as a row of the catalog: the price of one GPU's hour."""
    price, count = offer.price_usd_per_instance_hour, offer.gpu_per_instance
    zone, how = (offer.zone, "spot") if offer.spot else ("", "on demand")
    where = zone or offer.region or "any region"
    known = accelerator_of(offer.gpu)
    stands = f"line {lines[0]}" if len(lines) == 1 else "lines " + " and ".join(map(str, lines))
    return {
        "description": f"{count:g} x {offer.gpu}, {offer.instance} in {where}, {how}",
        **({"accelerator": known} if known else {}),
        "revenue": {
            "rental_price_usd_per_gpu_hour": {
                "value": offer.price_usd_per_gpu_hour,
                "source": f"{source}, {stands}",
                "as_of": as_of,
                "note": offer.note or f"{price:g} USD an hour of the instance",
            }
        },
    }
