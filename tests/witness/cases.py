"""What is asked: scenarios beyond the shipped ones, and what is explained of them."""

RACK, NEOCLOUD, GRID = "reference-project", "nvl72-neocloud", "stargate-rack-grid"

CONTRACT, NPV, COST = "oracle-abilene", "npv_usd_per_rack", "cost_usd_per_gpu_hour"

TRANCHES = [
    {
        "label": "reserved",
        "hours_fraction": 0.6,
        "contract_price_usd_per_gpu_hour": 3.2,
        "contract_term_years": 3,
        "use_fraction": 0.9,
        "default_probability_per_year": 0.1,
        "vacancy_years": 0.5,
        "recovery_fraction": 0.4,
        "backstop_fraction": 0.5,
    },
    {
        "label": "on demand",
        "hours_fraction": 0.2,
        "contract_price_usd_per_gpu_hour": 3.9,
        "take_or_pay_fraction": 0,
        "use_fraction": 0.5,
    },
]

TWO = {
    "name": "two-tranches",
    "hardware": {
        "gpu_per_rack": 72,
        "server_price_usd_per_rack": 4e6,
        "it_load_kw_per_rack": 132,
        "economic_life_years": 5,
    },
    "facility": {"kind": "colocation", "colocation_price_usd_per_kw_month": 120, "pue": 1.25},
    "power": {"electricity_price_usd_per_kwh": 0.08},
    "finance": {"wacc_per_year": 0.1, "tax_rate": 0.21},
    "revenue": {
        "kind": "contract",
        "rental_price_usd_per_gpu_hour": 2.5,
        "utilisation": 0.7,
        "tranches": TRANCHES,
    },
}

LOAN = {
    "finance.debt_fraction": 0.6,
    "finance.debt_rate_per_year": 0.09,
    "finance.debt_tenor_years": 4,
    "finance.cost_of_equity_per_year": 0.15,
    "finance.tax_rate": 0.21,
}

GEAR = {
    "hardware.server_price_usd_per_rack": 8e5,
    "hardware.gpu_price_usd_per_gpu": 35e3,
    "hardware.network_price_usd_per_gpu": 6e3,
    "hardware.storage_price_usd_per_gpu": 2e3,
    "hardware.server_life_years": 4,
    "hardware.network_life_years": 3,
    "hardware.storage_life_years": 7,
    "hardware.residual_fraction": 0.1,
}

OWNED = {
    "facility": {
        "kind": "owned",
        "facility_capex_usd_per_kw": 11e3,
        "facility_life_years": 15,
        "facility_opex_usd_per_kw_year": 200,
        "provision_factor": 1.1,
        "pue": 1.2,
    }
}

ORBITAL = {
    "facility": {
        "kind": "orbital",
        "satellite_mass_kg_per_kw": 20,
        "launch_price_usd_per_kg": 900,
        "satellite_price_usd_per_kw": 5e3,
        "satellite_life_years": 6,
    }
}

METHODS = {
    "straight line": {"method": "straight_line", "life_years": 6, "salvage_fraction": 0.05},
    "sum of years": {"method": "sum_of_years", "life_years": 5},
    "use": {"method": "units_of_production"},
    "declining": {"method": "declining_balance", "factor": 2.0, "life_years": 5, "switch": True},
    "plain declining": {"method": "declining_balance", "factor": 1.5, "life_years": 5},
    "macrs": {"method": "macrs", "recovery_years": 5, "convention": "half_year"},
    "macrs quarter": {"method": "macrs", "recovery_years": 3, "convention": "mid_quarter_4"},
    "bonus": {
        "method": "bonus",
        "fraction": 0.4,
        "then": {"method": "macrs", "recovery_years": 5, "convention": "half_year"},
    },
    "custom": {"method": "custom", "schedule": [0.5, 0.3, 0.2]},
}

