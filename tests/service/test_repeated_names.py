"""Names that stand twice in an object."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.formats import JSON, MSGPACK
from service.web.problems import BadBody
from service.web.repeated_names import check_names

NAME = st.text(max_size=40)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=300)
    | st.sampled_from(["a:b", '":"', '{"a": 1, "a": 2}', "\\", "\\\\:", "x" * 70_000]),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(NAME, inner, max_size=20),
)


def names(value):
    """How many names there are."""
    inside = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return 0
    return len(value) * isinstance(value, dict) + sum(map(names, inside))


@given(PLAIN)
def test_whatever_has_each_name_once_passes(value):
    check_names(msgspec.json.encode(value), JSON, names(value))
    check_names(msgspec.msgpack.encode(value), MSGPACK, names(value))


@pytest.mark.parametrize(
    "value",
    [
        {str(name): name for name in range(70_000)},
        {"a": [b"x" * 2**size for size in (1, 8, 9, 17)], "b": datetime.now(UTC)},
        {"a": [msgspec.msgpack.Ext(1, b"x" * size) for size in (1, 2, 4, 8, 16, 5, 300, 70_000)]},
        {"a": list(range(70_000)), "b": "x" * 70_000, "c": [0] * 300},
    ],
)
def test_every_kind_of_messagepack_is_passed_over(value):
    packed = msgspec.msgpack.encode(value)
    check_names(packed, MSGPACK, len(value))
    with pytest.raises(BadBody, match="twice"):
        check_names(packed, MSGPACK, len(value) - 1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 1}',
        b'[{"b": {"a": [], "c": ":", "\\u0061": {}}}]',
        b'{"": 1, "": 2}',
    ],
)
def test_a_name_of_json_that_stands_twice_is_told(body):
    with pytest.raises(BadBody, match=r"an object of the body has '(a|)' twice"):
        check_names(body, JSON, names(msgspec.json.decode(body)))


@pytest.mark.parametrize(
    "body", [b"\x82\xa1a\x01\xa1a\x02", b"\x91\x82\xa1a\x01\xd9\x01a\xca....."]
)
def test_a_name_of_messagepack_that_stands_twice_is_told(body):
    sound = body.replace(b".....", b"\x3f\x80\x00\x00")
    with pytest.raises(BadBody, match="twice"):
        check_names(sound, MSGPACK, names(msgspec.msgpack.decode(sound)))
