"""Scenarios without a rack that tests start from: a lease, a program, commitments, a bill, a
margin.
"""

SITE = {
    "model": "lease",
    "lease": {
        "build_capex_usd": 15e9,
        "rent_usd_per_year": 1e9,
        "lease_term_years": 15,
        "target_irr_per_year": 0.08,
    },
    "finance": {"wacc_per_year": 0.08, "periods_per_year": 1},
}
BOOKS = {"method": "straight_line", "life_years": 6}
PROGRAM = {
    "model": "program",
    "program": {
        "spend_usd": [100, 200, 300],
        "book_depreciation": BOOKS,
        "compared_depreciation": {"method": "straight_line", "life_years": 3},
        "target_margin_fraction": 0.2,
    },
}
PATHS = {
    "model": "commitments",
    "commitments": {
        "committed_usd": [10, 30, 60, 60, 60],
        "revenue_usd": [13, 20, 30, 45, 65],
        "cash_margin_fraction": 0.5,
        "cash_usd": 20,
    },
}
BILL = {
    "model": "bill",
    "bill": {
        "bill_usd_per_year": 4e9,
        "bill_price_usd_per_gpu_hour": 1.30,
        "list_price_usd_per_gpu_hour": 3.40,
    },
}
SELLER = {
    "model": "margin",
    "margin": {
        "revenue_usd_per_year": 100,
        "compute_cost_usd_per_year": 60,
        "other_cost_usd_per_year": 80,
    },
}

SCENARIOS = {
    "lease": SITE,
    "program": PROGRAM,
    "commitments": PATHS,
    "bill": BILL,
    "margin": SELLER,
}
