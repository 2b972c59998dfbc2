"""The report of a run: `report.py RUN.json` prints its tables, `report.py RUN.json PAGE.md` writes
them between the page's marks.

A ratio is the time of a cell by that row over the time of a cell by ours, in the same run: 10 means
that ours is ten times as fast.
"""

import ast
import json
import sys
from pathlib import Path

import fits

BEGIN, END = "<!-- measured: written by `make bench` -->\n", "<!-- end of what is measured -->\n"
FIRST = (
    "materialised",
    "reductions",
    "memory",
    "writing",
    "jobs",
    "cashflows",
    "quotes",
    "interference",
    "service",
    "scaling",
    "engines",
    "choices",
    "draws",
)
PREFIX = "test_bench_"


def shown_time(seconds):
    """Seconds with a readable unit."""
    for unit, least in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= least:
            return (
                f"{seconds / least:.3g} {unit}"
                if seconds / least < 1000
                else f"{seconds / least:.0f} {unit}"
            )
    return f"{seconds * 1e9:.3g} ns"


def shown_speed(a_second):
    """Cells a second."""
    return (
        f"{a_second / 1e6:,.0f} M"
        if a_second >= 1e8
        else f"{a_second / 1e6:.3g} M"
        if a_second >= 1e6
        else f"{a_second:,.3g}"
    )


def table(benches):
    """The rows of a group, with a column of ratios for each engine of ours; of memory alone, where
    that was measured.
    """
    ours = {
        b["extra_info"]["engine"]: _of_a_cell(b) for b in benches if b["extra_info"].get("engine")
    }
    memory = any("memory_mib" in b["extra_info"] for b in benches)
    many = any(b["extra_info"].get("cells", 1) > 1 for b in benches)
    notes = any(b["extra_info"].get("note") for b in benches)
    head = (
        ["", "threads"]
        + ["cells"] * many
        + (["memory"] if memory else ["rounds", "median"] + ["cells a second"] * many)
    )
    head += [f"over {name}" for name in ours if len(benches) > 1] + ["note"] * notes
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for bench in benches:
        info, stats = bench["extra_info"], bench["stats"]
        cells = info.get("cells", 1)
        row = [info.get("entry", bench["name"]), info.get("threads", 1)]
        row += [f"{cells:.3g}".replace("e+0", "e").replace("e+", "e")] * many
        if memory:
            row.append(f"{info['memory_mib']:.0f} MiB")
        else:
            row += [
                stats["rounds"],
                shown_time(stats["median"]),
                *([shown_speed(cells / stats["median"])] * many),
            ]
        row += [f"{_of_a_cell(bench) / base:.3g}" for base in ours.values() if len(benches) > 1]
        row += [info.get("note", "")] * notes
        lines.append(f"| {' | '.join(map(str, row))} |")
    return "\n".join(lines)


def choices_table(benches):
    """What `auto` takes beside what each engine takes, and the constants that fit."""
    rows = [
        {**row, "cells": bench["extra_info"]["cells"]}
        for bench in benches
        for row in bench["extra_info"]["choices"]
    ]
    engines = list(rows[0]["engines"])
    head = ["", "cells", "code", *(f"{one}, estimate | {one}" for one in engines), "auto"]
    lines = [f"| {' | '.join([*head, 'auto over best'])} |"]
    lines.append("|" + "---|" * (lines[0].count("|") - 1))
    ratios = []
    for row in rows:
        found = row["engines"]
        seconds = {one: found[one]["seconds"] for one in engines if found[one]["seconds"]}
        ratio = seconds[row["auto"]] / min(seconds.values()) if row["auto"] in seconds else None
        ratios += [ratio] if ratio and seconds[row["auto"]] >= fits.COUNTED_SECONDS else []
        times = [
            shown_time(found[one][key]) if found[one][key] else "-" if key == "seconds" else "0"
            for one in engines
            for key in ("estimate", "seconds")
        ]
        shown = [row["question"], f"{row['cells']:.0e}".replace("e+0", "e"), row["state"], *times]
        lines.append(f"| {' | '.join([*shown, row['auto'], f'{ratio:.2f}' if ratio else '-'])} |")
    over = sum(ratio > fits.BAR for ratio in ratios)
    said = (
        f"Where it takes {fits.COUNTED_SECONDS * 1e3:g} ms or more: greatest ratio"
        f" {max(ratios, default=1.0):.2f}; {over} of {len(ratios)} over {fits.BAR}."
    )
    turns = fits.turns(rows) or 1.0
    found = [f"- {one}: {_fits(fits.fitted(rows, one, turns))}" for one in engines]
    found.append(f"- `TURNS` {turns:.2g}")
    return "\n".join([*lines, "", said, "", "Constants that fit these seconds:", "", *found])


def _fits(constants):
    return ", ".join(f"`{name}` {value:.2g}" for name, value in constants.items())


def _of_a_cell(bench):
    return bench["stats"]["median"] / bench["extra_info"].get("cells", 1)


def report(run, folder):
    """The whole text: the machine, then each module's words and tables."""
    by_module: dict[str, dict[str, list]] = {}
    for bench in run["benchmarks"]:
        module = Path(bench["fullname"].split("::")[0]).stem
        by_module.setdefault(module, {}).setdefault(bench["group"] or bench["name"], []).append(
            bench
        )
    order = {f"{PREFIX}{name}": at for at, name in enumerate(FIRST)}
    parts = [_machine(run)]
    for module in sorted(by_module, key=lambda name: (order.get(name, len(order)), name)):
        words = ast.get_docstring(ast.parse((folder / f"{module}.py").read_text()))
        title, _, rest = words.partition("\n\n")
        parts += [f"## {title.rstrip('.')}", *([rest] if rest else [])]
        groups = by_module[module]
        if benches := [b for many in groups.values() for b in many if "choices" in b["extra_info"]]:
            parts.append(choices_table(benches))
            continue
        for group, benches in groups.items():
            parts += [f"### {group}", table(benches)]
    return "\n\n".join(parts) + "\n"


def _machine(run):
    info = run["machine_info"]
    packages = ", ".join(f"{name} {version}" for name, version in info["packages"].items())
    return (
        f"Measured on {run['datetime'][:10]} by `make bench`: {info['processor']}, {info['cores']}"
        f" cores, {info['memory_gib']} GiB, {info['system']}, Python {info['python']}; {packages}."
    )


def main(source, page=None):
    """Print the report, or write it into a page."""
    text = report(json.loads(Path(source).read_text()), Path(__file__).parent)
    if page is None:
        sys.stdout.write(text)
        return
    before, _, rest = Path(page).read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    Path(page).write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


if __name__ == "__main__":
    main(*sys.argv[1:])
