"""Why a quantity has no answer: marks that formulas of several subjects share, each with the words
that users read. A mark of one formula alone stands on it.
"""

from kernels.language.node import statuses

NOTHING_PAID = "nothing is paid out"
no_cost = statuses(no_cost="there is no cost")
no_debt = statuses(no_debt="no debt")
no_delay = statuses(no_delay="there is no delay")
no_outlay = statuses(no_outlay=NOTHING_PAID)
no_price = statuses(no_price="there is no price")
no_revenue = statuses(no_revenue="there is no revenue")
nothing_sold = statuses(nothing_sold="no hours are sold")
