"""SCENARIO, `--set` and `--backend`: what a command asks about, with what stands above its file."""

import os
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from service.cli.answering import server_of
from service.cli.environment import note_unknown
from service.cli.overrides import override
from service.files.reading import scenario_tables, sweep_spec
from service.setting_sources import BACKEND
from service.settings import backend


def scenario_of(options: Namespace) -> dict[str, Any]:
    """The scenario that a command names, with the environment's fields and `--set`. Errors:
    Problem, FileProblem.
    """
    (tables,) = scenarios_of([(options.scenario, options.set)])
    return tables


def scenarios_of(named: Iterable[tuple[str, list[str]]]) -> list[dict[str, Any]]:
    """Scenarios by name, each with its own settings above the environment's fields. Errors:
    Problem, FileProblem.
    """
    note_unknown(os.environ)
    return [override(scenario_tables(name), settings, os.environ) for name, settings in named]


def spec_of(options: Namespace) -> dict[str, Any]:
    """The sweep or the simulation that a command names: its scenario with what stands above it, and
    an engine. Errors: Problem, FileProblem.
    """
    note_unknown(os.environ)
    spec = sweep_spec(options.scenario)
    spec["scenario"] = override(spec["scenario"], options.set, os.environ)
    if options.backend is not None:
        spec["backend"] = options.backend
    if server_of(options) is None or os.environ.get(BACKEND):
        spec.setdefault("backend", backend(os.environ))
    return spec
