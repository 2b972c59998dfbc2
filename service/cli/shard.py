"""`shard`: a share of the parts of a sweep, for machines that know nothing of each other."""

import os
from argparse import Namespace

from economics import Problem
from service.cli.resume import computed, run_of, show
from service.cli.sweep import asked_sweep

INDEX = "JOB_COMPLETION_INDEX"  # of a pod of an Indexed Job of Kubernetes


def shard(options: Namespace) -> None:
    """Compute what a share of a sweep lacks. Errors: Problem, FileProblem, BackendError,
    NoAnswer.
    """
    index = _index(options)
    run, _ = run_of(options, asked_sweep(options))
    found = computed(run, options.threads, index, options.of)
    show(found, options.json, f"when all shares are done: rackrate collect {run.out}")


def _index(options: Namespace) -> int:
    """Which share it is. Errors: Problem."""
    where, stated = "--index", options.index
    if stated is None:
        where, stated = INDEX, os.environ.get(INDEX, "").strip() or None
    if stated is None:
        raise Problem("--index", None, f"the number of the share, from 0, here or in {INDEX}")
    if not (str(stated).isdecimal() and int(stated) < options.of):
        raise Problem(where, stated, f"a whole number from 0 to {options.of - 1}, below --of")
    return int(stated)
