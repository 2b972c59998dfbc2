"""Who answers what a command asks: this program, or the service that `--server` or RACKRATE_SERVER
names. Both take the same questions and give the same records.
"""

import os
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import economics
from economics import Comparison, Explanation, Quote, Solution
from economics.models.assembly import MODEL_VERSION
from economics.questions import ready_made
from economics.scenario import catalog
from service.cli import display
from service.cli.parser import UsageProblem
from service.files.reading import shipped_names, shipped_tables
from service.setting_sources import PREFIX

if TYPE_CHECKING:
    from economics import Sensitivity, Simulation
    from economics.sweeps.distributions import Drawn
    from service.client.clients import Client

SERVER = f"{PREFIX}SERVER"

OF_THIS_MACHINE = ("threads", "dry_run", "resume")  # options that say or ask something of it
Tables = Mapping[str, Any]
Names = Sequence[str] | None


def server_of(options: Namespace) -> tuple[str, str] | None:
    """The option or variable that names a service, and the service; None where none is named."""
    if options.server is not None:
        return "--server", options.server
    stated = os.environ.get(SERVER, "").strip()
    return (SERVER, stated) if stated else None


@contextmanager
def answering(options: Namespace) -> "Iterator[Here | Client]":
    """Who answers a command. Errors: Problem and UsageProblem for a service that cannot be asked;
    ServiceError.
    """
    named = server_of(options)
    if named is None:
        yield Here(getattr(options, "threads", None))
        return
    for one in OF_THIS_MACHINE:
        if getattr(options, one, None):
            name = f"--{one.replace('_', '-')}"
            raise UsageProblem(f"{name} is about this machine: leave it out with {named[0]}")
    from service.client.clients import Client  # which few commands need
    from service.client.failures import OtherModel
    from service.client.replies import other_model
    from service.client.wire import address

    with Client(address(named[1], named[0])) as client, display.waiting(client.url):
        yield client
        theirs = client.model_version
    if theirs is not None and theirs != MODEL_VERSION:
        raise OtherModel(other_model(client.url, theirs))


class Here:
    """This program, as one that can be asked."""

    def __init__(self, threads: int | None) -> None:
        self._threads = threads

    def quote(self, scenario: Tables, targets: Names = None) -> Quote:
        """Answers to targets, or to the usual ones."""
        return economics.quote(scenario, targets)

    def breakeven(self, scenario: Tables) -> Quote:
        """The three lines of breakeven and the prices, or what breaks even without a rack."""
        return ready_made.answer("breakeven", scenario)

    def depreciation(self, scenario: Tables) -> Quote:
        """Value by year."""
        return ready_made.answer("depreciate", scenario)

    def cashflows(self, scenario: Tables) -> Quote:
        """The cash flow by year."""
        return ready_made.answer("cashflow", scenario)

    def explain(self, scenario: Tables, target: str, depth: int | None = None) -> Explanation:
        """How a number comes about."""
        return economics.explain(scenario, target, depth)

    def solve(
        self,
        scenario: Tables,
        target: str,
        value: float,
        unknown: str,
        between: Sequence[float] | None = None,
    ) -> Solution:
        """All values of a field at which a target is met."""
        return economics.solve(scenario, target, value, unknown, between)

    def compare(
        self, scenarios: Sequence[Tables], targets: Names = None, bridge: str | None = None
    ) -> Comparison:
        """Scenarios side by side."""
        return economics.compare(scenarios, targets, bridge)

    def simulate(
        self,
        scenario: Any,
        draws: "Drawn",
        targets: Names = None,
        conditions: Sequence[str] = (),
        backend: str | None = None,
    ) -> "Simulation":
        """What becomes of targets when fields are uncertain."""
        from economics.uncertainty.simulate import SimulationSpec

        spec = SimulationSpec(
            scenario=scenario,
            draws=draws,
            targets=None if targets is None else tuple(targets),
            conditions=tuple(conditions),
            backend=backend or "auto",
        )
        return economics.simulate(spec, threads=self._threads, progress=display.progress())

    def sensitivity(
        self,
        scenario: Any,
        target: str,
        draws: "Drawn | None" = None,
        by_fraction: float | None = None,
        backend: str | None = None,
    ) -> "Sensitivity":
        """Which inputs move a target."""
        from economics.uncertainty.sensitivity import SensitivitySpec

        spec = SensitivitySpec(
            scenario=scenario,
            target=target,
            draws=draws,
            by_fraction=by_fraction,
            backend=backend or "auto",
        )
        return economics.sensitivity(spec, threads=self._threads, progress=display.progress())

    def catalog(self) -> dict[str, tuple[str, ...]]:
        """The names of rows by kind."""
        return {kind: tuple(catalog.rows(kind)) for kind in catalog.KINDS}

    def rows(self, kind: str) -> Mapping[str, Tables]:
        """All rows of a kind."""
        return catalog.rows(kind)

    def row(self, kind: str, name: str) -> Tables:
        """One row."""
        return catalog.row(kind, name)

    def scenarios(self) -> tuple[str, ...]:
        """The names of shipped scenarios."""
        return shipped_names("scenarios")

    def scenario(self, name: str) -> Tables:
        """A shipped scenario's tables."""
        return shipped_tables("scenarios", name)

    def shipped_sweeps(self) -> tuple[str, ...]:
        """The names of shipped sweeps."""
        return shipped_names("sweeps")

    def shipped_sweep(self, name: str) -> Tables:
        """A shipped sweep's parts."""
        return shipped_tables("sweeps", name)
