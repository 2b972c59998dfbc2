"""Offers from rows of other catalogs: the price of one GPU's hour, and why a row gives none."""

import pytest

from economics.scenario import catalog, offers
from economics.scenario.offers import HOST, Offer, Unusable

SKY = {
    "InstanceType": "p5.48xlarge",
    "AcceleratorName": "H100",
    "AcceleratorCount": "8",
    "Price": "98.32",
    "Region": "us-east-1",
    "SpotPrice": "29.5",
    "AvailabilityZone": "us-east-1a",
}
HUNT = {
    "instance_name": "a3",
    "location": "us-central1",
    "price": "88.25",
    "gpu_count": "8",
    "gpu_name": "H100",
    "spot": "False",
    "gpu_vendor": "nvidia",
}


def sky(**changes):
    return list(offers.skypilot({**SKY, **changes}))


def test_an_instance_is_offered_on_demand_and_as_spot():
    demand, spot = sky()
    assert (demand.price_usd_per_instance_hour, demand.spot) == (98.32, False)
    assert (spot.price_usd_per_instance_hour, spot.spot, spot.zone) == (29.5, True, "us-east-1a")
    assert offers.named(demand, "aws") == "aws-p5.48xlarge-us-east-1"
    assert offers.named(spot) == "p5.48xlarge-us-east-1-us-east-1a-spot"


def test_a_row_has_the_price_of_one_gpus_hour_with_its_source():
    row = offers.row(sky()[0], "vms.csv", "2026-11-01", [7])
    figure = row["revenue"]["rental_price_usd_per_gpu_hour"]
    assert figure["value"] == 98.32 / 8
    assert (figure["source"], figure["as_of"]) == ("vms.csv, line 7", "2026-11-01")
    assert row["accelerator"] == "hgx-h100"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"AcceleratorName": "", "AcceleratorCount": "", "Price": "", "SpotPrice": ""},
            HOST.reason,
        ),
        ({"AcceleratorName": ""}, "no AcceleratorName, but AcceleratorCount = '8'"),
        ({"AcceleratorCount": ""}, "AcceleratorCount = ''"),
        ({"AcceleratorCount": "0"}, "AcceleratorCount = '0': expected a number above 0"),
        ({"AcceleratorCount": "eight"}, "AcceleratorCount = 'eight'"),
        ({"AcceleratorCount": "1e-300"}, "AcceleratorCount = '1e-300'"),
        ({"InstanceType": "###"}, "InstanceType = '###': expected a name"),
        ({"Price": "", "SpotPrice": ""}, "no price"),
        ({"AcceleratorName": "tpu-v99-8"}, "tpu-v99-8: a slice of TPUs of which nobody knows"),
    ],
)
def test_rows_without_an_offer_say_why(changes, reason):
    (one,) = sky(**changes)
    assert isinstance(one, Unusable)
    assert reason in one.reason


@pytest.mark.parametrize(
    "price",
    ["0", "0.0", "-1", "nan", "inf", "free", "$3", "1_0", "1,000", "\u0663", "1e-320"],
)
def test_prices_must_be_above_0_each_for_itself(price):
    wrong, spot = sky(Price=price)
    assert (f"Price = {price!r}" in wrong.reason, wrong.kind) == (True, "not_understood")
    assert isinstance(spot, Offer)
    demand, wrong = sky(SpotPrice=price)
    assert isinstance(demand, Offer)
    assert f"SpotPrice = {price!r}" in wrong.reason
    assert wrong.kind == ("none_offered" if price.strip("0.") == "" else "not_understood")
    assert [isinstance(one, Offer) for one in sky(Price="", SpotPrice="3")] == [True]
    assert len(sky(SpotPrice="")) == 1


def hunt(**changes):
    (one,) = offers.gpuhunt({**HUNT, **changes})
    return one


