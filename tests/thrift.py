"""Thrift's compact protocol, as much of it as the end of a Parquet file needs."""


class Thrift:
    """Just enough of Thrift's compact protocol to read the end of a Parquet file: structs as
    mappings by field number.
    """

    def __init__(self, data):
        self.data = iter(data)

    def number(self):
        at = found = 0
        while True:
            byte = next(self.data)
            found |= (byte & 127) << at
            at += 7
            if byte < 128:
                return found

    def taken(self, count):
        return bytes(next(self.data) for _ in range(count))

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        if kind in (3, 4, 5, 6):
            number = self.number()
            return (number >> 1) ^ -(number & 1)
        if kind == 8:
            return self.taken(self.number())
        if kind in (9, 10):
            head = next(self.data)
            return [
                self.value(head & 15)
                for _ in range(self.number() if head >> 4 == 15 else head >> 4)
            ]
        assert kind == 12
        return self.struct()

    def struct(self):
        found, field = {}, 0
        while head := next(self.data):
            field += head >> 4
            found[field] = self.value(head & 15)
        return found
