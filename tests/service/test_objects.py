"""The folder of an answer on an object store, which runs here (moto)."""

import subprocess
import sys

import object_store
import pytest
from object_store import BUCKET

from service.jobs.folders import check_place
from service.jobs.objects import NoStore, StoredFolder, StoreFails
from service.jobs.records import NoData

URL = f"s3://{BUCKET}/jobs"


@pytest.fixture(scope="module")
def server():
    with object_store.running() as running:
        yield running


@pytest.fixture
def store(server, monkeypatch):
    """A store that is empty, and the environment that leads to it."""
    for name, value in server.variables.items():
        monkeypatch.setenv(name, value)
    server.ignores_conditions = server.is_down = False
    StoredFolder(f"s3://{BUCKET}").remove()
    server.asked.clear()
    return server


def test_what_is_kept_is_given_back(store):
    folder, large = StoredFolder(f"{URL}/a"), b"x" * 6_000_000
    assert folder.put("part-00000.parquet", large) == folder.get("part-00000.parquet") == large
    assert folder.put("empty", b"") == folder.get("empty") == b""
    assert folder.names() == {"part-00000.parquet": len(large), "empty": 0}
    assert (folder.size("part-00000.parquet"), folder.size("none")) == (len(large), None)
    with pytest.raises(FileNotFoundError):
        folder.get("none")
    assert StoredFolder(f"{URL}/b").names() == {}


def test_whoever_writes_second_gets_what_stands(store):
    one, other = StoredFolder(f"{URL}/a"), StoredFolder(f"{URL}/a/")
    assert one.put("part", b"first") == b"first"
    assert other.put("part", b"second") == b"first"
    assert one.get("part") == b"first"
    other.discard("part")
    other.discard("part")
    assert other.put("part", b"third") == one.get("part") == b"third"


def test_a_mark_is_seen_by_all_and_asked_for_seldom(store):
    one, other = StoredFolder(f"{URL}/a"), StoredFolder(f"{URL}/a", look=0.0)
    assert (one.is_cancelled(), other.is_cancelled()) == (False, False)
    StoredFolder(f"{URL}/a").cancel()
    assert (one.is_cancelled(), other.is_cancelled()) == (False, True)
    store.asked.clear()
    assert [other.is_cancelled(), one.is_cancelled()] * 50 == [True, False] * 50
    assert store.asked == []


def test_notes_are_written_over_and_may_be_lost(store):
    folder = StoredFolder(f"{URL}/a", note=0.0, retry=0.0, patience=0.0)
    for data in (b"1", b"2"):
        folder.note("progress-00000", data)
    assert folder.get("progress-00000") == b"2"
    seldom = StoredFolder(f"{URL}/a")
    for data in (b"4", b"5"):
        seldom.note("progress-00000", data)
    assert folder.get("progress-00000") == b"4"


def test_a_folder_is_removed_and_its_neighbours_stand(store):
    one, other = StoredFolder(f"{URL}/a"), StoredFolder(f"{URL}/ab")
    for folder in (one, other):
        folder.put("part", b"data")
    one.cancel()
    one.remove()
    one.remove()
    assert (one.names(), other.names()) == ({}, {"part": 4})


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3:///prefix", "s3://bucket//prefix", "s3://bucket/a?b=1", "s3://a b/c", "r2://a/b"],
)
def test_what_is_no_place_is_said(store, url):
    with pytest.raises(NoStore, match=r"is no place for answers: expected s3://bucket/prefix, gs:"):
        StoredFolder(url)


def test_a_store_that_works_is_tried_and_left_as_it_was(store):
    check_place(URL)
    assert StoredFolder(f"s3://{BUCKET}").names() == {}
    assert {method for method, _ in store.asked} == {"PUT", "GET", "POST"}


def test_a_store_that_ignores_conditions_is_refused(store):
    store.ignores_conditions = True
    with pytest.raises(NoStore, match="writes over an object although it is asked not to"):
        check_place(URL)
    assert StoredFolder(f"s3://{BUCKET}").names() == {}


@pytest.mark.parametrize(
    ("variables", "url", "said"),
    [
        ({}, "s3://nothing/jobs", "s3://nothing/jobs .* there is no bucket nothing$"),
        (
            {"AWS_SECRET_ACCESS_KEY": None},
            URL,
            "no credentials in the environment, such as AWS_ACCESS_KEY_ID and",
        ),
        ({}, "az://container/jobs", "such as AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACC"),
        (
            {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
            URL,
            r": http://127\.0\.0\.1:1 does not answer$",
        ),
        ({"AWS_ALLOW_HTTP": None}, URL, ": AWS_ALLOW_HTTP=true is to allow an address of http://$"),
    ],
    ids=["no bucket", "half a key", "no account", "nobody listens", "plain http"],
)
def test_why_nothing_can_be_kept_is_said_in_one_line(store, monkeypatch, variables, url, said):
    for name, value in variables.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    with pytest.raises((NoStore, StoreFails), match=said) as caught:
        StoredFolder(url, patience=0.0).put("part", b"")
    assert "\n" not in str(caught.value)


def test_a_store_that_fails_is_an_error_of_the_system(store):
    folder = StoredFolder(f"{URL}/a", retry=0.0, patience=0.0)
    store.is_down = True
    for ask in (folder.names, lambda: folder.get("part"), lambda: folder.put("part", b"")):
        with pytest.raises(StoreFails, match=f"{URL}/a .*: the answer is 503 Service Unavailable$"):
            ask()
    assert issubclass(StoreFails, OSError)


def test_credentials_that_may_not_write_are_said(store):
    """Checked by the store from the first request on."""
    store.check_credentials(True)
    try:
        with pytest.raises(NoData, match=r"the credentials in the environment do not allow it$"):
            check_place(URL)
    finally:
        store.check_credentials(False)


def test_without_the_library_the_extra_is_named(store, monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(NoStore, match=r"needs obstore: pip install 'rackrate\[objects\]'$"):
        StoredFolder(URL)


def test_the_library_is_imported_when_it_is_asked_for():
    look = "import sys, service.jobs.objects; print('obstore' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
