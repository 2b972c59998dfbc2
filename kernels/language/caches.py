"""What functions remember from call to call: registered in one place, so that all of it can be
forgotten.
"""

from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from typing import Any, TypeVar

Result = TypeVar("Result")
CACHES: "list[_lru_cache_wrapper[Any]]" = []


def cached(
    most: int | None = None,
) -> "Callable[[Callable[..., Result]], _lru_cache_wrapper[Result]]":
    """Remember the results of a function, at most so many, the latest used; None: all of them."""

    def remember(function: Callable[..., Result]) -> "_lru_cache_wrapper[Result]":
        cache = lru_cache(maxsize=most)(function)
        CACHES.append(cache)
        return cache

    return remember


def clear_caches() -> None:
    """Forget everything that was remembered."""
    for cache in CACHES:
        cache.cache_clear()
