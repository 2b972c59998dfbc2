"""What is asked: solves, lines that are wrong, bodies of requests."""

from cases import (
    CONTRACT,
    COST,
    DRAWS,
    LIFE,
    NEOCLOUD,
    NPV,
    PRICE,
    RACK,
    ROWS,
    SET_GEAR,
    TWO,
    USE,
    listed,
    span,
)
from grids import DRAWN, SWEEPS


def solve(name, field, target, value, *more):
    """The words of a solve."""
    return ("solve", name, "--for", field, "--target", target, "--value", str(value), *more)


SOLVED = (
    solve(NEOCLOUD, "utilisation", NPV, 0),
    solve(NEOCLOUD, "gpu_price_usd_per_gpu", "breakeven_utilisation", 0.8),
    solve(NEOCLOUD, "gpu_price_usd_per_gpu", COST, 2, "--set", "utilisation=0.8"),
    solve("coreweave-openai", "contract_price_usd_per_gpu_hour", NPV, 0),
    solve("coreweave-openai", "contract_price_usd_per_gpu_hour", "min_dscr", 1),
    solve("perplexity-2024", "revenue_usd_per_year", "result_usd_per_year", 0),
    solve("suncatcher", "launch_price_usd_per_kg", COST, 1.5768),
    solve("crusoe-abilene", "rent_usd_per_year", "irr_per_year", 0.08),
    solve(RACK, "wacc_per_year", NPV, 0, "--between", "0.01", "0.5"),
    solve(RACK, "economic_life_years", NPV, 0),
    solve(RACK, "rental_price_usd_per_gpu_hour", "irr_per_year", 0.2),
    solve(RACK, "utilisation", NPV, 1e9),
    solve(RACK, "pue", "it_capex_usd_per_rack", 1),
    solve(RACK, "network_life_years", NPV, 0, *SET_GEAR),
    solve(CONTRACT, "default_probability_per_year", NPV, 0),
    solve("two-tranches.toml", "tranches[0].contract_price_usd_per_gpu_hour", NPV, 0),
    solve("o1-tokens", "output_token_per_second_per_gpu", "price_to_cost_factor", 1),
)

BAD_FILES = {
    "puee": ("pue = 1.25", "puee = 1.25"),
    "text": ("pue = 1.25", 'pue = "low"'),
    "low": ("pue = 1.25", "pue = 0.9"),
    "nan": ("pue = 1.25", "pue = nan"),
    "true": ("pue = 1.25", "pue = true"),
    "sauce": ("pue = 1.25", "pue = {value = 1.25, sauce = 1}"),
    "absent": ("gpu_per_rack = 72", ""),
    "half": ("gpu_per_rack = 72", "gpu_per_rack = 72.5"),
    "life": ("economic_life_years = 5", "economic_life_years = 5.03"),
    "table": ("[power]", "[pover]"),
    "syntax": ("[power]", "[power"),
    "much": ("hours_fraction = 0.6", "hours_fraction = 0.9"),
    "tranche": ("vacancy_years = 0.5", "vacancy = 0.5"),
}

ONE_SWEEP = ("sweep", RACK, "--sweep", "pue=1.1,1.2")

