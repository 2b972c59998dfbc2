"""Bad input: exit code 2, one line that names the field, the value and what was expected, and
nothing written.
"""

import pytest

from kernels.grids import engine_table

SCENARIO = """
[hardware]
gpu_per_rack = 8
server_price_usd_per_rack = 300_000
it_load_kw_per_rack = 10
economic_life_years = 5
[facility]
kind = "colocation"
colocation_price_usd_per_kw_month = 100
pue = 1.3
[power]
electricity_price_usd_per_kwh = 0.08
[finance]
wacc_per_year = 0.1
[revenue]
rental_price_usd_per_gpu_hour = 2
utilisation = 0.7
"""
FILES = {
    "pue = 1.3": {
        "puee = 1.3": ("facility.puee", "known field of facility", "did you mean pue"),
        'pue = "low"': ("facility.pue", "'low'", "a number"),
        "pue = 0.9": ("facility.pue", "0.9", ">= 1"),
        "pue = nan": ("facility.pue", "nan", "a finite number"),
        "pue = inf": ("facility.pue", "inf", "a finite number"),
        "pue = -inf": ("facility.pue", "-inf", "a finite number"),
        "pue = true": ("facility.pue", "True", "a number"),
        "pue = [1]": ("facility.pue", "[1]", "a number"),
        "pue = {value = 1.3, sauce = 1}": ("facility.pue.sauce:", "known key beside value"),
    },
    "gpu_per_rack = 8": {
        "gpu_per_rack = 8.5": ("hardware.gpu_per_rack", "8.5", "a whole number"),
        "gpu_per_rack = 0": ("hardware.gpu_per_rack", "0", ">= 1"),
    },
    "economic_life_years = 5": {
        "economic_life_years = 5.3": ("hardware.economic_life_years", "5.3", "whole periods"),
        "economic_life_years = 0": ("hardware.economic_life_years", "0", ">= 0.01"),
    },
    "utilisation = 0.7": {"utilisation = 1.2": ("revenue.utilisation", "1.2", "<= 1")},
    "[power]": {"[pover]": ("pover", "known field of the scenario", "did you mean power")},
}
BAD = [(old, new, said) for old, changes in FILES.items() for new, said in changes.items()]


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.toml"
    path.write_text(SCENARIO)
    return path


def refused(said, *parts):
    """One line on standard error, exit code 2, nothing on standard output; all parts are named in
    it.
    """
    line = said.one_line()
    assert (said.code, said.out) == (2, "")
    assert all(part in line for part in parts), line


@pytest.mark.parametrize(("old", "new", "said"), BAD)
@pytest.mark.parametrize("command", ["quote", "cashflow"])
def test_a_bad_file_is_refused(rackrate, tmp_path, command, old, new, said):
    path = tmp_path / "bad.toml"
    path.write_text(SCENARIO.replace(old, new, 1))
    refused(rackrate(command, path), *said)