VARIANTS = {
    "monthly": (RACK, {"finance.periods_per_year": 12, "finance.timing": "mid"}),
    "quarterly": (
        RACK,
        {
            "finance.periods_per_year": 4,
            "finance.tax_rate": 0.21,
            "revenue.ramp_years": 0.75,
            "revenue.price_decline_per_year": 0.1,
            "operations.opex_escalation_per_year": 0.03,
        },
    ),
    "path": (RACK, {"revenue.price_path_usd_per_gpu_hour": [3.5, 3, 2.5, 2, 1.5]}),
    "losses": (
        RACK,
        {
            "finance.tax_rate": 0.25,
            "finance.loss_treatment": "carry_forward",
            "finance.loss_limit_fraction": 0.8,
            "revenue.ramp_years": 2,
            "finance.tax_depreciation": METHODS["bonus"],
        },
    ),
    "basis lost": (
        RACK,
        {
            "finance.basis_at_disposal": "lost",
            "finance.tax_rate": 0.3,
            "finance.tax_depreciation": METHODS["macrs"],
        },
    ),
    **{
        f"loan {how}": (NEOCLOUD, {**LOAN, "finance.amortisation": how, **more})
        for how, more in (
            ("level", {}),
            ("straight", {"finance.timing": "mid"}),
            ("bullet", {"finance.periods_per_year": 12}),
            ("sculpted", {"finance.target_dscr": 1.3}),
        )
    },
    **{
        f"method {name}": (
            RACK,
            {
                "finance.book_depreciation": how,
                "finance.tax_depreciation": how,
                "finance.tax_rate": 0.21,
                "finance.periods_per_year": 4,
            },
        )
        for name, how in METHODS.items()
    },
    "delay": (
        NEOCLOUD,
        {**LOAN, "operations.delay_years": 1, "operations.rent_during_delay": True},
    ),
    "gear": (RACK, GEAR),
    "gear monthly with a loan": (RACK, {**GEAR, **LOAN, "finance.periods_per_year": 12}),
    "gear as long as the rack": (RACK, {**GEAR, "hardware.network_life_years": 5}),
    "owned": (RACK, OWNED),
    "orbital": (RACK, {**ORBITAL, "power.electricity_price_usd_per_kwh": None}),
    "failures": (
        RACK,
        {
            "operations.job_gpu": 16384,
            "operations.mtbf_gpu_hour": 50e3,
            "operations.hours_lost_per_interruption": 1.5,
        },
    ),
    "running cost": (
        RACK,
        {
            "power.demand_charge_usd_per_kw_month": 9,
            "power.carbon_intensity_kg_per_kwh": 0.4,
            "power.carbon_price_usd_per_kg": 0.05,
            "power.water_use_l_per_kwh": 1.8,
            "power.water_price_usd_per_l": 0.002,
            "hardware.idle_load_fraction": 0.4,
            "power.electricity_escalation_per_year": 0.02,
            "hardware.availability": 0.97,
            "operations.maintenance_fraction_per_year": 0.03,
            "hardware.spare_fraction": 0.05,
            "operations.insurance_fraction_per_year": 0.01,
            "hardware.rack_count": 40,
            "operations.property_tax_fraction_per_year": 0.01,
            "facility.pue": 1.3,
            "operations.staff_cost_usd_per_rack_year": 9e3,
            "operations.software_cost_usd_per_gpu_year": 300,
            "operations.revenue_overhead_fraction": 0.12,
            "hardware.installation_fraction": 0.04,
            "hardware.residual_fraction": 0.07,
        },
    ),
    "given": (RACK, {"given.it_capex_usd_per_rack": 4.4e6}),
    "given price": (RACK, {"given.electricity_usd_per_rack_year": 1e5}),
    "unsold": (RACK, {"revenue.utilisation": 0}),
    "free": (RACK, {"revenue.rental_price_usd_per_gpu_hour": 0}),
    "no wacc": (RACK, {"finance.wacc_per_year": 0}),
    "half a year": (RACK, {"hardware.economic_life_years": 0.5, "finance.periods_per_year": 12}),
    "hopeless": (RACK, {"revenue.rental_price_usd_per_gpu_hour": 0.01, **LOAN}),
    "bad life": (RACK, {"hardware.economic_life_years": 5.3}),
    "two tranches": (TWO, {}),
    "two tranches late": (
        TWO,
        {
            **LOAN,
            "operations.delay_years": 0.5,
            "finance.lender_recovery_fraction": 0.3,
            "operations.rent_during_delay": True,
            "revenue.price_decline_per_year": 0.15,
        },
    ),
    "lone tranche": (
        TWO,
        {
            **LOAN,
            "revenue.tranches": [{**TRANCHES[0], "prepayment_fraction": 0.2}],
        },
    ),
    "contract in default": (
        CONTRACT,
        {"revenue.tranches.0.default_probability_per_year": 0.1, "finance.periods_per_year": 4},
    ),
    "lease monthly": ("qts-lease", {"finance.periods_per_year": 12, "finance.tax_rate": 0.21}),
    "lease mid": ("crusoe-abilene", {"finance.timing": "mid"}),
}

