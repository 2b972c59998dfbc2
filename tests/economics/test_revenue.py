"""What is sold: each kind picks a record, and each field is bounded."""

import msgspec
import pytest

from economics.records.revenue import Contract, Rental, Revenue, Subscription, Tokens, Tranche


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("rental", Rental),
        ("contract", Contract),
        ("tokens", Tokens),
        ("subscription", Subscription),
    ],
)
def test_a_kind_of_revenue_picks_a_record(kind, record):
    assert isinstance(msgspec.convert({"kind": kind}, Revenue), record)


@pytest.mark.parametrize(
    ("record", "field", "off"),
    [
        (Rental, "ramp_years", 0.0),
        (Rental, "price_decline_per_year", 0.0),
        (Tranche, "take_or_pay_fraction", 1.0),
        (Tranche, "default_probability_per_year", 0.0),
        (Tranche, "prepayment_fraction", 0.0),
        (Tranche, "use_fraction", None),
    ],
)
def test_the_default_is_the_off_value(record, field, off):
    assert getattr(record(), field) == off


def test_a_contract_is_sold_like_a_rental_beside_its_tranches():
    """What is stated for the hours of others reads alike in both."""
    others = {"rental_price_usd_per_gpu_hour": 2.0, "utilisation": 0.5, "ramp_years": 1.0}
    rental = msgspec.convert({"kind": "rental", **others}, Revenue)
    tranche = {"label": "spot", "hours_fraction": 0.25}
    under = msgspec.convert({"kind": "contract", **others, "tranches": [tranche]}, Revenue)
    assert under.tranches == (Tranche(label="spot", hours_fraction=0.25),)
    assert all(getattr(under, name) == getattr(rental, name) for name in others)


@pytest.mark.parametrize(
    ("revenue", "where"),
    [
        ({"kind": "rental", "price_path_usd_per_gpu_hour": []}, "price_path_usd_per_gpu_hour"),
        (
            {"kind": "rental", "price_path_usd_per_gpu_hour": [3, -1]},
            "price_path_usd_per_gpu_hour",
        ),
        ({"kind": "rental", "tranches": []}, "tranches"),
        ({"kind": "contract", "tranches": [{"default_probability_per_year": 1}]}, "tranches"),
        ({"kind": "contract", "tranches": [{"use": 1}]}, "unknown field `use`"),
        ({"kind": "tokens", "reasoning_token_factor": 0.5}, "reasoning_token_factor"),
        ({"kind": "subscription", "request_per_user_month": 0}, "request_per_user_month"),
        ({"kind": "barter"}, "barter"),
    ],
)
def test_what_cannot_be_sold(revenue, where):
    with pytest.raises(msgspec.ValidationError, match=where):
        msgspec.convert(revenue, Revenue)