def test_a_file_that_lacks_what_all_needs_is_refused(rackrate, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(SCENARIO.replace("gpu_per_rack = 8", "", 1))
    refused(rackrate("quote", path), "hardware.gpu_per_rack", "required", "needed by")


def test_the_file_that_the_bad_ones_are_made_from_is_good(rackrate, good):
    assert rackrate("quote", good).code == 0


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("--set", "utilsation=0.5"), ("--set", "'utilsation'", "did you mean utilisation")),
        (("--set", "utilisation=high"), ("revenue.utilisation", "'high'", "a number")),
        (("--set", "utilisation=1.5"), ("revenue.utilisation", "1.5", "<= 1")),
        (("--set", "utilisation=nan"), ("revenue.utilisation", "nan", "a finite number")),
        (("--set", "utilisation=inf"), ("revenue.utilisation", "inf", "a finite number")),
        (("--set", 'utilisation=""'), ("revenue.utilisation", "''", "a number")),
        (
            ("--set", "utilisation=", "--target", "npv_usd_per_rack"),
            ("required: revenue.utilisation",),
        ),
        (("--set", "tax_rate=21"), ("finance.tax_rate", "21", 'did you mean 0.21 or "21%"?')),
        (("--set", "it_load_kw_per_rack=1e400"), ("it_load_kw_per_rack", "a finite number")),
        (("--set", "it_load_kw_per_rack=30,000"), ("'30,000'", "did you mean 30000")),
        (("--set", "utilisation"), ("--set", "'utilisation'", "name=value")),
        (("--set", "timing=late"), ("finance.timing", "'late'")),
        (("--set", "facility.kind=[1]"), ("facility.kind", "[1]")),
        (("--set", "facility.kind={a=1}"), ("facility.kind", "{'a': 1}")),
        (
            ("--set", "finance.book_depreciation.method=[1]"),
            ("finance.book_depreciation.method", "[1]", "text"),
        ),
        (("--set", "accelerator=h1000"), ("accelerator", "'h1000'", "row of accelerators")),
        (("--set", "site=us-own"), ("facility.site", "'us-own'", "did you mean us-owned")),
        (("--set", "given.npv=1"), ("given.npv", "'npv'")),
        (("--set", "hardware.utilisation=1"), ("hardware.utilisation", "field of hardware")),
        (
            ("--set", "economic_life_years=5.01"),
            ("hardware.economic_life_years", "5.01", "whole periods"),
        ),
        (("--target", "npv"), ("targets", "'npv'", "a known quantity")),
        (
            ("--target", "npv_usd_per_rak"),
            ("targets", "'npv_usd_per_rak'", "did you mean npv_usd_per_rack"),
        ),
        (
            ("--target", "book_value_usd_per_rack[9]"),
            ("book_value_usd_per_rack[9]", "a year up to 5"),
        ),
        (("--colour",), ("takes no --colour",)),
        (("--targt", "npv"), ("takes no --targt", "did you mean --target")),
        (("more",), ("takes no more",)),
        (("--set",), ("--set", "expected one argument")),
    ],
)
def test_bad_options_of_quote_are_refused(rackrate, good, arguments, parts):
    refused(rackrate("quote", good, *arguments), *parts)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("qoute", "x"), ("no command 'qoute'", "did you mean quote")),
        (("quote",), ("required: SCENARIO",)),
        (("--colour",), ("takes no --colour",)),
        (
            ("quote", "no-such-file.toml"),
            ("'no-such-file.toml'", "neither a file nor a shipped scenario"),
        ),
        (("quote", "."), ("'.'", "neither a file")),
        (("solve", "hgx-h100", "--for", "utilisation"), ("--target", "--value")),
        (
            ("solve", "hgx-h100", "--for", "utilization", "--target", "moic", "--value", "1"),
            ("'utilization'", "did you mean utilisation"),
        ),
        (
            ("solve", "hgx-h100", "--for", "pue", "--target", "moic", "--value", "nan"),
            ("--value", "finite number", "'nan'"),
        ),
        (
            (
                "solve",
                "hgx-h100",
                "--for",
                "pue",
                "--target",
                "moic",
                "--value",
                "1",
                "--between",
                "2",
                "1",
            ),
            ("2",),
        ),
        (("explain", "hgx-h100", "npv"), ("'npv'", "a known quantity")),
        (("explain", "hgx-h100", "moic", "--depth", "-1"), ("--depth", "'-1'", "whole number")),
        (("catalog", "acelerators"), ("'acelerators'", "did you mean accelerators")),
        (("catalog", "accelerators", "h100"), ("'h100'", "row of accelerators", "hgx-h100")),
        (("serve", "--port", "99999"), ("--port", "0 to 65535", "'99999'")),
    ],
)
def test_bad_commands_are_refused(rackrate, arguments, parts):
    refused(rackrate(*arguments), *parts)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ((), ("--sweep", "at least one axis")),
        (("--sweep", "utilisation="), ("utilisation", "at least one value")),
        (("--sweep", "utilisation=1:0:9"), ("utilisation", "1:0:9", "a stop above the start")),
        (("--sweep", "utilisation=0:2:9"), ("utilisation", "2", "<= 1")),
        (("--sweep", "utilisation=0.5,nan"), ("utilisation", "nan", "a finite number")),
        (("--sweep", "timing=1,2"), ("timing",)),
        (("--sweep", "site=1,2"), ("site",)),
        (("--sweep", "facility_capex_usd_per_kw=1,2"), ("facility_capex_usd_per_kw",)),
        (
            ("--sweep", "economic_life_years=5,5.01"),
            ("economic_life_years", "5.01", "whole periods"),
        ),
        (
            ("--sweep", "pue=1.1,1.2", "--target", "nvp_usd_per_rack"),
            ("nvp_usd_per_rack", "did you mean"),
        ),
        (
            ("--sweep", "pue=1.1,1.2", "--target", "book_value_usd_per_rack"),
            ("book_value_usd_per_rack",),
        ),
        (("--sweep", "pue=1.1,1.2", "--reduce", "best"), ("--reduce", "'best'", "top:100")),
        (("--sweep", "pue=1.1,1.2", "--reduce", "share:moic"), ("'moic'", "condition")),
        (("--sweep", "pue=1.1,1.2", "--threads", "0"), ("--threads", "'0'")),
        (("--sweep", "pue=1.1,1.2", "-o", "{folder}/a.txt"), ("a.txt", ".parquet")),
        (("--sweep", "pue=1.1,1.2", "-o", "{folder}/no/a.csv"), ("a.csv", "no folder")),
        (("--sweep", "pue=1.1,1.2", "-o", "{folder}/taken.csv"), ("taken.csv", "--force")),
        (("--sweep", "pue=1.1,1.2", "-o", "/proc/a.csv"), ("/proc/a.csv", "cannot write")),
        (("--sweep", "pue=1.1,1.2", "-o", "s3://b/a.csv"), ("s3://b/a.csv", "--resume")),
    ],
)
def test_bad_sweeps_are_refused_and_write_nothing(rackrate, good, tmp_path, arguments, parts):
    (tmp_path / "taken.csv").write_text("old")
    before = sorted(tmp_path.iterdir())
    refused(rackrate("sweep", good, *(one.format(folder=tmp_path) for one in arguments)), *parts)
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "taken.csv").read_text() == "old"


