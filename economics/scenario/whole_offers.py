"""The offers of a price list as they can be taken: each whole, and none that stands for "no price".

A list may state hosts and accelerators apart (SkyPilot's of Google's cloud does): they are joined
where the host's name says which accelerators it has. It may fill the place of a price that is not
known with a figure that nobody would pay: such a figure is a placeholder.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from economics.scenario import machines
from economics.scenario.offers import HOST, LEAST, Offer, Unusable

PLACEHOLDER_USD_PER_GPU_HOUR = 500.0  # of lists, the dearest GPU that somebody rents is near 20
Lined = tuple[tuple[int, ...], Offer | Unusable]  # with the lines that it stands in


def whole_offers(read: Sequence[Lined]) -> Iterator[Lined]:
    """The offers of a list, each whole: those of accelerators alone with the hosts whose names say
    that they have them, in the same place; placeholders are told.
    """
    read = list(_told(read))
    apart: dict[Any, list[tuple[tuple[int, ...], Offer]]] = {}
    for lines, one in read:
        if isinstance(one, Offer) and one.gpu and not one.instance:
            apart.setdefault(_place(one, one.gpu, one.gpu_per_instance), []).append((lines, one))
    used, hosts = set[tuple[int, ...]](), dict[tuple[int, ...], bool]()
    for lines, one in read:
        if not isinstance(one, Offer) or (one.gpu and one.instance):
            yield lines, one
        elif not one.gpu:
            found = _accelerators(one, apart)
            hosts[lines] = hosts.get(lines, False) or bool(found)
            for theirs, gpus in found:
                used.add(theirs)
                yield from _told([(tuple(sorted({*lines, *theirs})), _whole(one, gpus))])
    yield from ((lines, HOST) for lines, has in hosts.items() if not has)
    for lines in dict.fromkeys(lines for many in apart.values() for lines, _ in many):
        if lines not in used:
            yield lines, Unusable("the price of GPUs without their host", "without_host")


def _place(offer: Offer, gpu: str, count: float) -> Any:
    return gpu.lower(), count, offer.region, offer.zone, offer.spot


def _accelerators(host: Offer, apart: Mapping[Any, Sequence[Any]]) -> Sequence[Any]:
    """The offers of the accelerators that a host's name says it has."""
    named = machines.accelerators_of(host.instance)
    priced = host.price_usd_per_instance_hour >= LEAST
    return apart.get(_place(host, *named), ()) if named and priced else ()


def _whole(host: Offer, gpus: Offer) -> Offer:
    """A host with its accelerators."""
    own, theirs = host.price_usd_per_instance_hour, gpus.price_usd_per_instance_hour
    return replace(
        host,
        gpu=gpus.gpu,
        gpu_per_instance=gpus.gpu_per_instance,
        price_usd_per_instance_hour=own + theirs,
        note=f"{own:g} USD an hour of the host and {theirs:g} of its GPUs",
    )


def _told(read: Sequence[Lined]) -> Iterator[Lined]:
    """Offers, but placeholders as what they are: a price of a GPU's hour that nobody asks, and the
    same figure wherever it stands for that GPU, however many there are.
    """
    figures = {
        (one.gpu, one.price_usd_per_instance_hour): one.price_usd_per_gpu_hour
        for _, one in read
        if isinstance(one, Offer)
        and one.gpu
        and one.price_usd_per_gpu_hour >= PLACEHOLDER_USD_PER_GPU_HOUR
    }
    for lines, one in read:
        if isinstance(one, Offer) and (one.gpu, one.price_usd_per_instance_hour) in figures:
            yield lines, Unusable(_placeholder(one), "placeholder")
        else:
            yield lines, one


def _placeholder(offer: Offer) -> str:
    price, how = offer.price_usd_per_instance_hour, "spot" if offer.spot else "on demand"
    asked = f"{price:,.10g} USD an hour for {offer.gpu_per_instance:g} x {offer.gpu}, {how}"
    return f"{asked}: a placeholder, no price"
