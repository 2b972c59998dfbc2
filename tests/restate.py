"""Every figure that a file keeps and the program computes, written anew: `python -m tests.restate`
prints each that changes.

What shipped scenarios and sweeps expect (`answer`), our costs beside published ones in
docs/catalog.md, and what the pages show (tests/pages.py). A status that
changes is said and left: it needs a new sentence, not a new number. What is written shows in the
diff and is judged there.
"""

import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))

import pages
from test_scenario_library import answered, of_grid

import economics
from economics.scenario import catalog
from service.cli.overrides import override
from service.files.reading import shipped_names, shipped_tables, sweep_spec

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "catalog.md"
HEAD = "| accelerator | ours | its capital | published | ours / published | whose | as of | why |\n"
COST = "ownership_cost_usd_per_gpu_hour"
TIERS = {
    COST: "SemiAnalysis, hyperscaler",
    f"neocloud_{COST}": "SemiAnalysis, neocloud",
    f"earlier_{COST}": "SemiAnalysis, earlier",
    f"internal_{COST}": "SemiAnalysis, Google itself",
    f"five_year_{COST}": "Epoch AI, 5 years",
}
CAPITAL, ALL = "capital_charge_usd_per_rack_year", "cost_usd_per_rack_year"
HOURS = "available_gpu_hour_per_rack_year"


def assumptions(accelerator: str, fact: str) -> list[str]:
    """What our cost beside a published one rests on, as `--set` takes it: gb200-nvl72 with another
    accelerator and no spares, over the publisher's life, in the publisher's kind of building.
    """
    rack = [f"accelerator={accelerator}", "spare_fraction=0"]
    if fact.startswith("five_year"):
        return rack
    hall = ["facility.kind=colocation", "facility.site=us-colocation-ai"]
    return [*rack, "economic_life_years=4", *hall]


def published() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(accelerator, fact, what it says) of every published cost of ownership in the catalog."""
    for name, row in catalog.shipped("accelerators").items():
        for fact, figure in row["facts"].items():
            if fact.endswith(COST):
                yield name, fact, figure


def published_costs() -> str:
    """The table of our costs beside published ones."""
    lines = [HEAD, "|---" * 8 + "|\n"]
    for name, fact, figure in published():
        tables = override(shipped_tables("scenarios", "gb200-nvl72"), assumptions(name, fact), {})
        found = economics.quote(tables, [CAPITAL, ALL, HOURS]).quantities
        hours = found[HOURS].value
        ours, capital = found[ALL].value / hours, found[CAPITAL].value / hours
        lines.append(
            f"| `{name}` | {ours:.2f} | {capital:.2f} | {figure['value']:.2f} |"
            f" {ours / figure['value']:.2f} | {TIERS[fact]} | {figure['as_of']} |"
            f" {figure['note']} |\n"
        )
    return "".join(lines)


def renewed(text: str, kind: str, name: str) -> str:
    """A scenario's or sweep's text with the answers that it comes to now."""
    head, *parts = re.split(r"(?m)^(?=\[\[expect\]\]$)", text)
    for number, one in enumerate(tomllib.loads(text).get("expect", ())):
        what = " ".join([name, one.get("target", "grid"), *one.get("set", ())])
        try:
            value, status = found(kind, name, one)
        except ValueError as error:
            print(f"{what}: not one value: {error}")
            continue
        if status != one.get("status", "ok"):
            print(f"{what}: {status}, {value}: see to it")
        elif "answer" in one and abs(value - one["answer"]) > one.get("within", 0.0):
            old = re.search(r"(?m)^answer = (\S+)$", parts[number])[1]
            new = written(value, old, one.get("within", 0.0))
            print(f"{what}: {old} -> {new}")
            parts[number] = parts[number].replace(f"answer = {old}\n", f"answer = {new}\n", 1)
    return head + "".join(parts)


def found(kind: str, name: str, one: dict[str, Any]) -> tuple[float, str]:
    """What an expectation comes to."""
    if kind == "scenarios":
        return answered(name, one)
    reduced = economics.sweep({**sweep_spec(name), "reduce": one["reduce"]})
    return float(of_grid(one["reduce"], reduced)), "ok"


def written(value: float, old: str, within: float) -> str:
    """A number with as many digits as the one it replaces, or more where those miss it."""
    places = len(old.partition(".")[2].replace("_", ""))
    while abs(round(value, places) - value) > within:
        places += 1
    return f"{value:_.{places}f}"


def write(path: Path, text: str) -> None:
    """Write a page that has changed, and say so."""
    if text != path.read_text("utf-8"):
        path.write_text(text, "utf-8")
        print(path.relative_to(ROOT))


def main() -> None:
    """Renew everything."""
    for kind in ("scenarios", "sweeps"):
        for name in shipped_names(kind):
            path = ROOT / "configs" / kind / f"{name}.toml"
            write(path, renewed(path.read_text("utf-8"), kind, name))
    kept = PAGE.read_text("utf-8")
    before, _, after = kept.partition(HEAD)
    rest = after.partition("\n\n")[2]
    write(PAGE, f"{before}{published_costs()}\n{rest}")
    with tempfile.TemporaryDirectory() as made:
        pages.write_files(folder := Path(made))
        for page in pages.PAGES:
            write(page, pages.renewed(page.read_text("utf-8"), folder))


if __name__ == "__main__":
    main()