def test_gpuhunts_rows():
    assert hunt().price_usd_per_instance_hour == 88.25
    assert (hunt().spot, hunt(spot="True").spot, hunt(spot="").spot) == (False, True, False)
    assert offers.named(hunt(spot="true"), "gcp") == "gcp-a3-us-central1-spot"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gpu_count": "0", "gpu_name": ""}, HOST.reason),
        ({"gpu_count": "", "gpu_name": "", "gpu_vendor": "google"}, HOST.reason),
        ({"gpu_count": "0"}, "gpu_count = '0'"),
        ({"gpu_count": ""}, "gpu_count = ''"),
        ({"gpu_name": ""}, "no gpu_name, but gpu_count = '8'"),
        ({"gpu_count": "x"}, "gpu_count = 'x'"),
        ({"price": "0"}, "price = '0'"),
        ({"price": ""}, "price = ''"),
        ({"instance_name": ""}, "no instance_name"),
        ({"instance_name": "###"}, "no instance_name"),
        ({"spot": "maybe"}, "spot = 'maybe'"),
        ({"price": "0.00", "spot": "True"}, "price = '0.00': none is offered"),
        ({"gpu_name": "v99-8", "gpu_vendor": "google"}, "tpu-v99-8: a slice of TPUs"),
    ],
)
def test_gpuhunts_rows_without_an_offer_say_why(changes, reason):
    assert reason in hunt(**changes).reason


def test_gpus_that_no_row_of_accelerators_has_are_not_guessed():
    for name, row in (
        ("H100", "hgx-h100"),
        ("NVIDIA H100-SXM", "hgx-h100"),
        ("GB200", "gb200-nvl72"),
        ("HGX B200", "hgx-b200"),
    ):
        assert offers.accelerator_of(name) == row
    assert [
        offers.accelerator_of(name)
        for name in ("A100-80GB", "V100-32GB", "HGX H20", "GH200 NVL72", "")
    ] == [None] * 5
    assert "accelerator" not in offers.row(sky(AcceleratorName="V100-32GB")[0], "x", "2026", [1])


def test_rows_of_ones_own_are_known_after_the_shipped_ones(tmp_path, monkeypatch):
    monkeypatch.setenv(catalog.FOLDER, str(tmp_path))
    (tmp_path / "accelerators.toml").write_text("[our-a100.hardware]\n[our-h100.hardware]\n")
    catalog.look_again()
    assert [offers.accelerator_of(name) for name in ("A100-80GB", "H100")] == [
        "our-a100",
        "hgx-h100",
    ]


def test_slices_of_tpus_are_offers_of_chips():
    slice_ = {"InstanceType": "", "AcceleratorName": "tpu-v5p-16", "AcceleratorCount": "1"}
    demand, _ = sky(**slice_, Price="33.6")
    assert (demand.instance, demand.gpu, demand.gpu_per_instance) == ("tpu-v5p-16", "tpu-v5p", 8.0)
    assert demand.price_usd_per_gpu_hour == 33.6 / 8
    assert sky(**{**slice_, "AcceleratorCount": "2"})[0].gpu_per_instance == 16.0
    hunted = hunt(gpu_name="v6e-4", gpu_count="1", gpu_vendor="google", price="10.8")
    assert (hunted.gpu, hunted.price_usd_per_gpu_hour) == ("tpu-v6e", 2.7)
    assert offers.accelerator_of("tpu-v6e") is None
    assert offers.accelerator_of("TPU Ironwood") == "ironwood-tpu"


def test_accelerators_and_hosts_alone_are_offers_that_are_not_whole():
    alone, _ = sky(InstanceType="")
    assert (alone.instance, alone.gpu) == ("", "H100")
    host, _ = sky(AcceleratorName="", AcceleratorCount="0")
    assert (host.instance, host.gpu) == ("p5.48xlarge", "")


def test_names_hold_no_strange_characters():
    offer = Offer(
        instance="a b/c",
        region="x:y",
        gpu="H100",
        gpu_per_instance=1.0,
        price_usd_per_instance_hour=1.0,
        spot=False,
    )
    assert offers.named(offer, "p") == "p-a-b-c-x-y"
