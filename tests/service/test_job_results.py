"""Results of jobs, read in parts where they are kept."""

import asyncio
import pickle

import msgspec
import pytest
from jobs_over_http import CELLS

from economics.scenario.checking import checked
from service.jobs.executors import Inline
from service.jobs.records import Limits, NoJob
from service.jobs.results import Damaged
from service.jobs.runs import Run
from service.jobs.specs import packed, question, resolved
from service.settings import Settings
from service.version import version
from service.web.asked_specs import spec_of
from service.web.formats import ARROW, CSV, JSON, MSGPACK, PARQUET
from service.web.job_results import Kept, begin_result, kept_rows
from service.web.routes.sweeps import begin_sweep
from service.web.schema import SweepRequest
from service.web.table_answers import sent


def watch(*_):
    """Nobody minds."""


def asked(**changes):
    return checked({**CELLS, **changes}, SweepRequest, "")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A table of 45 rows in seven parts."""
    spec = packed(resolved(question(spec_of(asked(), Settings()), shard_rows=8)))
    run = Run(version(), spec, str(tmp_path_factory.mktemp("job")), Limits())
    run.begin()
    executor = Inline()
    while not run.is_computed:
        run.step(executor, 0.0)
    run.finish()
    return Kept(run.out, spec)


async def go_on(work, *arguments):
    """What a worker gives, to which all goes as bytes."""
    work, arguments = pickle.loads(pickle.dumps((work, arguments)))
    return work(*arguments, watch)


def whole(kept, media):
    outline = pickle.loads(pickle.dumps(begin_result(kept, media, watch)))

    async def joined():
        return [one async for one in sent(go_on, outline, media)]

    return b"".join(asyncio.run(joined()))


@pytest.mark.parametrize("media", [ARROW, CSV])
def test_parts_make_the_bytes_that_a_sweep_is_answered_with(kept, media):
    plain = begin_sweep(asked(), Settings(), media, watch)
    assert begin_result(kept, media, watch).parts > 1
    if media == CSV:
        assert whole(kept, media) == plain
    else:
        import polars

        assert polars.read_ipc_stream(whole(kept, media)).equals(
            polars.read_ipc_stream(plain), null_equal=True
        )


def test_parts_make_one_file_of_parquet(kept):
    import polars

    ours, plain = whole(kept, PARQUET), begin_sweep(asked(), Settings(), PARQUET, watch)
    assert polars.read_parquet(ours).equals(polars.read_parquet(plain), null_equal=True)
    said, told = (polars.read_parquet_metadata(one) for one in (ours, plain))
    assert {name: said[name] for name in ("basis", "columns", "backend")} == {
        name: told[name] for name in ("basis", "columns", "backend")
    }


@pytest.mark.parametrize("media", [JSON, MSGPACK])
def test_parts_make_the_columns_of_an_answer(kept, media):
    decode = msgspec.json.decode if media == JSON else msgspec.msgpack.decode
    ours, plain = (
        decode(one) for one in (whole(kept, media), begin_sweep(asked(), Settings(), media, watch))
    )
    assert ours.pop("why") != plain.pop("why")
    assert ours == plain


def test_what_is_not_as_it_was_written_is_no_answer(kept, tmp_path):
    import shutil

    shutil.copytree(kept.out, tmp_path / "job")
    part = tmp_path / "job" / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    broken = Kept(str(tmp_path / "job"), kept.spec)
    assert kept_rows(broken, "csv", 0, 0, watch).data
    with pytest.raises(Damaged, match="part 1 of the answer is not as it was written"):
        kept_rows(broken, "csv", 1, 0, watch)


def test_a_result_that_has_been_removed_is_not_there(kept, tmp_path):
    for media in (PARQUET, JSON):
        with pytest.raises(NoJob, match="has been removed"):
            begin_result(Kept(str(tmp_path / "gone"), kept.spec), media, watch)
