"""PTX as NVRTC writes it, read into records. Whatever is not understood raises UnknownPtx with its
line: nothing is skipped or guessed.
"""

import re
from dataclasses import dataclass, field

BYTES = {f"{letter}{bits}": bits // 8 for letter in "bus" for bits in (8, 16, 32, 64)} | {
    "f32": 4,
    "f64": 8,
    "pred": 1,
}
PARAMETER = re.compile(
    r"\.param (?:\.align (\d+) )?\.(\w+)(?: \.ptr(?: \.\w+)?(?: \.align \d+)?)?"
    r" (\w+)(?:\[(\d+)\])?$"
)
ARRAY = re.compile(
    r"(?:\.visible |\.extern )?\.(const|global|shared|local) (?:\.align (\d+) )?\.(\w+)"
    r" ([\w$]+)(\[(\d*)\])?(?: = (.+))?$",
    re.DOTALL,
)
ENTRY = re.compile(r"\.visible \.entry (\w+)\s*\((.*)\)(.*)$", re.DOTALL)
REGISTERS = re.compile(r"\.reg \.(\w+) (.+)$")
INSTRUCTION = re.compile(r"(?:@(!?)([%\w$]+) )?([a-z]\w*(?:[.:]+\w+)*)(?: (.*))?$", re.DOTALL)
OPERAND = re.compile(r"\{[^}]*\}|\[[^\]]*\]|[^,\s][^,]*")
LABEL = re.compile(r"([\w$]+)\s*:\s*")


class UnknownPtx(Exception):
    """PTX that is not understood, or refused: the message names the line."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a kernel: its type ("u64", "f64", ...; "b8" with a size for a struct) and
    its place in the parameter block.
    """

    name: str
    kind: str
    offset: int
    size: int


@dataclass(frozen=True)
class Array:
    """An array in const, global, shared or local memory; `initial` are its first bytes. Dynamic
    shared memory has the size 0.
    """

    name: str
    space: str
    alignment: int
    size: int
    initial: bytes | None = None


@dataclass(frozen=True)
class Instruction:
    """One instruction: the opcode's parts between dots, operands as written, and the predicate that
    guards it, by being `guard_value`.
    """

    line: int
    parts: tuple[str, ...]
    operands: tuple[str, ...]
    guard: str | None = None
    guard_value: bool = True

    @property
    def opcode(self):
        return ".".join(self.parts)


@dataclass(frozen=True)
class Kernel:
    """One kernel: `labels` say before which instruction they stand, `registers` which type a
    register has, `limit` the largest block.
    """

    name: str
    parameters: tuple[Parameter, ...]
    arrays: tuple[Array, ...]
    registers: dict[str, str]
    instructions: tuple[Instruction, ...]
    labels: dict[str, int]
    limit: int | None


@dataclass
class Module:
    """The kernels of a PTX text by name, and the arrays that stand outside of them."""

    kernels: dict[str, Kernel] = field(default_factory=dict)
    arrays: list[Array] = field(default_factory=list)


def parsed(text):
    """The Module of a PTX text. Errors: UnknownPtx."""
    module = Module()
    text = re.sub(
        r"/\*.*?\*/|//[^\n]*", lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.DOTALL
    )
    at, line = 0, 1
    while at < len(text):
        if text[at].isspace():
            line += text[at] == "\n"
            at += 1
            continue
        end = _end(text, at, line)
        _declare(module, text[at:end], line)
        line += text.count("\n", at, end)
        at = end
    return module


def _end(text, at, line):
    """Where a statement of the module ends: a line of its own, a declaration up to its semicolon, a
    kernel up to its brace.
    """
    if text.startswith((".version", ".target", ".address_size"), at):
        return text.index("\n", at)
    head = re.compile(r"[^{;]*").match(text, at)[0]
    opened = at + len(head)
    if ".entry" in head:
        return _closing(text, opened, line) + 1
    if opened < len(text):
        return text.index(";", opened) + 1
    raise UnknownPtx(f"line {line}: {head.strip()[:60]!r}")


