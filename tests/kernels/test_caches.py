"""Everything that is remembered is registered, and can be forgotten at once."""

import re
from pathlib import Path

import kernels
from kernels.language.caches import CACHES, cached, clear_caches


def test_what_is_remembered_is_forgotten():
    calls = []
    square = cached(2)(lambda x: calls.append(x) or x * x)
    try:
        assert [square(3), square(3), len(calls)] == [9, 9, 1]
        clear_caches()
        assert [square(3), len(calls)] == [9, 2]
        assert square.cache_info().maxsize == 2
    finally:
        CACHES.remove(square)


def test_nothing_else_is_remembered():
    users = [
        path.name
        for path in Path(kernels.__file__).parent.rglob("*.py")
        if re.search(r"lru_cache|@cache\b|WeakKeyDictionary", path.read_text())
    ]
    assert users == ["caches.py"]
