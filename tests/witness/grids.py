"""What is asked: sweeps, draws, comparisons."""

from cases import (
    CONTRACT,
    COST,
    DRAWS,
    GRID,
    LIFE,
    NEOCLOUD,
    NPV,
    PRICE,
    RACK,
    ROWS,
    SET_GEAR,
    USE,
    WACC,
    listed,
    span,
)

RETURNS = (NPV, "irr_per_year", "payback_years", "moic", "mirr_per_year")

BREAKEVENS = ("breakeven_utilisation", "cash_breakeven_utilisation", "headroom_fraction", COST)

WIDE = {"scenario": NEOCLOUD, "axes": [PRICE, USE, LIFE, WACC], "targets": [NPV, COST]}

SWEEPS = {
    "returns": {"scenario": NEOCLOUD, "axes": [PRICE, USE, LIFE], "targets": RETURNS},
    "breakevens": {"scenario": NEOCLOUD, "axes": [PRICE, WACC, LIFE], "targets": BREAKEVENS},
    "equity": {
        "scenario": "loan level",
        "axes": [PRICE, USE, listed("debt_fraction", 0.2, 0.7)],
        "targets": ("equity_npv_usd_per_rack", "equity_irr_per_year", "min_dscr"),
    },
    "sculpted": {
        "scenario": "loan sculpted",
        "axes": [PRICE, span("target_dscr", 1.1, 2, 5)],
        "targets": ("equity_npv_usd_per_rack", "min_dscr", "mean_dscr"),
    },
    "monthly": {"scenario": "monthly", "axes": [PRICE, LIFE, USE], "targets": RETURNS},
    "losses": {"scenario": "losses", "axes": [PRICE, USE, WACC], "targets": RETURNS},
    "contract": {
        "scenario": "two tranches",
        "axes": [
            span("tranches[0].default_probability_per_year", 0, 0.4, 9),
            listed("tranches[0].contract_term_years", 1, 2, 3, 5),
            span("rental_price_usd_per_gpu_hour", 0.5, 4, 8),
        ],
        "targets": (
            *("contract_value_usd_per_rack", "expected_loss_usd_per_rack", NPV),
            "breakeven_default_probability_per_year",
        ),
    },
    "lone tranche": {
        "scenario": "lone tranche",
        "axes": [
            span("default_probability_per_year", 0, 0.4, 9),
            listed("debt_fraction", 0.2, 0.8),
        ],
        "targets": (NPV, "lgd", "fair_spread_per_year", "equity_npv_usd_per_rack"),
    },
    "gear lives": {
        "scenario": "gear",
        "axes": [listed("network_life_years", 2, 3, 5, 8), LIFE, PRICE],
        "targets": (NPV, COST, "book_value_usd_per_rack[2]", "renewal_usd_per_rack_by_year[3]"),
    },
    "delay": {
        "scenario": "delay",
        "axes": [listed("delay_years", 0, 0.25, 1, 2), PRICE, USE],
        "targets": (NPV, "irr_per_year", "equity_npv_usd_per_rack"),
    },
    "books": {
        "scenario": "method declining",
        "axes": [listed("book_depreciation_life_years", 3, 5, 6), LIFE, USE],
        "targets": ("book_value_usd_per_rack[1]", "tax_value_usd_per_rack[2]", NPV),
    },
    "rows": {"scenario": NEOCLOUD, "axes": [ROWS, LIFE], "targets": (NPV, "irr_per_year")},
    "draws": {
        "scenario": NEOCLOUD,
        "axes": [listed("pue", 1.1, 1.4), DRAWS],
        "targets": (NPV, "irr_per_year"),
    },
    "given": {"scenario": "given", "axes": [USE, WACC], "targets": (NPV, COST)},
    "orbital": {
        "scenario": "suncatcher",
        "axes": [span("launch_price_usd_per_kg", 50, 5000, 9, "logspace"), LIFE],
        "targets": (COST, NPV),
    },
    "tokens": {
        "scenario": "o1-tokens",
        "axes": [span("output_token_per_second_per_gpu", 1, 200, 9, "logspace"), USE],
        "targets": ("price_to_cost_factor", "cost_usd_per_mtok_output"),
    },
    "subscription": {
        "scenario": "cursor-subscription",
        "axes": [span("input_token_per_request", 4000, 80000, 12), USE],
        "targets": ("margin_usd_per_user_month", "loss_user_fraction", NPV),
    },
    "lease": {
        "scenario": "qts-lease",
        "axes": [span("rent_usd_per_year", 5e8, 2e9, 31), WACC],
        "targets": ("npv_usd", "equity_irr_per_year", "min_dscr", "residual_for_return_usd"),
    },
    "program": {
        "scenario": "hyperscaler-vintages",
        "axes": [listed("book_depreciation_life_years", 3, 4, 5, 6)],
        "targets": ("book_depreciation_usd_by_year[1]", "peak_revenue_needed_usd_per_year"),
    },
    "commitments": {
        "scenario": "openai-commitments",
        "axes": [span("revenue_factor", 0.5, 3, 11)],
        "targets": ("peak_funding_need_usd",),
    },
    "margin": {
        "scenario": "perplexity-2024",
        "axes": [span("revenue_usd_per_year", 1e7, 2e8, 11)],
        "targets": ("result_usd_per_year", "gross_margin_fraction"),
    },
    "summary": {**WIDE, "reduce": {"kind": "summary"}},
    "top": {**WIDE, "reduce": {"kind": "top", "count": 50}},
    "bottom": {**WIDE, "reduce": {"kind": "bottom", "count": 50, "target": COST}},
    "histogram": {**WIDE, "reduce": {"kind": "histogram", "target": "irr_per_year"}},
    "share": {**WIDE, "reduce": {"kind": "share", "condition": "breakeven_utilisation < 0.8"}},
    "frontier": {**WIDE, "reduce": {"kind": "frontier", "field": "utilisation", "target": NPV}},
    "frontier at a level": {
        "scenario": "monthly",
        "axes": [USE, PRICE, LIFE],
        "reduce": {
            "kind": "frontier",
            "field": "rental_price_usd_per_gpu_hour",
            "target": "irr_per_year",
            "level": 0.12,
        },
    },
    "frontier of lives": {
        "scenario": NEOCLOUD,
        "axes": [LIFE, PRICE],
        "reduce": {"kind": "frontier", "field": "economic_life_years", "target": NPV},
    },
    "share of draws": {
        "scenario": NEOCLOUD,
        "axes": [WACC, DRAWS],
        "reduce": {"kind": "share", "condition": f"{NPV} > 0"},
    },
    "summary of rows": {
        "scenario": NEOCLOUD,
        "axes": [ROWS, LIFE],
        "targets": (NPV, "payback_years"),
        "reduce": {"kind": "summary"},
    },
    "by year refused": {"scenario": RACK, "axes": [USE], "targets": ("book_value_usd_per_rack",)},
    "idle axis": {"scenario": RACK, "axes": [USE, PRICE], "targets": ("it_capex_usd_per_rack",)},
}

