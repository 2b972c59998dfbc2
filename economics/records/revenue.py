"""What is sold, as typed records: GPU-hours to whoever comes or under contract, tokens,
subscriptions. `None` stands for "not stated".
"""

from typing import Annotated as A

from msgspec import Meta, Struct

from economics.vocabulary.bounds import (
    Amount,
    DeclineRate,
    Factor,
    Fraction,
    FractionBelowOne,
    PositiveAmount,
    PositiveFactor,
    RampYears,
    Years,
)
from economics.vocabulary.header import is_


class Merchant(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """GPU-hours sold to whoever comes, at the price of the day."""

    market: A[str | None, is_("row of the catalog's rentals that fills fields left out")] = None
    rental_price_usd_per_gpu_hour: A[Amount | None, is_("price of a sold GPU-hour in year 1")] = (
        None
    )
    utilisation: A[Fraction | None, is_("sold hours over available hours, after any ramp")] = None
    price_decline_per_year: A[DeclineRate, is_("yearly fall of the price")] = 0.0
    price_path_usd_per_gpu_hour: A[
        A[tuple[Amount, ...], Meta(min_length=1, max_length=1200)] | None,
        is_(
            "price by operating year, the last held, or one for each period of the life; instead of"
            " a price and a decline"
        ),
    ] = None
    ramp_years: A[RampYears, is_("years in which utilisation rises linearly from 0")] = 0.0


class Rental(
    Merchant, tag="rental", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """GPU-hours sold at a price."""


class Tranche(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hours reserved for one customer or one way of selling: reserved, on demand, spot."""

    label: A[str | None, is_("what it is called")] = None
    hours_fraction: A[Fraction | None, is_("share of the available hours")] = None
    contract_price_usd_per_gpu_hour: A[
        Amount | None, is_("price of a paid GPU-hour, the same in all years of the term")
    ] = None
    contract_term_years: A[
        Years | None, is_("years of the contract; the economic life if not stated")
    ] = None
    take_or_pay_fraction: A[
        Fraction, is_("share of its hours that is paid for whether used or not")
    ] = 1.0
    use_fraction: A[
        Fraction | None,
        is_("share of its hours that is used; the utilisation of other hours if not stated"),
    ] = None
    default_probability_per_year: A[
        FractionBelowOne, is_("probability that the customer defaults within a year")
    ] = 0.0
    vacancy_years: A[RampYears, is_("years that its hours stand empty after a default")] = 0.0
    recovery_fraction: A[
        Fraction, is_("of what is missing after a default, recovered from the customer")
    ] = 0.0
    backstop_fraction: A[Fraction, is_("of what is missing after that, paid by a guarantor")] = 0.0
    prepayment_fraction: A[Fraction, is_("of the undiscounted contract, received at time 0")] = 0.0


class Contract(
    Merchant,
    tag="contract",
    tag_field="kind",
    forbid_unknown_fields=True,
    frozen=True,
    kw_only=True,
):
    """GPU-hours sold in tranches under contract, the rest at the price of the day."""

    tranches: A[
        tuple[Tranche, ...], is_("the contracts, together at most all available hours")
    ] = ()


class Tokens(
    Struct, tag="tokens", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Tokens sold at prices per million. Each rate is as if the GPU did only that: joint work is
    split by GPU-seconds.
    """

    output_token_per_second_per_gpu: A[
        PositiveAmount | None, is_("tokens that a GPU generates a second")
    ] = None
    input_token_per_second_per_gpu: A[
        PositiveAmount | None, is_("tokens of prompts that a GPU reads a second")
    ] = None
    input_token_per_output_token: A[Amount, is_("tokens read for each generated one")] = 0.0
    cached_input_fraction: A[Fraction, is_("share of the tokens read that need no compute")] = 0.0
    reasoning_token_factor: A[Factor, is_("tokens generated and billed for each visible one")] = 1.0
    output_price_usd_per_mtok: A[
        Amount | None, is_("price of a million generated tokens in year 1")
    ] = None
    input_price_usd_per_mtok: A[Amount, is_("price of a million tokens read in year 1")] = 0.0
    cached_input_price_usd_per_mtok: A[
        Amount, is_("price of a million cached tokens in year 1")
    ] = 0.0
    utilisation: A[Fraction | None, is_("sold hours over available hours, after any ramp")] = None
    price_decline_per_year: A[DeclineRate, is_("yearly fall of all prices")] = 0.0
    ramp_years: A[RampYears, is_("years in which utilisation rises linearly from 0")] = 0.0


class Subscription(
    Struct,
    tag="subscription",
    tag_field="kind",
    forbid_unknown_fields=True,
    frozen=True,
    kw_only=True,
):
    """Users who pay by the month, whatever they ask for."""

    price_usd_per_user_month: A[Amount | None, is_("what a user pays a month in year 1")] = None
    request_per_user_month: A[
        PositiveAmount | None, is_("requests of a user in a month, on average over the users")
    ] = None
    input_token_per_request: A[Amount, is_("tokens read for a request")] = 0.0
    output_token_per_request: A[
        PositiveAmount | None, is_("visible tokens generated for a request")
    ] = None
    output_token_per_second_per_gpu: A[
        PositiveAmount | None, is_("tokens that a GPU generates a second if it does only that")
    ] = None
    input_token_per_second_per_gpu: A[
        PositiveAmount | None,
        is_("tokens of prompts that a GPU reads a second if it does only that"),
    ] = None
    cached_input_fraction: A[Fraction, is_("share of the tokens read that need no compute")] = 0.0
    reasoning_token_factor: A[Factor, is_("tokens generated for each visible one")] = 1.0
    use_sigma: A[
        PositiveFactor | None,
        is_("spread of requests over users: standard deviation of their logarithm"),
    ] = None
    utilisation: A[Fraction | None, is_("sold hours over available hours, after any ramp")] = None
    price_decline_per_year: A[DeclineRate, is_("yearly fall of the price")] = 0.0
    ramp_years: A[RampYears, is_("years in which utilisation rises linearly from 0")] = 0.0


Revenue = Rental | Contract | Tokens | Subscription
