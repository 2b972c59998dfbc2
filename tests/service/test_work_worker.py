"""The program of a worker process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import tasks

from service.work.process import Process
from service.work.worker import NICENESS, OOM_SCORE, OUT_OF_MEMORY


@pytest.fixture(scope="module")
def process():
    found = Process("tasks")
    yield found
    found.close()


def test_it_is_another_process_of_lower_priority(process):
    number, niceness = process.submit(60.0, tasks.process).result(60)
    assert number != os.getpid()
    assert niceness == min(os.nice(0) + NICENESS, 19)


@pytest.mark.skipif(not Path(OOM_SCORE).exists(), reason="the kernel says nothing of it")
def test_it_is_ended_first_where_memory_runs_out(process):
    number, _ = process.submit(60.0, tasks.process).result(60)
    assert Path(f"/proc/{number}/oom_score_adj").read_text().strip() == OUT_OF_MEMORY


def test_signals_are_for_who_started_it(process):
    number, _ = process.submit(60.0, tasks.process).result(60)
    for one in (signal.SIGINT, signal.SIGTERM):
        os.kill(number, one)
    assert process.submit(60.0, tasks.process).result(60)[0] == number


@pytest.mark.parametrize("value", [b"", b"bytes", "text", None, {"a": (1, 2.5)}, bytes(2**22)])
def test_what_it_gives_arrives_as_it_is(process, value):
    assert process.submit(60.0, tasks.give, value).result(60) == value


def test_a_fault_says_where_it_was(process):
    with pytest.raises(ZeroDivisionError) as caught:
        process.submit(60.0, tasks.fault).result(60)
    assert "tasks.py" in caught.value.__notes__[0]
    assert "return 1 // 0" in caught.value.__notes__[0]


def test_what_would_end_the_program_is_an_error_of_the_work(process):
    with pytest.raises(RuntimeError, match="SystemExit: 3"):
        process.submit(60.0, tasks.leave).result(60)


def test_what_cannot_be_sent_is_an_error_too(process):
    with pytest.raises((AttributeError, TypeError), match=r"pickle|local object"):
        process.submit(60.0, tasks.give_what_cannot_be_sent).result(60)
    with pytest.raises((AttributeError, TypeError), match=r"pickle|local object"):
        process.submit(60.0, lambda watch: None).result(60)


@pytest.mark.alone
def test_memory_goes_back_after_large_answers(process):
    number, _ = process.submit(60.0, tasks.process).result(60)
    resident = psutil.Process(number).memory_info
    before = resident().rss
    for _ in range(2):
        assert len(process.submit(60.0, tasks.fill, 10**8).result(60)) == 10**8
    process.submit(60.0, tasks.nothing).result(60)  # what is given back is, when this is begun
    assert resident().rss < before + 8 * 2**20


def test_it_imports_neither_the_main_program_nor_what_no_work_needs():
    code = (
        "import sys, service.work.worker; "
        "print(sorted({'numpy', 'litestar', 'economics', 'asyncio'} & sys.modules.keys()))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