WIDE_SWEEP = ("--sweep", "utilisation=0.2:1:41", "--sweep", "wacc_per_year=0.06:0.14:9")

SMALL_SWEEP = ("--sweep", "utilisation=0.6,0.7,0.9", "--sweep", "economic_life_years=3,5")

FRONTIER = f"frontier:utilisation:{NPV} = 0"

SWEPT = (
    (NEOCLOUD, *WIDE_SWEEP),
    (NEOCLOUD, *WIDE_SWEEP, "--dry-run"),
    (NEOCLOUD, *WIDE_SWEEP, "--backend", "jit", "--threads", "1"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", "top:5"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", "bottom:5", "--target", "irr_per_year"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", "histogram:12"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", f"share:{NPV} > 0"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", FRONTIER),
    (NEOCLOUD, *SMALL_SWEEP, "--target", "payback_years", "--target", NPV),
    (RACK, *SMALL_SWEEP, *SET_GEAR, "--target", NPV),
    (RACK, "--sweep", "rental_price_usd_per_gpu_hour=1:4:7@log", "--target", NPV),
    (RACK, "--draw", "utilisation=uniform:0.5,0.9", "--count", "16", "--target", NPV),
    (CONTRACT, "--set", "rent_during_delay=true", "--sweep", "delay_years=1,2,3"),
    ("crusoe-abilene", "--sweep", "rent_usd_per_year=8e8,1e9,2e9"),
    ("hyperscaler-vintages", "--sweep", "book_depreciation_life_years=3,4,5,6"),
    (GRID, "--dry-run"),
    (GRID, "--reduce", "summary", "--backend", "jit"),
    (GRID, "--reduce", f"share:{NPV} > 0", "--backend", "jit"),
    (GRID, "--reduce", "share:breakeven_utilisation < 0.8", "--backend", "numpy"),
    (GRID, "--reduce", "top:100", "--backend", "jit"),
    (GRID, "--reduce", "bottom:20", "--backend", "numpy"),
    (GRID, "--reduce", f"histogram:64:{NPV}", "--backend", "jit"),
    (GRID, "--sweep", "wacc_per_year=0.1", "--sweep", "pue=1.25", "--reduce", FRONTIER),
)

DRAWN = (
    *("--draw", "utilisation=triangular:0.5,0.7,0.9"),
    *("--draw", "rental_price_usd_per_gpu_hour=lognormal:3.5,0.2", "--count", "2048"),
)

RANDOM = ("--method", "random", "--seed", "7")

TIED = ("--correlate", "utilisation,rental_price_usd_per_gpu_hour=0.5")

CHANCE = ("--target", NPV, "--chance", f"{NPV} > 0")

UNCERTAIN = (
    ("simulate", RACK, *DRAWN, *CHANCE),
    ("simulate", RACK, *DRAWN, *CHANCE, *TIED),
    ("simulate", RACK, *DRAWN, *CHANCE, *TIED, *RANDOM),
    ("simulate", RACK, *DRAWN, *CHANCE, *RANDOM, "--backend", "jit"),
    ("simulate", NEOCLOUD, *DRAWN, "--target", "payback_years", "--target", "irr_per_year"),
    ("simulate", NEOCLOUD, *DRAWN, "--chance", "min_dscr < 1.2", "--threads", "1"),
    ("simulate", CONTRACT, "--draw", "default_probability_per_year=uniform:0,0.3", "--count", "64"),
    ("simulate", RACK, "--draw", "economic_life_years=discrete:3,4,5,6", "--count", "7"),
    (
        *("simulate", "qts-lease", "--draw", "rent_usd_per_year=normal:1e9,1e8,1e8,3e9"),
        *("--count", "512", "--seed", "5"),
    ),
    ("sensitivity", RACK, NPV),
    ("sensitivity", RACK, NPV, "--by", "0.2"),
    ("sensitivity", RACK, NPV, *DRAWN),
    ("sensitivity", RACK, NPV, *DRAWN, *TIED),
    ("sensitivity", RACK, COST, *DRAWN, *RANDOM, "--backend", "jit"),
    ("sensitivity", NEOCLOUD, "payback_years", *DRAWN),
    ("sensitivity", CONTRACT, "expected_loss_usd_per_rack"),
    ("sensitivity", "two-tranches.toml", NPV),
    ("sensitivity", "crusoe-abilene", "irr_per_year"),
    ("sensitivity", "openai-commitments", "peak_funding_need_usd"),
    ("sensitivity", RACK, "capital_charge_usd_per_rack_year", *SET_GEAR),
)

COMPARED = (
    ("hgx-h100", "hgx-h200"),
    ("hgx-h100", "hgx-h200", "--target", COST, "--target", NPV),
    ("hgx-h100", "hgx-b200", "gb200-nvl72", "gb300-nvl72", "--bridge", COST),
    ("ironwood-tpu", "suncatcher"),
    ("ironwood-tpu", "suncatcher", "--bridge", COST),
    ("crusoe-abilene", "qts-lease"),
    (RACK, RACK, "--set", "B:price_path_usd_per_gpu_hour=[3.5, 3, 2.5, 2, 1.5]"),
    (RACK, "reference-contract"),
    (RACK, NEOCLOUD, "--set", "utilisation=0.8", "--bridge", "irr_per_year"),
    (RACK, "two-tranches.toml"),
    (RACK, "azure-openai-2024"),
)
