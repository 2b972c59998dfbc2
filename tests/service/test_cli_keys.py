"""`rackrate keys new`: a key that is shown once, and its line."""

import json
import re

import pytest

from service.files.key_files import hash_of, read_keys


def test_the_line_goes_to_a_file_and_the_key_to_who_made_it(rackrate, tmp_path):
    said = rackrate("keys", "new", "reporting", "--expires", "2027-01-31")
    key = re.fullmatch(r"the key, shown this once: (rr_[\w-]{43})", said.one_line())[1]
    assert said.code == 0
    assert key not in said.out
    path = tmp_path / "keys"
    path.write_text(said.out)
    (found,) = read_keys(str(path))
    assert (found.name, found.hash, str(found.expires)) == ("reporting", hash_of(key), "2027-01-31")


def test_as_json_both_stand_together_and_no_two_are_alike(rackrate):
    found = [json.loads(rackrate("keys", "new", "a.b", "--json").out) for _ in range(2)]
    assert found[0]["key"] != found[1]["key"]
    for one in found:
        assert one["line"] == f"a.b {hash_of(one['key']).hex()}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new", "a b"), "NAME = 'a b': expected letters"),
        (("new", "a", "--expires", "soon"), "--expires 'soon': expected a date such as 2027-01-31"),
        (("new", "a", "--expires", "2020-01-31"), "'2020-01-31': expected a date from today, 20"),
        (("old", "a"), "choose from"),
    ],
)
def test_what_cannot_be_is_told(rackrate, arguments, said):
    found = rackrate("keys", *arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.one_line()
