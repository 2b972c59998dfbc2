"""The folder of a machine's jobs."""

import os
import stat

import pytest

from service.jobs.data import data_directory, data_path, has_jobs
from service.jobs.records import NoData


def test_it_is_where_the_environment_says(tmp_path):
    assert str(data_path({"RACKRATE_DATA": "/var/lib/rackrate"})) == "/var/lib/rackrate"
    state = {"RACKRATE_DATA": " ", "XDG_STATE_HOME": "/state", "HOME": "/home/a"}
    assert str(data_path(state)) == "/state/rackrate"
    assert str(data_path({"HOME": "/home/a"})) == "/home/a/.local/state/rackrate"


def test_it_is_made_for_its_owner_alone(tmp_path):
    asked = {"RACKRATE_DATA": str(tmp_path / "some" / "where")}
    assert not has_jobs(asked)
    found = data_directory(asked)
    assert stat.S_IMODE(found.stat().st_mode) == 0o700
    assert data_directory(asked) == found
    (found / "jobs.sqlite").touch()
    assert has_jobs(asked)


def test_one_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NoData, match=r"RACKRATE_DATA: .*file/data cannot be made"):
        data_directory({"RACKRATE_DATA": str(tmp_path / "file" / "data")})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_one_that_cannot_be_written_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(NoData, match="cannot be written"):
        data_directory({"RACKRATE_DATA": str(tmp_path)})