def _closing(text, at, line):
    """Where the brace that opens at a place is closed."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(text, at):
        depth += 1 if found[0] == "{" else -1
        if not depth:
            return found.start()
    raise UnknownPtx(f"line {line}: a brace is not closed")


def _declare(module, statement, line):
    """Take one statement of the module."""
    if statement.startswith((".version", ".target", ".address_size")):
        return
    head, brace, body = statement.partition("{")
    if brace and (found := ENTRY.match(_spaced(head))):
        start = line + head.count("\n")
        module.kernels[found[1]] = _kernel(found, body.rpartition("}")[0], start, line)
        return
    module.arrays.append(_array(statement.rstrip(";"), line))


def _spaced(text):
    return " ".join(text.split())


def _array(text, line):
    found = ARRAY.match(_spaced(text))
    if not found or found[3] not in BYTES:
        raise UnknownPtx(f"line {line}: {_spaced(text)[:80]!r}")
    space, alignment, kind, name, brackets, count, initial = found.groups()
    size = BYTES[kind] * (int(count or 0) if brackets else 1)
    values = _initial(initial, kind, line).ljust(size, b"\0") if initial else None
    return Array(name, space, int(alignment or BYTES[kind]), size, values)


def _initial(text, kind, line):
    """The bytes of an initialiser: numbers of a type, in braces or one alone."""
    return b"".join(number_bytes(one.strip(), kind, line) for one in text.strip("{} ").split(","))


def number_bytes(text, kind, line):
    """The bytes of a number as PTX writes it, 12, -1, 0x1F, 0d3FF0000000000000 or 0f3F800000, as a
    type. Errors: UnknownPtx.
    """
    size = BYTES[kind]
    if (
        found := re.fullmatch(r"0[dD]([0-9a-fA-F]{16})|0[fF]([0-9a-fA-F]{8})", text)
    ) and size == len(found[1] or found[2]) // 2:
        return int(found[1] or found[2], 16).to_bytes(size, "little")
    if kind[0] != "f" and re.fullmatch(r"-?(0[xX][0-9a-fA-F]+|\d+)U?", text):
        return (int(text.rstrip("U"), 0) % (1 << 8 * size)).to_bytes(size, "little")
    raise UnknownPtx(f"line {line}: {text!r} is not a number of type {kind}")


def _parameters(text, line):
    parameters, offset = [], 0
    for one in filter(None, map(str.strip, text.split(","))):
        found = PARAMETER.match(one)
        if not found or found[2] not in BYTES:
            raise UnknownPtx(f"line {line}: parameter {one!r}")
        alignment, size = int(found[1] or BYTES[found[2]]), BYTES[found[2]] * int(found[4] or 1)
        offset = -(-offset // alignment) * alignment
        parameters.append(Parameter(found[3], found[2], offset, size))
        offset += size
    return tuple(parameters)


def _limit(text, line):
    """The largest number of threads of a block that a kernel's directives allow; None
    without one.
    """
    limit = None
    for one in re.findall(r"\.[^.]+", text):
        words = one.replace(",", " ").split()
        if words[0] in (".maxntid", ".reqntid"):
            x, y, z = (*map(int, words[1:]), 1, 1)[:3]
            limit = x * y * z
        elif words[0] not in (".minnctapersm", ".maxnreg"):
            raise UnknownPtx(f"line {line}: {one.strip()!r}")
    return limit


def _statements(body, line):
    """Line and text of each statement, label and brace of a kernel's body."""
    at = 0
    while at < len(body):
        if body[at].isspace():
            line += body[at] == "\n"
            at += 1
            continue
        found = LABEL.match(body, at) or re.compile(r"[{}]|(?:[^;{]|\{[^}]*\})*;").match(body, at)
        if not found:
            raise UnknownPtx(f"line {line}: {body[at : at + 60]!r}")
        yield line, found[0]
        line += found[0].count("\n")
        at = found.end()


def _kernel(head, body, start, line):
    registers, arrays, instructions, labels = {}, [], [], {}
    for where, text in _statements(body, start):
        if text in ("{", "}", '.pragma "nounroll";'):
            continue
        if found := LABEL.fullmatch(text):
            labels[found[1]] = len(instructions)
        elif found := REGISTERS.match(_spaced(text.rstrip(";"))):
            _add_registers(registers, found, where)
        elif text.startswith("."):
            arrays.append(_array(text.rstrip(";"), where))
        else:
            instructions.append(_instruction(_spaced(text.rstrip(";")), where))
    parameters = _parameters(head[2], line)
    return Kernel(
        head[1],
        parameters,
        tuple(arrays),
        registers,
        tuple(instructions),
        labels,
        _limit(head[3], line),
    )


def _add_registers(registers, found, line):
    kind = found[1]
    for one in (part.strip() for part in found[2].split(",")):
        group = re.fullmatch(r"([%\w$]+)<(\d+)>", one)
        names = [f"{group[1]}{number}" for number in range(int(group[2]))] if group else [one]
        if kind not in BYTES or any(registers.setdefault(name, kind) != kind for name in names):
            raise UnknownPtx(f"line {line}: registers {one} of type {kind}")


def _instruction(text, line):
    found = INSTRUCTION.match(text)
    if not found:
        raise UnknownPtx(f"line {line}: {text[:80]!r}")
    negated, guard, opcode, rest = found.groups()
    operands = tuple(one.strip() for one in OPERAND.findall(rest or ""))
    return Instruction(line, tuple(opcode.split(".")), operands, guard, not negated)
