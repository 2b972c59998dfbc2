"""`jobs`: what was asked of a service to be done later, as its operator sees it, or with a service
whoever has asked.
"""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from kernels.language.spelling import near
from service.cli import display
from service.cli.answering import Here, answering, server_of
from service.cli.figures import NONE, duration, size
from service.cli.parser import UsageProblem
from service.jobs.data import data_path, environment_of, has_jobs, limits_of
from service.jobs.driver import is_driven
from service.jobs.executors import Inline
from service.jobs.jobs import Jobs
from service.jobs.records import ENDED, Job, NoData, NoJob, NotEnded
from service.settings import Settings, read_settings

MANY = 1000
IDS = {"list": (0, 0), "show": (1, 1), "cancel": (1, MANY), "rm": (1, MANY), "gc": (0, 0)}
FORMS = "list, show ID, cancel ID, rm ID or gc"


def jobs(options: Namespace) -> None:
    """List jobs, show one, cancel or remove some, or remove what is too old. Errors: UsageProblem,
    JobProblem, and those of a service.
    """
    _check(options.what, len(options.id))
    if options.what == "gc" and (named := server_of(options)) is not None:
        raise UsageProblem(f"rackrate jobs gc is for who runs the service: leave out {named[0]}")
    with answering(options) as ask:
        if not isinstance(ask, Here):
            cancel = ask.cancel  # which removes what has ended
            _do(View(ask.jobs, ask.job, cancel, cancel, ask.jobs), options)
            return
    with _kept(read_settings()) as found:
        _do(found, options)
        _note_undriven(found.list())


class View(NamedTuple):
    """What can be done with the jobs of a service, or of the data directory."""

    list: Callable[[], Sequence[Job]]
    show: Callable[[str], Job]
    cancel: Callable[[str], Job | None]
    remove: Callable[[str], object]
    retain: Callable[[], object]


def _do(there: View, options: Namespace) -> None:
    """List, show, cancel or remove. Errors: JobProblem, ServiceError."""
    found = [there.show(one) for one in options.id] or there.list()
    if options.what == "list":
        display.show_answer(found, options.json, _table)
    elif options.what == "show":
        display.show_answer(found[0], options.json, _whole)
    elif options.what == "cancel":
        now = [one if one.state in ENDED else there.cancel(one.id) or one for one in found]
        display.show_answer(now, options.json, _cancelled)
    elif options.what == "rm":
        _check_ended(found)
        for one in found:
            there.remove(one.id)
        _show_removed(found, options.json)
    else:
        there.retain()
        left = {one.id for one in there.list()}
        _show_removed([one for one in found if one.id not in left], options.json)


@contextmanager
def _kept(settings: Settings) -> Iterator[View]:
    """The jobs of the data directory, whoever has asked. Errors: NoData."""
    environment = environment_of(settings)
    data = data_path(environment)
    if not has_jobs(environment):  # and none are made by looking
        none = partial(_known, tuple, data)
        yield View(tuple, none, none, none, tuple)
        return
    try:
        kept = Jobs(data, Inline, limits_of(settings))
        try:
            show = partial(_known, kept.list, data)
            yield View(kept.list, show, kept.cancel, kept.remove, kept.retain)
        finally:
            kept.stop()
    except NoData as problem:
        raise NoData(f"{data}: {problem}") from None


def _note_undriven(found: Sequence[Job]) -> None:
    """That jobs have not ended which nobody computes, on standard error."""
    if any(one.state not in ENDED for one in found) and not is_driven(
        data_path(environment_of(read_settings()))
    ):
        sys.stderr.write(
            "rackrate: note: no service is there that computes these jobs: those that have not"
            " ended go on, or are cancelled, when one starts\n"
        )


def _known(listed: Callable[[], Sequence[Job]], data: Path, stated: str) -> Job:
    """The job of an id. Errors: NoJob with near matches."""
    by_id = {one.id: one for one in listed()}
    if stated not in by_id:
        meant = [one for one in by_id if one.startswith(stated)][:1] or near(stated, by_id)[:1]
        hint = f"; did you mean {meant[0]}?" if meant else ""
        raise NoJob(f"there is no job {stated} in {data}{hint}")
    return by_id[stated]


def _check_ended(found: Sequence[Job]) -> None:
    """Whether jobs can be removed. Errors: NotEnded."""
    for one in found:
        if one.state not in ENDED:
            raise NotEnded(f"job {one.id} is {one.state}: cancel it first")


def _cancelled(found: Sequence[Job]) -> Iterator[str]:
    """How it stands with jobs that are to be cancelled, a line each."""
    for one in found:
        ended = "cancelled" if one.state == "cancelled" else f"has ended already: {one.state}"
        yield f"{one.id}: {ended if one.state in ENDED else 'is being cancelled'}"


def _show_removed(found: Sequence[Job], as_json: bool) -> None:
    """How many jobs are gone, and what their answers took."""
    taken = size(sum(one.result_bytes for one in found))
    line = f"{len(found):,} job{'' if len(found) == 1 else 's'} removed, {taken}"
    display.show_answer([one.id for one in found], as_json, lambda _: [line])


def _check(what: str, count: int) -> None:
    """Whether something can be done with so many jobs. Errors: UsageProblem."""
    if what not in IDS:
        meant = near(what, IDS)[:1]
        hint = f"; did you mean {meant[0]}?" if meant else ""
        raise UsageProblem(f"rackrate jobs knows no {what!r}{hint}: expected {FORMS}")
    least, most = IDS[what]
    if not least <= count <= most:
        expected = "no ID" if not most else "one ID" if most == 1 else "at least one ID"
        raise UsageProblem(f"rackrate jobs {what} takes {expected}, not {count}")


def _table(found: Sequence[Job]) -> Iterator[Any]:
    """One line a job."""
    if not found:
        yield "no jobs"
        return
    made = display.grid("id", "kind", "state", "done", "left", "asked (UTC)", numbers=(3, 4))
    for one in found:
        made.add_row(one.id, one.kind, _state(one), _done(one), _left(one), _moment(one.created))
    yield made


def _state(one: Job) -> str:
    return "waiting" if one.waiting else one.state


def _done(one: Job) -> str:
    return f"{100 * one.cells_done // max(one.cells, 1)} %"


def _left(one: Job) -> str:
    return NONE if one.seconds_left is None else duration(one.seconds_left)


def _moment(text: str) -> str:
    """A time of UTC, to the minute."""
    return text[:16].replace("T", " ")


def _whole(one: Job) -> Iterator[Any]:
    """All about a job, a line each."""
    made = display.grid("", "")
    made.show_header = False
    left = "" if one.seconds_left is None else f", {_left(one)} left"
    ran = f"for {duration(one.seconds)}{left}"
    for name, text in (
        ("id", one.id),
        ("kind", one.kind),
        ("state", one.state),
        ("waits for", one.waiting),
        ("failed", one.error),
        ("asked", f"{_moment(one.created)} UTC"),
        ("ended", one.finished and f"{_moment(one.finished)} UTC"),
        ("runs", ran if one.state == "running" else f"{duration(one.seconds)} in all"),
        ("cells", f"{one.cells_done:,} of {one.cells:,}"),
        ("parts", f"{one.shards_done:,} of {one.shards:,}"),
        ("answer", size(one.result_bytes)),
        ("version", one.version),
        ("digest", one.digest),
    ):
        if text:
            made.add_row(name, display.clean(text))
    yield made
