"""Offers made whole: hosts with the accelerators that their names say, and no placeholder."""

from economics.scenario.offers import HOST, Offer, Unusable
from economics.scenario.whole_offers import PLACEHOLDER_USD_PER_GPU_HOUR, whole_offers


def offer(instance, gpu, count, price, spot=False, zone="z"):
    return Offer(
        instance=instance,
        region="r",
        zone=zone,
        gpu=gpu,
        gpu_per_instance=count,
        price_usd_per_instance_hour=price,
        spot=spot,
    )


def host(instance, price, **place):
    return offer(instance, "", 0.0, price, **place)


def whole(*read):
    return list(whole_offers([((line,), one) for line, one in enumerate(read, 2)]))


def kinds(*read):
    return [one.kind if isinstance(one, Unusable) else one.instance for _, one in whole(*read)]


def test_a_host_is_joined_with_what_its_name_says_it_has():
    ((lines, joined),) = whole(offer("", "A100", 2.0, 5.5), host("a2-highgpu-2g", 1.5))
    assert lines == (2, 3)
    assert (joined.gpu, joined.price_usd_per_gpu_hour) == ("A100", 3.5)
    assert joined.note == "1.5 USD an hour of the host and 5.5 of its GPUs"


def test_each_machine_that_takes_an_accelerator_is_an_offer():
    names = kinds(host("g2-standard-4", 0.3), offer("", "L4", 1.0, 0.5), host("g2-standard-8", 0.4))
    assert names == ["g2-standard-4", "g2-standard-8"]


def test_only_the_same_place_count_and_kind_of_price_is_joined():
    gpus = offer("", "A100", 1.0, 3.0)
    for other in (
        host("a2-highgpu-1g", 1.0, zone="y"),
        host("a2-highgpu-1g", 1.0, spot=True),
        host("a2-highgpu-2g", 1.0),
        host("a2-highgpu-1g", float("nan")),
        host("n1-standard-8", 1.0),
    ):
        assert kinds(gpus, other) == ["host", "without_host"]
    assert whole(host("n1-standard-8", 1.0), offer("n", "T4", 1.0, 1.0))[-1] == ((2,), HOST)


def test_a_host_is_counted_once_and_not_where_one_of_its_prices_is_joined():
    demand, spot = host("a2-highgpu-1g", 1.0), host("a2-highgpu-1g", 0.4, spot=True)
    both = [((2,), demand), ((2,), spot)]
    assert [one.kind for _, one in whole_offers(both)] == ["host"]
    both.append(((3,), offer("", "A100", 1.0, 3.0)))
    assert [one.instance for _, one in whole_offers(both)] == ["a2-highgpu-1g"]


def test_from_the_bound_on_a_price_is_a_placeholder():
    bound = PLACEHOLDER_USD_PER_GPU_HOUR
    assert kinds(offer("x", "H100", 2.0, 2.0 * bound)) == ["placeholder"]
    assert kinds(offer("x", "H100", 2.0, 1.99 * bound)) == ["x"]
    ((_, told),) = whole(offer("x", "H100", 1.0, 99999999.0, spot=True))
    assert told.reason == "99,999,999 USD an hour for 1 x H100, spot: a placeholder, no price"


def test_a_placeholders_figure_is_none_for_any_count():
    read = (
        offer("tpu-v6e-256", "tpu-v6e", 256.0, 700.0),
        offer("tpu-v6e-1", "tpu-v6e", 1.0, 700.0),
        offer("tpu-v6e-256", "tpu-v6e", 256.0, 691.2),
        offer("other", "H100", 8.0, 700.0),
    )
    assert kinds(*read) == ["placeholder", "placeholder", "tpu-v6e-256", "other"]


def test_a_placeholder_is_found_in_a_host_and_in_its_accelerators():
    gpus = offer("", "A100", 1.0, 3.0)
    assert kinds(host("a2-highgpu-1g", 1e8), gpus) == ["placeholder"]
    assert kinds(host("a2-highgpu-1g", 1.0), offer("", "A100", 1.0, 1e8)) == ["placeholder", "host"]
