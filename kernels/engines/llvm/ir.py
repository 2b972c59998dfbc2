"""Functions over vectors of cells as LLVM IR: registers, memory, loops, and the operations of a
trace.

Only + - * /, comparisons, selects and copies; no fast-math flags: nothing is contracted or
reordered, so a lane has the bits of numpy.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kernels.trace.expressions import Expr, is_condition

ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}
ORDERED = {"<": "olt", "<=": "ole", ">": "ogt", ">=": "oge", "==": "oeq", "!=": "une"}
LOGICAL = {"&": "and", "|": "or", "^": "xor", "!=": "xor", "==": "xnor"}


def number(value: float) -> str:
    """A number as LLVM spells it: its bits."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


class Function:
    """The text of one function; `names` says in which register a value of the trace is."""

    def __init__(self, width: int) -> None:
        self.width, self.real, self.mask = width, f"<{width} x double>", f"<{width} x i1>"
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.names: dict[Any, str] = {}
        self.count = 0

    def text(self, name: str, arguments: str) -> str:
        """The whole function."""
        lines = ["entry:", *(f"  {line}" for line in self.entry), "  br label %begin", "begin:"]
        lines += [line if line.endswith(":") else f"  {line}" for line in self.lines]
        return "\n".join([f"define void @{name}({arguments}) {{", *lines, "  ret void", "}", ""])

    def put(self, text: str, into: list[str] | None = None) -> str:
        """A new register."""
        self.count += 1
        (self.lines if into is None else into).append(f"%v{self.count} = {text}")
        return f"%v{self.count}"

    def variable(self, kind: str) -> str:
        """Room for a value that changes."""
        return self.put(f"alloca {kind}, align 64", self.entry)

    def get(self, kind: str, variable: str) -> str:
        """What a variable holds."""
        return self.put(f"load {kind}, ptr {variable}, align 8")

    def set(self, kind: str, variable: str, value: str) -> None:
        """Change a variable."""
        self.lines.append(f"store {kind} {value}, ptr {variable}, align 8")

    def at(
        self, base: str, offset: str | int, kind: str = "double", into: list[str] | None = None
    ) -> str:
        """The address of an element."""
        return self.put(f"getelementptr {kind}, ptr {base}, i64 {offset}", into)

    def least(self, a: str, b: str | int) -> str:
        """The smaller of two whole numbers."""
        return self.put(f"select i1 {self.put(f'icmp ult i64 {a}, {b}')}, i64 {a}, i64 {b}")

    @contextmanager
    def times(self, count: str | int, by: int = 1) -> Iterator[str]:
        """Repeat what follows for 0, `by`, ... below `count`; gives the number."""
        place = self.variable("i64")
        self.set("i64", place, "0")
        with self.repeatedly() as done:
            index = self.get("i64", place)
            self.leave(done, self.put(f"icmp uge i64 {index}, {count}"))
            yield index
            self.set("i64", place, self.put(f"add i64 {index}, {by}"))

    @contextmanager
    def repeatedly(self) -> Iterator[str]:
        """Repeat what follows until it is left; gives the name of the end."""
        self.count += 1
        head, done = f"head{self.count}", f"done{self.count}"
        self.lines += [f"br label %{head}", f"{head}:"]
        yield done
        self.lines += [f"br label %{head}", f"{done}:"]

    def leave(self, done: str, condition: str) -> None:
        """Leave a repetition where a condition holds."""
        self.count += 1
        self.lines += [
            f"br i1 {condition}, label %{done}, label %on{self.count}",
            f"on{self.count}:",
        ]

    @contextmanager
    def only_if(self, condition: str) -> Iterator[None]:
        """Do what follows where a condition holds."""
        self.count += 1
        then, done = f"then{self.count}", f"past{self.count}"
        self.lines += [f"br i1 {condition}, label %{then}, label %{done}", f"{then}:"]
        yield
        self.lines += [f"br label %{done}", f"{done}:"]

    def splat(self, scalar: str, kind: str = "double", into: list[str] | None = None) -> str:
        """One scalar in every lane."""
        vector = f"<{self.width} x {kind}>"
        one = self.put(f"insertelement {vector} poison, {kind} {scalar}, i64 0", into)
        return self.put(
            f"shufflevector {vector} {one}, {vector} poison, <{self.width} x i32> zeroinitializer",
            into,
        )

    def constant(self, value: Any) -> str:
        """A number or a condition in every lane, made once."""
        key = value if isinstance(value, bool) else float(value).hex()
        if key not in self.names:
            text = (
                ("true" if value else "false", "i1")
                if isinstance(value, bool)
                else (number(float(value)), "double")
            )
            self.names[key] = self.splat(*text, self.entry)
        return self.names[key]

    def value(self, value: Any) -> str:
        """The register of a value."""
        return self.names[value] if isinstance(value, Expr) else self.constant(value)

    def load(self, address: str, condition: bool = False, into: list[str] | None = None) -> str:
        """Consecutive values; conditions are kept as numbers."""
        value = self.put(f"load {self.real}, ptr {address}, align 8", into)
        return (
            self.put(f"fcmp une {self.real} {value}, zeroinitializer", into) if condition else value
        )

    def store(
        self, name: str, address: str, condition: bool = False, hint: str = "align 8"
    ) -> None:
        """Write consecutive values."""
        self.lines.append(
            f"store {self.real} {self.as_number(name, condition)}, ptr {address}, {hint}"
        )

    def as_number(self, name: str, condition: bool) -> str:
        """A condition as 1 or 0; numbers as they are."""
        return self.put(f"uitofp {self.mask} {name} to {self.real}") if condition else name

    def operate(self, one: Expr, names: list[str]) -> str:
        """One operation of a trace."""
        conditions = [is_condition(value) for value in one.args]
        if one.op == "where":
            a, b = (
                self.as_number(name, condition)
                for name, condition in zip(names[1:], conditions[1:], strict=True)
            )
            return self.put(f"select {self.mask} {names[0]}, {self.real} {a}, {self.real} {b}")
        if all(conditions) and one.op in LOGICAL:
            found = self.put(
                f"{LOGICAL[one.op].replace('xnor', 'xor')} {self.mask} {names[0]}, {names[1]}"
            )
            return (
                self.put(f"xor {self.mask} {found}, {self.constant(True)}")
                if LOGICAL[one.op] == "xnor"
                else found
            )
        a, b = (
            self.as_number(name, condition)
            for name, condition in zip(names, conditions, strict=True)
        )
        if one.op in ARITHMETIC:
            return self.put(f"{ARITHMETIC[one.op]} {self.real} {a}, {b}")
        return self.put(f"fcmp {ORDERED[one.op]} {self.real} {a}, {b}")
