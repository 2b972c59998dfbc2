"""Tokens sold instead of GPU-hours: what a million of them costs, and what a GPU-hour of them
brings in.
"""

from economics.formulas.cost import margin, ratio
from economics.vocabulary.statuses import no_cost, no_price
from kernels.language.node import named, signed, when

SOLD = ("tokens", "subscription")


@when(revenue=SOLD)
def gpu_second_per_mtok_output(output_token_per_second_per_gpu, token_per_mtok):
    """GPU-seconds that generate a million tokens."""
    return token_per_mtok / output_token_per_second_per_gpu


@when(revenue=SOLD)
def gpu_second_per_mtok_input(input_token_per_second_per_gpu, token_per_mtok):
    """GPU-seconds that read a million tokens, none of them cached."""
    return token_per_mtok / input_token_per_second_per_gpu


@when(revenue=SOLD)
def cost_usd_per_mtok_output(cost_usd_per_gpu_hour, gpu_second_per_mtok_output, second_per_hour):
    """What generating a million tokens costs: USD per GPU-hour over 3600 and over tokens a second,
    times a million.
    """
    return cost_usd_per_gpu_hour / second_per_hour * gpu_second_per_mtok_output


@when(revenue=SOLD)
def cost_usd_per_mtok_input(cost_usd_per_gpu_hour, gpu_second_per_mtok_input, second_per_hour):
    """What reading a million tokens costs, none of them cached."""
    return cost_usd_per_gpu_hour / second_per_hour * gpu_second_per_mtok_input


@when(revenue="tokens")
def output_token_fraction(input_token_per_output_token):
    """Share of all tokens, read and generated, that are generated."""
    return 1.0 / (1.0 + input_token_per_output_token)


@when(revenue="tokens", reading="some")
def gpu_hour_per_mtok(
    gpu_second_per_mtok_output,
    gpu_second_per_mtok_input,
    input_token_per_output_token,
    cached_input_fraction,
    output_token_fraction,
    second_per_hour,
):
    """GPU-hours of a million tokens of the mix, read and generated."""
    read = input_token_per_output_token * (1.0 - cached_input_fraction) * gpu_second_per_mtok_input
    return (gpu_second_per_mtok_output + read) * output_token_fraction / second_per_hour


@when(revenue="tokens", reading="none")
@named("gpu_hour_per_mtok")
def generated_gpu_hour_per_mtok(gpu_second_per_mtok_output, output_token_fraction, second_per_hour):
    """GPU-hours of a million tokens of the mix, of which none is read by computing."""
    return gpu_second_per_mtok_output * output_token_fraction / second_per_hour


@when(revenue="tokens")
def cost_usd_per_mtok(cost_usd_per_gpu_hour, gpu_hour_per_mtok):
    """What a million tokens of the mix cost."""
    return cost_usd_per_gpu_hour * gpu_hour_per_mtok


@when(revenue="tokens")
def price_usd_per_mtok(
    output_price_usd_per_mtok,
    input_price_usd_per_mtok,
    cached_input_price_usd_per_mtok,
    input_token_per_output_token,
    cached_input_fraction,
    output_token_fraction,
):
    """What a million tokens of the mix bring in, in year 1."""
    read = (
        input_price_usd_per_mtok * (1.0 - cached_input_fraction)
        + cached_input_price_usd_per_mtok * cached_input_fraction
    )
    return (output_price_usd_per_mtok + input_token_per_output_token * read) * output_token_fraction


@when(revenue="tokens")
@named("rental_price_usd_per_gpu_hour")
def token_price_usd_per_gpu_hour(price_usd_per_mtok, gpu_hour_per_mtok):
    """What a sold GPU-hour brings in, in year 1: the tokens of the mix that it makes, at their
    prices.
    """
    return price_usd_per_mtok / gpu_hour_per_mtok


@when(revenue="tokens")
def visible_price_usd_per_mtok(output_price_usd_per_mtok, reasoning_token_factor):
    """What the customer pays for a million generated tokens that can be seen: those of hidden
    reasoning are billed too.
    """
    return output_price_usd_per_mtok * reasoning_token_factor


@when(revenue="tokens")
def visible_cost_usd_per_mtok(cost_usd_per_mtok_output, reasoning_token_factor):
    """What a million generated tokens that can be seen cost, those of hidden reasoning included."""
    return cost_usd_per_mtok_output * reasoning_token_factor


@when(revenue="tokens")
def breakeven_price_usd_per_mtok(breakeven_price_usd_per_gpu_hour, gpu_hour_per_mtok):
    """Year-1 price of a million tokens of the mix at which the NPV after tax is 0."""
    return breakeven_price_usd_per_gpu_hour * gpu_hour_per_mtok


@signed
@when(revenue="tokens")
@no_price
def gross_margin_fraction(cost_usd_per_mtok, price_usd_per_mtok, revenue_overhead_fraction, xp):
    """Share of the price of the mix that is left after overheads and its cost; below 0 tokens are
    sold below cost.
    """
    return margin(cost_usd_per_mtok, price_usd_per_mtok, revenue_overhead_fraction, xp)


@when(revenue="tokens")
@no_cost
def price_to_cost_factor(price_usd_per_mtok, cost_usd_per_mtok, xp):
    """Price of the mix over its cost: below 1 tokens are sold below cost."""
    return ratio(price_usd_per_mtok, cost_usd_per_mtok, xp)
