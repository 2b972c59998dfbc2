"""What can be typed: the commands, where each is run, and what its help says. Commands are imported
when they run.
"""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import NamedTuple

from kernels.language.spelling import near
from service.cli import job_options, machine_options, options
from service.cli.parser import Parser, UsageProblem, server

EXITS = (
    "Exit codes: 0 done, 1 cannot be computed, 2 bad input or no such engine here, 130 interrupted,"
    " 143 terminated."
)
SERVING = "Exit codes: 0 ended by SIGTERM, 1 cannot listen, 2 bad setting, 130 interrupted."
WORKING = """\
It needs the extra `cluster`; `dask scheduler` starts a scheduler, with the same installation.
Exit codes: 0 ended by SIGTERM, 2 bad option or no such extra, 130 interrupted."""
AGENTS = """\
The same tools are at /mcp of `rackrate serve`; both need the extra `agents`.
Exit codes: 0 done, 2 bad setting or no such extra, 130 interrupted, 143 terminated."""
KEYS = f"""\
The key is shown once, on standard error; the line of it, without the key, on standard output:
  rackrate keys new reporting --expires 2027-01-31 >> keys
The file is that of RACKRATE_API_KEYS_FILE; a service that runs reads it within a second.
{EXITS}"""
CHECKING = (
    "Exit codes: 0 PASS, 1 FAIL, 2 no device here or bad option, 130 interrupted, 143 terminated."
)
JOBS = f"""\
  rackrate jobs                 all jobs, the newest first
  rackrate jobs show ID         one of them, in full
  rackrate jobs cancel ID       stop it; what it has computed is removed, the job stays
  rackrate jobs rm ID           remove one that has ended, with its answer
  rackrate jobs gc              remove those that have ended and are too old, or take too much
Jobs are those in the folder RACKRATE_DATA (default: $XDG_STATE_HOME/rackrate), whoever has asked;
with --server those of your key in a service.
{EXITS}"""
SHARES = """\
Part i of the sweep belongs to share i mod N. A part that is there is not computed again, so that a
share may be started again at any time, also twice at once. When all shares are done:
rackrate collect DIR.
"""
COLLECTING = f"""\
The folder is one of rackrate sweep --resume or of rackrate shard.
{EXITS} It exits with 1 where parts are missing or are not what
they were."""
IMPORTS = f"""\
Rows of your own are read from *.toml files of RACKRATE_CATALOG
(default: ~/.local/share/rackrate/catalog).
{EXITS} An import exits with 1 where a line is not understood, with 2 where none gives a row."""
EPILOG = f"""\
SCENARIO is a TOML (or .json) file, - for standard input, or the name of a shipped scenario
(rackrate catalog scenarios).
What holds: defaults < catalog row < file < environment RACKRATE_<FIELD> < --set name=value.
{EXITS}"""
EXAMPLES = """\
examples:
  rackrate quote nvl72-neocloud --set utilisation=0.7
  rackrate solve nvl72-neocloud --for utilisation --target npv_usd_per_rack --value 0
  rackrate sweep nvl72-neocloud --sweep utilisation=0.2:1:81 \\
      --sweep rental_price_usd_per_gpu_hour=1,2,3 -o grid.parquet
  rackrate sweep stargate-rack-grid --reduce "share:breakeven_utilisation < 0.8"
  rackrate simulate nvl72-neocloud --draw utilisation=triangular:0.5,0.7,0.9 \\
      --chance "npv_usd_per_rack > 0"
"""


class Command(NamedTuple):
    """A command: its name, one line about it, its options, where the function is that runs it, what
    its help ends with, and whether a service can answer it.
    """

    name: str
    about: str
    options: Callable[[Parser], None]
    module: str
    epilog: str = EPILOG
    remote: bool = True


