"""Subscriptions sold instead of GPU-hours: what a user's requests cost, and how many users cost
more than they pay.
"""

from economics.formulas.cost import margin, ratio
from economics.vocabulary.statuses import no_cost, no_price
from kernels.language.node import Probe, named, probe, signed, when
from kernels.language.normal import above, logarithm


@when(revenue="subscription", reading="some")
def gpu_second_per_request(
    gpu_second_per_mtok_output,
    gpu_second_per_mtok_input,
    output_token_per_request,
    input_token_per_request,
    cached_input_fraction,
    reasoning_token_factor,
    token_per_mtok,
):
    """GPU-seconds of a request: to read what is not cached, and to generate."""
    read = input_token_per_request * (1.0 - cached_input_fraction) * gpu_second_per_mtok_input
    return (
        read + output_token_per_request * reasoning_token_factor * gpu_second_per_mtok_output
    ) / token_per_mtok


@when(revenue="subscription", reading="none")
@named("gpu_second_per_request")
def generated_gpu_second_per_request(
    gpu_second_per_mtok_output, output_token_per_request, reasoning_token_factor, token_per_mtok
):
    """GPU-seconds of a request for which nothing is read by computing: to generate."""
    return (
        output_token_per_request * reasoning_token_factor * gpu_second_per_mtok_output
    ) / token_per_mtok


@when(revenue="subscription")
def cost_usd_per_request(cost_usd_per_gpu_hour, gpu_second_per_request, second_per_hour):
    """What a request costs."""
    return cost_usd_per_gpu_hour / second_per_hour * gpu_second_per_request


@when(revenue="subscription")
def gpu_hour_per_user_month(request_per_user_month, gpu_second_per_request, second_per_hour):
    """GPU-hours of a user's requests in a month, on average."""
    return request_per_user_month * gpu_second_per_request / second_per_hour


@when(revenue="subscription")
def cost_usd_per_user_month(cost_usd_per_gpu_hour, gpu_hour_per_user_month):
    """What a user costs a month, on average."""
    return cost_usd_per_gpu_hour * gpu_hour_per_user_month


@when(revenue="subscription")
@probe(cost=Probe("cost_usd_per_user_month", "utilisation"))
def idle_cost_usd_per_user_month(cost, cost_usd_per_user_month):
    """What of a user's cost pays for hours that nobody uses: what the user would cost less if all
    of them were used.
    """
    return cost_usd_per_user_month - cost(1.0)


@signed
@when(revenue="subscription")
def margin_usd_per_user_month(
    price_usd_per_user_month, cost_usd_per_user_month, revenue_overhead_fraction
):
    """What a user leaves a month after overheads, on average; below 0 a loss. The cost holds
    overheads on a price that just meets it.
    """
    return (price_usd_per_user_month - cost_usd_per_user_month) * (1.0 - revenue_overhead_fraction)


@when(revenue="subscription")
@named("rental_price_usd_per_gpu_hour")
def subscribed_price_usd_per_gpu_hour(price_usd_per_user_month, gpu_hour_per_user_month):
    """What a sold GPU-hour brings in, in year 1: the users that it serves, at what they pay."""
    return price_usd_per_user_month / gpu_hour_per_user_month


@signed
@when(revenue="subscription")
@named("gross_margin_fraction")
@no_price
def user_gross_margin_fraction(
    cost_usd_per_user_month, price_usd_per_user_month, revenue_overhead_fraction, xp
):
    """Share of what a user pays that is left after overheads and the user's cost, on average; below
    0 a loss.
    """
    return margin(cost_usd_per_user_month, price_usd_per_user_month, revenue_overhead_fraction, xp)


@when(revenue="subscription")
@named("price_to_cost_factor")
@no_cost
def user_price_to_cost_factor(price_usd_per_user_month, cost_usd_per_user_month, xp):
    """What a user pays over what the user costs, on average: below 1 a loss."""
    return ratio(price_usd_per_user_month, cost_usd_per_user_month, xp)


@when(revenue="subscription")
@no_cost
def breakeven_request_per_user_month(price_usd_per_user_month, cost_usd_per_request, xp):
    """Requests a month at which a user costs what the user pays."""
    return ratio(price_usd_per_user_month, cost_usd_per_request, xp)


@when(revenue="subscription")
def loss_user_fraction(request_per_user_month, breakeven_request_per_user_month, use_sigma, xp):
    """Share of users who cost more than they pay: requests are lognormal over users, around the
    stated average.
    """
    free = breakeven_request_per_user_month == 0.0
    multiple = (
        xp.where(free, request_per_user_month, breakeven_request_per_user_month)
        / request_per_user_month
    )
    return xp.where(free, 1.0, above(logarithm(multiple, xp) / use_sigma + 0.5 * use_sigma, xp))


@when(revenue="subscription")
def capacity_user_per_rack(
    available_gpu_hour_per_rack_year, gpu_hour_per_user_month, month_per_year
):
    """Users that a rack serves if all available hours are used."""
    return available_gpu_hour_per_rack_year / month_per_year / gpu_hour_per_user_month


@when(revenue="subscription")
def user_per_rack(capacity_user_per_rack, utilisation):
    """Users that a rack serves."""
    return capacity_user_per_rack * utilisation


@when(revenue="subscription")
def breakeven_user_per_rack(capacity_user_per_rack, breakeven_utilisation):
    """Users of a rack at which its NPV after tax is 0."""
    return capacity_user_per_rack * breakeven_utilisation