BAD_LINES = (
    *(("qoute", "x"), ("quote",), ("--colour",), ("quote", "no-such-file.toml"), ("quote", ".")),
    *(("quote", RACK, "--set", one) for one in ("utilsation=0.5", "utilisation=high")),
    *(("quote", RACK, "--set", one) for one in ("utilisation=1.5", "utilisation=nan", "timing=x")),
    *(("quote", RACK, "--set", one) for one in ("utilisation", "facility.kind=[1]", "given.npv=1")),
    *(("quote", RACK, "--set", one) for one in ("accelerator=h1000", "site=us-own", "market=x")),
    *(("quote", RACK, "--set", one) for one in ("hardware.utilisation=1", "kind=9", "=1", "a.b=2")),
    *(("quote", RACK, "--set", one) for one in ("economic_life_years=5.01", "model=rak", "")),
    *(("quote", RACK, "--target", one) for one in ("npv", "npv_usd_per_rak", "", "lgd")),
    *(("quote", RACK, "--target", one) for one in ("book_value_usd_per_rack[9]", "npv_usd")),
    *(("quote", RACK, "--colour"), ("quote", RACK, "--targt", "npv"), ("quote", RACK, "more")),
    *(("quote", RACK, "--set"), ("quote", "-"), ("quote", "qts-lease", "--target", NPV)),
    *(("breakeven", "hyperscaler-vintages"), ("depreciate", "perplexity-2024")),
    *(("cashflow", "azure-openai-2024"), ("solve", RACK, "--for", "utilisation")),
    *(solve(RACK, "utilization", NPV, 0), solve(RACK, "pue", NPV, "nan")),
    *(solve(RACK, "pue", NPV, 1, "--between", "2", "1"), solve(RACK, "timing", NPV, 1)),
    *(solve(RACK, "pue", "npv", 1), solve(RACK, "pue", "book_value_usd_per_rack", 1)),
    *(("explain", RACK, "npv"), ("explain", RACK, NPV, "--depth", "-1"), ("explain", RACK)),
    *(("catalog", "acelerators"), ("catalog", "accelerators", "h100"), ("catalog", "import")),
    *(("catalog", "import", "none.csv"), ("catalog", "import", "none.csv", "--format", "excel")),
    *(("serve", "--port", "99999"), ("serve", "--host", "0.0.0.0"), ("schema", "--example", "x")),
    *(("gpu-check", "--device", "x"), ("gpu-check",), ("compare", RACK), ("compare", RACK, "x")),
    *(("compare", RACK, NEOCLOUD, "--set", "C:pue=1"), ("compare", RACK, RACK, "--bridge", "npv")),
    *(("sweep", RACK), ("sweep", RACK, "--sweep", "utilisation="), ("sweep", "no-such")),
    *(("sweep", RACK, "--sweep", one) for one in ("utilisation=1:0:9", "utilisation=0:2:9")),
    *(("sweep", RACK, "--sweep", one) for one in ("utilisation=0.5,nan", "timing=1,2", "x=1,2")),
    *(("sweep", RACK, "--sweep", one) for one in ("facility_capex_usd_per_kw=1,2", "pue", "pue=a")),
    *(("sweep", RACK, "--sweep", one) for one in ("pue=0:1:3@log", "pue=1:2:0", "pue=1:2:3@x")),
    *((*ONE_SWEEP, "--target", one) for one in ("nvp_usd_per_rack", "book_value_usd_per_rack")),
    *((*ONE_SWEEP, "--reduce", one) for one in ("best", "share:moic", "top:0", "frontier", "x:1")),
    *((*ONE_SWEEP, "--reduce", one) for one in ("frontier:wacc_per_year", "histogram:0:moic")),
    *((*ONE_SWEEP, "--backend", one) for one in ("nunpy", "cuda", "")),
    *((*ONE_SWEEP, "--threads", "0"), (*ONE_SWEEP, "-o", "a.txt"), (*ONE_SWEEP, "-o", "no/a.csv")),
    *((*ONE_SWEEP, "-o", "taken.csv"), (*ONE_SWEEP, "--sweep", "pue=1.3,1.4")),
    *(("simulate", RACK), ("simulate", RACK, *DRAWN, "--chance", "npv"), ("sensitivity", RACK)),
    *(("simulate", RACK, "--draw", one) for one in ("utilisation", "utilisation=uniform:1,0")),
    *(("simulate", RACK, "--draw", one) for one in ("utilisation=normal:0.5,1", "pue=beta:1,2")),
    *(("simulate", RACK, "--draw", one) for one in ("timing=uniform:0,1", "x=uniform:0,1")),
    *(
        ("simulate", RACK, *DRAWN, "--correlate", one)
        for one in ("a", "utilisation,pue=0.5", "a,b=2")
    ),
    *(("simulate", RACK, *DRAWN, "--method", "halton"), ("simulate", RACK, *DRAWN, "--seed", "-1")),
    *(("sensitivity", RACK, "npv"), ("sensitivity", RACK, NPV, "--by", "2"), ("doctor", "x")),
)

COMMANDS = (
    *("quote", "breakeven", "depreciate", "cashflow", "solve", "sweep", "simulate", "sensitivity"),
    *("compare", "explain", "catalog", "schema", "doctor", "gpu-check", "serve"),
)

ENVIRONMENTS = (
    ({"RACKRATE_UTILISATION": "0.5"}, ("quote", RACK, "--target", NPV)),
    ({"RACKRATE_UTILISATION": "70%"}, ("quote", RACK)),
    ({"RACKRATE_UTILISATON": "0.5"}, ("quote", RACK)),
    ({"RACKRATE_BACKEND": "abacus"}, ONE_SWEEP),
    ({"RACKRATE_BACKEND": "jit"}, (*ONE_SWEEP, "--json")),
    ({"RACKRATE_WORKERS": "0"}, ("serve", "--port", "0")),
    ({"RACKRATE_MAX_SECONDS": "x"}, ("serve", "--port", "0")),
    ({"RACKRATE_API_KEYS_FILE": "none.txt"}, ("serve", "--port", "0")),
    ({"RACKRATE_CATALOG": "nowhere"}, ("catalog", "rentals", "--json")),
)

SKYPILOT = """\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice
p5.48xlarge,H100,8,192,2048,98.32,us-east-1,,
m5.large,,,2,8,0.096,us-east-1,,
free,H100,8,1,1,0,us-east-1,,
x,V100,1,,,1,r,,
"""

SHIPPED = {"scenario": RACK}

ASKED = {"scenario": RACK, "target": NPV}

SOUGHT = {**ASKED, "value": 0, "unknown": "utilisation"}