TRANCHE_NAMES = ("lgd", "fair_spread_per_year", "backstop_spread_per_year", "contract_value_usd")

SET_GEAR = [
    *("--set", "server_price_usd_per_rack=2e6", "--set", "network_price_usd_per_gpu=6000"),
    *("--set", "network_life_years=3", "--set", "storage_price_usd_per_gpu=2000"),
    *("--set", "storage_life_years=7"),
]

EXPLAINED = (
    (RACK, COST),
    (RACK, NPV),
    (NEOCLOUD, "irr_per_year"),
    (NEOCLOUD, "breakeven_utilisation", "--depth", "3"),
    (NEOCLOUD, "equity_npv_usd_per_rack"),
    (NEOCLOUD, "min_dscr"),
    (NEOCLOUD, "book_value_usd_per_rack"),
    (CONTRACT, "contract_value_usd_per_rack"),
    (CONTRACT, "expected_loss_usd_per_rack", "--set", "default_probability_per_year=0.1"),
    (CONTRACT, "cost_of_delay_usd_per_rack_month", "--set", "delay_years=1"),
    ("two-tranches.toml", "tranches[0].lgd"),
    ("two-tranches.toml", NPV),
    (RACK, "capital_charge_usd_per_rack_year", *SET_GEAR),
    (RACK, "renewal_usd_per_rack_by_year", *SET_GEAR),
    ("crusoe-abilene", "residual_for_return_usd"),
    ("qts-lease", "equity_irr_per_year"),
    ("hyperscaler-vintages", "peak_revenue_needed_usd_per_year"),
    ("openai-commitments", "peak_funding_need_usd"),
    ("azure-openai-2024", "list_bill_usd_per_year"),
    ("perplexity-2024", "breakeven_price_factor"),
    ("o1-tokens", "cost_usd_per_mtok_output"),
    ("cursor-subscription", "loss_user_fraction"),
    ("suncatcher", "launched_power_price_usd_per_kw_year"),
    ("ironwood-tpu", COST, "--depth", "0"),
    (RACK, "it_capex_usd_per_rack", "--set", "given.it_capex_usd_per_rack=4e6"),
)


def span(field, start, stop, count, kind="linspace"):
    """An axis of equal steps, or of equal factors."""
    return {"kind": kind, "field": field, "start": start, "stop": stop, "count": count}


def listed(field, *values):
    """An axis of stated values."""
    return {"kind": "values", "field": field, "values": list(values)}


USE = span("utilisation", 0.2, 1.0, 17)

PRICE = span("rental_price_usd_per_gpu_hour", 1.5, 5.0, 15)

LIFE = listed("economic_life_years", 3, 4, 5, 6)

WACC = span("wacc_per_year", 0.06, 0.14, 9)

DRAWS = {
    "kind": "draws",
    "name": "draw",
    "count": 2048,
    "seed": 3,
    "fields": {
        "utilisation": {"kind": "uniform", "low": 0.5, "high": 0.95},
        "rental_price_usd_per_gpu_hour": {
            "kind": "normal",
            "mean": 4.0,
            "standard_deviation": 0.5,
            "low": 2.0,
        },
        "economic_life_years": {"kind": "discrete", "values": [4, 5, 6]},
    },
    "correlations": [
        {"between": ["utilisation", "rental_price_usd_per_gpu_hour"], "coefficient": 0.4}
    ],
}

ROWS = {
    "kind": "rows",
    "name": "offer",
    "labels": ["old", "new", "odd"],
    "fields": {
        "rental_price_usd_per_gpu_hour": [2, 3.5, 9],
        "utilisation": [0.9, 0.7, 0.1],
        "wacc_per_year": [0.08, 0.1, 0.3],
    },
}