def test_an_engine_that_is_not_known_is_refused_wherever_it_is_named(rackrate, good, monkeypatch):
    refused(
        rackrate("sweep", good, "--sweep", "pue=1.1,1.2", "--backend", "nunpy"),
        "backend = 'nunpy'",
        "did you mean numpy?",
    )
    monkeypatch.setenv("RACKRATE_BACKEND", "abacus")
    refused(
        rackrate("sweep", good, "--sweep", "pue=1.1,1.2"),
        "RACKRATE_BACKEND = 'abacus'",
        "auto, numpy, jit",
    )
    refused(rackrate("serve", "--port", "0"), "RACKRATE_BACKEND = 'abacus'")


def test_an_engine_that_is_not_there_is_refused_with_the_reason(rackrate, good, monkeypatch):
    monkeypatch.setattr(engine_table, "find_spec", lambda name: None)
    plain = ("sweep", good, "--sweep", "pue=1.1,1.2")
    refused(rackrate(*plain, "--backend", "jit"), "backend = 'jit'", "llvmlite is not installed")
    monkeypatch.setenv("RACKRATE_BACKEND", "jit")
    refused(rackrate(*plain, "--dry-run"), "backend = 'jit'", "llvmlite is not installed")
    assert rackrate(*plain, "--backend", "auto").code == 0


def test_excel_is_refused_before_a_large_sweep_runs(rackrate, good, tmp_path):
    axes = ("--sweep", "pue=1:2:2000", "--sweep", "utilisation=0:1:1000")
    refused(
        rackrate("sweep", good, *axes, "-o", tmp_path / "a.xlsx"),
        "1,048,575",
        "2,000,000",
        ".parquet",
    )
    assert not (tmp_path / "a.xlsx").exists()


def test_the_environment_is_checked_too(rackrate, good, monkeypatch):
    monkeypatch.setenv("RACKRATE_UTILISATION", "70 of 100")
    refused(rackrate("quote", good), "revenue.utilisation", "'70 of 100'", "a number")