COMMANDS = (
    Command(
        "quote", "Cost, breakeven and returns of one scenario.", options.quote, "service.cli.quote"
    ),
    Command(
        "breakeven",
        "The three lines of breakeven utilisation, and breakeven prices.",
        options.scenario,
        "service.cli.quote",
    ),
    Command(
        "depreciate",
        "Book value, tax value and economic value by year.",
        options.scenario,
        "service.cli.quote",
    ),
    Command(
        "cashflow", "All lines of the cash flow by year.", options.scenario, "service.cli.quote"
    ),
    Command(
        "solve",
        "The value of a field at which a quantity has a given value.",
        options.solve,
        "service.cli.solve",
    ),
    Command(
        "sweep", "Many scenarios at once: a grid of fields.", options.sweep, "service.cli.sweep"
    ),
    Command(
        "shard",
        "A share of the parts of a sweep, for several machines.",
        job_options.shard,
        "service.cli.shard",
        SHARES + EPILOG,
        remote=False,
    ),
    Command(
        "collect",
        "Check the parts of a sweep, and make one file of them.",
        job_options.collect,
        "service.cli.collect",
        COLLECTING,
        remote=False,
    ),
    Command(
        "jobs",
        "What was asked of a service to be done later: list, show, cancel, remove.",
        job_options.jobs,
        "service.cli.jobs",
        JOBS,
    ),
    Command(
        "simulate",
        "Uncertain fields: quantiles, probabilities, and how far off they may be.",
        options.simulate,
        "service.cli.uncertainty",
    ),
    Command(
        "sensitivity",
        "Which inputs matter: tornado and Sobol indices.",
        options.sensitivity,
        "service.cli.uncertainty",
    ),
    Command(
        "compare",
        "Scenarios side by side: inputs, answers, and the bridge between them.",
        options.compare,
        "service.cli.compare",
    ),
    Command(
        "explain",
        "How a number comes about: formulas, values, units, sources.",
        options.explain,
        "service.cli.explain",
    ),
    Command(
        "catalog",
        "Accelerators, facilities, electricity, rentals, scenarios and sweeps.",
        options.catalog,
        "service.cli.catalog",
        IMPORTS,
    ),
    Command(
        "schema",
        "The JSON schema of a scenario, or a starter file.",
        options.schema,
        "service.cli.starter_file",
        EXITS,
        remote=False,
    ),
    Command(
        "doctor",
        "What this installation has and lacks.",
        options.as_json,
        "service.cli.doctor",
        EXITS,
        remote=False,
    ),
    Command(
        "gpu-check",
        "Whether GPUs compute what numpy computes, and how fast.",
        machine_options.gpu_check,
        "service.cli.gpu_check",
        CHECKING,
        remote=False,
    ),
    Command(
        "keys",
        "Make an API key for the service.",
        machine_options.keys,
        "service.cli.keys",
        KEYS,
        remote=False,
    ),
    Command(
        "serve", "Serve HTTP.", machine_options.serve, "service.cli.serve", SERVING, remote=False
    ),
    Command(
        "worker",
        "Compute shards of jobs for a dask scheduler, on all devices of this machine.",
        machine_options.worker,
        "service.cli.worker",
        WORKING,
        remote=False,
    ),
    Command(
        "mcp",
        "Tools for an agent on this machine, by standard input and output.",
        machine_options.nothing,
        "service.web.agents.desk",
        AGENTS,
        remote=False,
    ),
)


def parser() -> tuple[Parser, dict[str, Parser]]:
    """The parser of everything, and that of each command by name."""
    top = Parser(
        prog="rackrate",
        description=(
            "Unit economics of GPU data centers: cost per GPU-hour, breakeven, depreciation, cash"
            " flow, sweeps."
        ),
        epilog=f"{EXAMPLES}\n{EPILOG}",
    )
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    made = {}
    for command in COMMANDS:
        own = commands.add_parser(
            command.name, help=command.about, description=command.about, epilog=command.epilog
        )
        command.options(own)
        server(own, command.remote)
        own.set_defaults(module=command.module, remote=command.remote)
        made[command.name] = own
    return top, made


def parse(arguments: Sequence[str]) -> Namespace | None:
    """The command that was typed; None if none was, after printing the version or the help. Errors:
    UsageProblem.
    """
    top, commands = parser()
    words = [word for word in arguments[:1] if not word.startswith("-")]
    if words and words[0] not in commands:
        raise UsageProblem(
            f"there is no command {words[0]!r}{hint(words[0], commands)}; see rackrate --help"
        )
    typed, unknown = top.parse_known_args(arguments)
    if unknown:
        own = commands.get(typed.command or "", top)
        known = [name for action in own._actions for name in action.option_strings]
        raise UsageProblem(
            f"{own.prog} takes no {unknown[0]}{hint(unknown[0].partition('=')[0], known)}; see"
            f" {own.prog} --help"
        )
    if typed.version:
        from service.version import version

        sys.stdout.write(f"rackrate {version()}\n")
    elif typed.command is None:
        top.print_help()
    else:
        return typed
    return None


def hint(word: str, known: Iterable[str]) -> str:
    """What may have been meant."""
    alike = near(word, known)
    return f"; did you mean {alike[0]}?" if alike else ""


def run(typed: Namespace) -> None:
    """Run the command that was typed. Errors: UsageProblem where no service can answer it."""
    if typed.server is not None and not typed.remote:
        raise UsageProblem(
            f"rackrate {typed.command} is about this machine, no service answers it: leave out"
            " --server"
        )
    getattr(import_module(typed.module), typed.command.replace("-", "_"))(typed)
