"""`jobs`: what was asked of a service to be done later, as its operator sees it, or with a service
whoever has asked.
"""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernels.language.spelling import near
from service.cli import display
from service.cli.answering import Here, answering, server_of
from service.cli.figures import NONE, duration, size
from service.cli.parser import UsageProblem
from service.jobs.data import data_path, environment_of, has_jobs, limits_of
from service.jobs.executors import Inline
from service.jobs.jobs import Jobs
from service.jobs.records import ENDED, Job, NoJob, NotEnded
from service.settings import Settings, read_settings

if TYPE_CHECKING:
    from service.client.clients import Client

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
        if isinstance(ask, Here):
            _of_here(options)
        else:
            _of_service(ask, options)


def _of_service(ask: "Client", options: Namespace) -> None:
    """What a service has for whoever asks. Errors: NotEnded, ServiceError."""
    if options.what == "list":
        _show_list(ask.jobs(), options.json)
        return
    found = [ask.job(one) for one in options.id]
    if options.what == "show":
        _show_one(found[0], options.json)
    elif options.what == "cancel":
        now = [one if one.state in ENDED else ask.cancel(one) or one for one in found]
        _show_cancelled(now, options.json)
    else:
        for one in found:
            if one.state not in ENDED:
                raise NotEnded(f"job {one.id} is {one.state}: cancel it first")
            ask.cancel(one)  # which removes what has ended
        _show_removed(found, options.json)


def _of_here(options: Namespace) -> None:
    """What is in the data directory of this machine, whoever has asked. Errors: JobProblem."""
    settings = read_settings()
    with _kept(settings) as kept:
        known = kept.list() if kept is not None else ()
        for one in options.id:
            _check_id(one, known, data_path(environment_of(settings)))
        if options.what == "list":
            _show_list(known, options.json)
        elif options.what == "show":
            _show_one(known[[one.id for one in known].index(options.id[0])], options.json)
        elif kept is None or options.what == "gc":
            _show_removed(_collected(kept, known), options.json)
        elif options.what == "cancel":
            _show_cancelled([kept.cancel(one) for one in options.id], options.json)
        else:
            for one in options.id:
                kept.remove(one)
            _show_removed([one for one in known if one.id in options.id], options.json)


@contextmanager
def _kept(settings: Settings) -> "Iterator[Jobs | None]":
    """The jobs of the data directory; None where nobody has asked for one yet. Errors: NoData."""
    environment = environment_of(settings)
    if not has_jobs(environment):
        yield None
        return
    kept = Jobs(data_path(environment), Inline, limits_of(settings))
    try:
        yield kept
    finally:
        kept.stop()


def _check_id(stated: str, known: Sequence[Job], data: Path) -> None:
    """Whether there is such a job. Errors: NoJob with near matches."""
    ids = [one.id for one in known]
    if stated not in ids:
        meant = [one for one in ids if one.startswith(stated)][:1] or near(stated, ids)[:1]
        hint = f"; did you mean {meant[0]}?" if meant else ""
        raise NoJob(f"there is no job {stated} in {data}{hint}")


def _collected(kept: Jobs | None, known: Sequence[Job]) -> list[Job]:
    """The jobs that were too old or too many, and are removed."""
    if kept is None:
        return []
    kept.retain()
    left = {one.id for one in kept.list()}
    return [one for one in known if one.id not in left]


def _show_list(found: Sequence[Job], as_json: bool) -> None:
    display.show_answer(found, as_json, _table)


def _show_one(found: Job, as_json: bool) -> None:
    display.show_answer(found, as_json, _whole)


def _show_cancelled(found: Sequence[Job], as_json: bool) -> None:
    lines = (f"{one.id}: {_end(one)}" for one in found)
    display.show_answer(found, as_json, lambda _: lines)


def _end(one: Job) -> str:
    """How it stands with a job that is to be cancelled."""
    if one.state == "cancelled":
        return "cancelled"
    return "is being cancelled" if one.state not in ENDED else f"has ended already: {one.state}"


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
    ran = f"for {duration(one.seconds)}, {_left(one)} left"
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
