"""A number in memory that two processes share: whoever writes it waits for nobody."""

import mmap
import os
import struct

NUMBER = struct.Struct("q")


class Page:
    """A number in the file of a descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, NUMBER.size)

    @property
    def number(self) -> int:
        """The number that was written last."""
        return int(NUMBER.unpack_from(self._memory)[0])

    @number.setter
    def number(self, value: int) -> None:
        NUMBER.pack_into(self._memory, 0, value)


def new_page(descriptor: int) -> Page:
    """A page in an empty file; its number is 0."""
    os.truncate(descriptor, NUMBER.size)
    return Page(descriptor)