POSTS = (
    ("quotes", {**SHIPPED, "targets": [COST, NPV, "payback_years"]}),
    ("quotes", {"scenario": TWO}),
    ("quotes", {"scenario": "qts-lease"}),
    ("depreciation", SHIPPED),
    ("depreciation", {"scenario": "hyperscaler-vintages"}),
    ("cashflows", {"scenario": NEOCLOUD}),
    ("cashflows", {"scenario": "openai-commitments"}),
    ("sweeps", {**SHIPPED, "axes": [USE, LIFE], "targets": [NPV, "irr_per_year"]}),
    ("sweeps", {**SHIPPED, "axes": [USE, LIFE], "reduce": {"kind": "summary"}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "top", "count": 3}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "histogram"}, "backend": "jit"}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "share", "condition": f"{NPV} > 0"}}),
    ("sweeps", {**SHIPPED, "axes": [USE, PRICE], "reduce": SWEEPS["frontier"]["reduce"]}),
    ("sweeps", {"scenario": NEOCLOUD, "axes": [ROWS], "targets": [NPV]}),
    ("simulations", {**SHIPPED, "draws": {"fields": DRAWS["fields"], "count": 256}}),
    (
        "simulations",
        {
            **SHIPPED,
            "targets": [NPV],
            "conditions": [f"{NPV} > 0"],
            "draws": {
                "fields": DRAWS["fields"],
                "count": 256,
                "method": "random",
                "seed": 7,
                "correlations": DRAWS["correlations"],
            },
        },
    ),
    ("sensitivity", ASKED),
    ("sensitivity", {**ASKED, "draws": {"fields": DRAWS["fields"], "count": 64}}),
    ("solve", SOUGHT),
    ("solve", {**SOUGHT, "value": 1e12}),
    ("explain", {**ASKED, "depth": 2}),
    ("explain", {"scenario": CONTRACT, "target": "contract_value_usd_per_rack"}),
    ("comparisons", {"scenarios": ["hgx-h100", "hgx-h200"], "targets": [NPV, COST]}),
    ("comparisons", {"scenarios": [RACK, TWO, NEOCLOUD], "bridge": COST}),
)

BAD_POSTS = (
    ("quotes", {}),
    ("quotes", []),
    ("quotes", {"scenario": "no-such"}),
    ("quotes", {"scenario": 1}),
    ("quotes", {"scenario": {}}),
    ("quotes", {**SHIPPED, "targets": ["npv"]}),
    ("quotes", {**SHIPPED, "targets": "npv"}),
    ("quotes", {**SHIPPED, "target": [NPV]}),
    ("quotes", {"scenario": {**TWO, "hardware": {"gpu_per_rack": "nan"}}}),
    ("quotes", {"scenario": {**TWO, "hardware": {"gpu_per_rack": 10**30}}}),
    ("quotes", {"scenario": {**TWO, "finance": {"wacc_per_year": -1}}}),
    ("quotes", {"scenario": {**TWO, "finance": {"wac_per_year": 0.1}}}),
    ("quotes", {"scenario": {**TWO, "accelerator": "h1000"}}),
    ("quotes", {"scenario": {**TWO, "value": 1}}),
    ("quotes", {"scenario": {**TWO, "power": []}}),
    ("quotes", {"scenario": {**TWO, "model": "rak"}}),
    ("quotes", {"scenario": {**TWO, "given": {"npv": 1}}}),
    ("depreciation", {"scenario": "perplexity-2024"}),
    ("cashflows", {"scenario": "azure-openai-2024"}),
    ("sweeps", {**SHIPPED, "axes": []}),
    ("sweeps", {**SHIPPED, "axes": [{"kind": "grid", "field": "pue"}]}),
    ("sweeps", {**SHIPPED, "axes": [span("pue", 2, 1, 3)]}),
    ("sweeps", {**SHIPPED, "axes": [span("pue", 0.5, 1, 3)]}),
    ("sweeps", {**SHIPPED, "axes": [listed("puee", 1, 2)]}),
    ("sweeps", {**SHIPPED, "axes": [USE, USE]}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "none"}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "share", "condition": "moic"}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "frontier", "field": "pue"}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "backend": "nunpy"}),
    ("sweeps", {**SHIPPED, "axes": [USE], "backend": "cuda"}),
    ("sweeps", {**SHIPPED, "axes": [USE], "targets": ["book_value_usd_per_rack"]}),
    ("simulations", {**SHIPPED, "draws": {}}),
    ("simulations", {**SHIPPED, "draws": {"fields": {"pue": {"kind": "beta"}}}}),
    ("simulations", {**SHIPPED, "draws": {"fields": DRAWS["fields"]}, "conditions": ["npv"]}),
    ("sensitivity", {**ASKED, "target": "npv"}),
    ("sensitivity", {**ASKED, "by_fraction": 3}),
    ("solve", {**SOUGHT, "between": [2, 1]}),
    ("solve", {**SOUGHT, "unknown": "utilization"}),
    ("solve", {**SOUGHT, "value": "x"}),
    ("explain", {**ASKED, "depth": -1}),
    ("explain", {**ASKED, "target": "npv"}),
    ("comparisons", {"scenarios": [RACK]}),
    ("comparisons", {"scenarios": [RACK, "x"]}),
    ("comparisons", {"scenarios": [RACK, NEOCLOUD], "bridge": "npv"}),
    ("nothing", {}),
)

BODIES = (b"", b"{", b"x", b'"\xff"', b"[" * 2000, b"1e999", b'{"scenario": NaN}', b"\x00", b"{}x")
