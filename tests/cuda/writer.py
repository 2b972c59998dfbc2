"""Writes basic blocks of PTX as Python: every block becomes one function over numpy arrays, every
instruction about one line of it.
"""

import re

import numpy as np
from accesses import UPDATES, Site
from control_flow import MEETINGS, WITHOUT_RESULT, read, written
from memory import DTYPES
from operations import kind_of, refused, results
from ptx import BYTES, UnknownPtx, number_bytes

ADDRESS = re.compile(r"\[\s*([%\w$]+)\s*(?:\+\s*(-?\w+)|(-\w+))?\s*\]")
SPACES = ("global", "shared", "const", "local")
ORDERED = {"volatile", "relaxed", "acquire", "release", "acq_rel"}
HINTS = {
    "ca",
    "cg",
    "cs",
    "lu",
    "cv",
    "wb",
    "wt",
    "weak",
    "L1::no_allocate",
    "L1::evict_last",
    "L2::64B",
    "L2::128B",
    "L2::256B",
}
KNOWN = ORDERED | HINTS | {"v2", "v4", "nc", "cta", "gpu", "sys"}
SPECIAL = re.compile(r"%(?:tid|ntid|ctaid|nctaid)\.[xyz]|%laneid")


class Writer:
    """Writes the function of one block: f(machine, lanes) -> next block, or the next block of each
    lane; lanes None are all threads.
    """

    def __init__(self, kernel, block, slots, addresses, namespace):
        self.kernel, self.block, self.slots, self.addresses, self.namespace = (
            kernel,
            block,
            slots,
            addresses,
            namespace,
        )
        self.lines, self.line, self.unused = [], block.instructions[0].line, set()
        self.held = {name: slots[name][1] for name in block.needs}

    def function(self, name):
        """The text of the function."""
        last = self.block.instructions[-1]
        if last.parts[0] in MEETINGS:
            self.meeting(last)
        else:
            self.fetch(self.block.needs)
            self.straight()
        self.lines.append(f"return {self.way_out(last)}")
        return f"def {name}(machine, lanes):\n    " + "\n    ".join(self.lines)

    def straight(self):
        """Write the instructions; a value goes when it was used last, so that its memory is used
        again while it is near.
        """
        uses = [
            {*read(one, self.kernel.registers), *written(one, self.kernel.registers)}
            for one in self.block.instructions
        ]
        last_use = {name: place for place, names in enumerate(uses) for name in names}
        for place, instruction in enumerate(self.block.instructions):
            self.line = instruction.line
            if instruction.parts[0] not in ("bra", "ret", "exit"):
                self.unused = {
                    one
                    for one in uses[place]
                    if last_use[one] == place and one not in self.block.gives
                }
                self.instruction(instruction)
                done = sorted(local(one) for one in self.unused if one in self.held)
                self.lines += [f"del {', '.join(done)}"] if done else []
        self.keep(self.block.gives)

    def fetch(self, names):
        """Take registers out of the machine."""
        if names := sorted(names):
            self.lines.append(
                f"{', '.join(map(local, names))}, = machine.values(lanes,"
                f" {tuple(self.slots[one][0] for one in names)})"
            )

    def keep(self, names):
        """Put registers into the machine."""
        if names := sorted(names):
            values = "".join(f"{self.read(one, self.slots[one][1])}, " for one in names)
            self.lines.append(
                f"machine.keep(lanes, {tuple(self.slots[one][0] for one in names)}, ({values}))"
            )

    def way_out(self, last):
        """The expression of the next block."""
        if self.block.target is None:
            return self.block.following
        if last.guard is None:
            return self.block.target
        return f"machine.way({self.guard(last)}, {self.block.target}, {self.block.following})"

    def read(self, operand, kind):
        """The expression of an operand as a type."""
        if operand.startswith("!"):
            return f"(~{self.read(operand[1:], kind)})"
        if operand in self.held:
            return self.viewed(local(operand), self.held[operand], kind)
        if operand in self.kernel.registers:
            raise UnknownPtx(f"line {self.line}: {operand} is read before it is written")
        if SPECIAL.fullmatch(operand):
            return self.viewed(f"machine.special({operand[1:]!r}, lanes)", "u32", kind)
        if operand in self.addresses:
            return self.constant(self.addresses[operand].to_bytes(8, "little")[: BYTES[kind]], kind)
        return self.constant(number_bytes(operand, kind, self.line), kind)

    def viewed(self, expression, held, kind):
        """A value that is held as one type as another one: the same bits, or its low bits."""
        if held == kind:
            return expression
        if (
            "pred" in (held, kind)
            or BYTES[held] < BYTES[kind]
            or (held[0] == "f" and BYTES[held] > BYTES[kind])
        ):
            raise UnknownPtx(f"line {self.line}: a value of type {held} is read as {kind}")
        if BYTES[held] == BYTES[kind]:
            return f"{expression}.view({kind})"
        return f"{expression}.astype({kind})"

    def constant(self, data, kind):
        """The name of a constant."""
        name = f"{kind}_{data.hex()}"
        self.namespace[name] = np.frombuffer(data, dtype=DTYPES[kind])[0]
        return name

    def guard(self, instruction):
        """The expression of an instruction's guard; None without one."""
        if instruction.guard is None:
            return None
        return self.read(
            instruction.guard if instruction.guard_value else f"!{instruction.guard}", "pred"
        )

    def write(self, instruction, target, expression, kind):
        """Assign a register, where the guard holds, widened to the register's own size."""
        if target == "_":
            return
        if target not in self.kernel.registers:
            raise refused(instruction, f"{target} is not a register")
        size = BYTES[self.kernel.registers[target]]
        if BYTES[kind] > size:
            raise refused(instruction, f"{target} is too narrow")
        if BYTES[kind] < size:
            expression, kind = f"({expression}).astype({kind[0]}{8 * size})", f"{kind[0]}{8 * size}"
        if instruction.guard:
            expression = (
                f"where({self.guard(instruction)}, {expression}, {self.read(target, kind)})"
            )
        self.lines.append(f"{local(target)} = {expression}")
        self.held[target] = kind

    def instruction(self, instruction):
        """Write one instruction that is neither a branch nor a meeting."""
        name = instruction.parts[0]
        if name == "ld" and "param" in instruction.parts:
            self.parameter(instruction)
        elif name in ("ld", "st", "atom", "red"):
            {"ld": self.load, "st": self.store}.get(name, self.update)(instruction)
        elif name in ("div", "rem") and instruction.parts[-1] not in ("f32", "f64"):
            self.whole_division(instruction)
        elif name in WITHOUT_RESULT:
            if name not in ("membar", "fence"):
                raise refused(instruction)
        else:
            assigned = results(instruction, self.read)
            for number, (target, expression, kind) in enumerate(assigned[:-1]):
                self.lines.append(f"part_{number} = {expression}")
                assigned[number] = (target, f"part_{number}", kind)
            for target, expression, kind in reversed(assigned):
                self.write(instruction, target, expression, kind)

    def whole_division(self, instruction):
        """Integer division, whose divisor must not be 0."""
        kind, (target, a, b) = instruction.parts[-1], instruction.operands
        if len(instruction.parts) != 2 or kind not in BYTES or kind[0] not in "us":
            raise refused(instruction)
        self.lines.append(
            f"divisor = machine.divisor(lanes, {self.guard(instruction)}, {self.read(b, kind)},"
            f" {instruction.line})"
        )
        symbol = {"div": "//", "rem": "%"}[instruction.parts[0]]
        function = {"div": "quotient", "rem": "remainder"}[instruction.parts[0]]
        value = self.read(a, kind)
        self.write(
            instruction,
            target,
            f"{value} {symbol} divisor" if kind[0] == "u" else f"{function}({value}, divisor)",
            kind,
        )

    def parameter(self, instruction):
        """ld.param: the same number for all threads."""
        targets, where = instruction.operands
        kind, found = kind_of(instruction.parts[-1]), ADDRESS.fullmatch(where)
        parameter = next(
            (one for one in self.kernel.parameters if found and one.name == found[1]), None
        )
        if parameter is None or kind not in DTYPES:
            raise refused(instruction, "is no place in a parameter")
        for number, target in enumerate(_names(targets)):
            offset = _offset(found) + number * BYTES[kind]
            if not 0 <= offset <= parameter.size - BYTES[kind]:
                raise refused(
                    instruction, f"is outside of the {parameter.size} bytes of {parameter.name}"
                )
            self.write(
                instruction, target, f"machine.parameter({parameter.offset + offset}, {kind})", kind
            )

    def access(self, instruction, words, place, parts=1):
        """(arguments that say who accesses what, the addresses of the parts) of a load, store or
        update; its other words must be known.
        """
        kind = kind_of(instruction.parts[-1])
        spaces = [one.removesuffix("::cta") for one in words if one not in KNOWN]
        if (
            kind not in DTYPES
            or kind == "f32"
            or spaces not in ([], *([space] for space in SPACES))
        ):
            raise refused(instruction)
        manner = "constant" if "nc" in words else "ordered" if set(words) & ORDERED else "plain"
        width = BYTES[kind]
        site = f"site_{len(self.namespace)}"
        self.namespace[site] = Site(
            instruction.line, kind, width, spaces[0] if spaces else None, manner
        )
        addresses = ", ".join(
            self.address(instruction, instruction.operands[place], part * width)
            for part in range(parts)
        )
        return f"lanes, {self.guard(instruction)}, {site}", addresses

    def address(self, instruction, operand, further):
        """The expression of an address, so many bytes further."""
        found = ADDRESS.fullmatch(operand)
        if not found:
            raise refused(instruction, f"{operand} is not an address")
        base, offset = found[1], _offset(found) + further
        if base in self.addresses:
            return self.constant((self.addresses[base] + offset).to_bytes(8, "little"), "u64")
        width = BYTES.get(self.kernel.registers.get(base))
        if width not in (4, 8):
            raise refused(instruction, f"{base} is not known")
        address = self.read(base, f"u{8 * width}")
        if offset:
            placed = (offset % 256**width).to_bytes(width, "little")
            address = f"({address} + {self.constant(placed, f'u{8 * width}')})"
        return address if width == 8 else f"{address}.astype(u64)"

    def load(self, instruction):
        """ld: one number a thread, or a vector."""
        targets = _names(instruction.operands[0])
        who, addresses = self.access(instruction, instruction.parts[1:-1], 1, len(targets))
        self.lines.append(f"loaded = load(machine, {who}, {addresses})")
        for number, target in enumerate(targets):
            self.write(instruction, target, f"loaded[{number}]", kind_of(instruction.parts[-1]))

    def store(self, instruction):
        """st: one number a thread, or a vector."""
        values = [
            self.read(one, kind_of(instruction.parts[-1]))
            for one in _names(instruction.operands[1])
        ]
        who, addresses = self.access(instruction, instruction.parts[1:-1], 0, len(values))
        self.lines.append(f"store(machine, {who}, ({', '.join(values)},), {addresses})")

    def update(self, instruction):
        """atom and red: one number a thread is changed as a whole."""
        names, kind = (
            [one for one in instruction.parts[1:-1] if one in UPDATES],
            kind_of(instruction.parts[-1]),
        )
        targets = list(instruction.operands[:1]) if instruction.parts[0] == "atom" else []
        if len(names) != 1 or (kind == "f64" and names[0] != "exch"):
            raise refused(
                instruction, "depends on the order of the threads" if names else "is not known"
            )
        who, address = self.access(
            instruction,
            [one for one in instruction.parts[1:-1] if one not in UPDATES],
            len(targets),
        )
        values = "".join(
            f"{self.read(one, kind)}, " for one in instruction.operands[len(targets) + 1 :]
        )
        wanted = [one for one in targets if one != "_" and one not in self.unused]
        self.lines.append(
            f"before = update(machine, {who}, {names[0]!r}, ({values}), {bool(wanted)}, {address})"
        )
        for target in wanted:
            self.write(instruction, target, "before", kind)

    def meeting(self, instruction):
        """Threads that wait for each other: those that are all there go on, the others stay before
        the instruction.
        """
        registers = self.kernel.registers
        needed = set(read(instruction, registers))
        match instruction.parts:
            case ("bar", "sync") if instruction.operands == ("0",):
                self.lines.append(f"lanes = barrier(machine, lanes, {instruction.line})")
                return
            case ("bar", "warp", "sync"):
                self.meet(instruction, instruction.operands[0])
                return
            case ("activemask", "b32"):
                self.lines.append("met = active(machine, lanes)")
                self.write(instruction, instruction.operands[0], "met", "u32")
            case ("shfl", "sync", "idx" | "up" | "down" | "bfly" as mode, "b32") if (
                len(instruction.operands) == 5
            ):
                target, value, source, bounds, mask = instruction.operands
                self.meet(instruction, mask)
                self.fetch(needed)
                values = ", ".join(self.read(one, "u32") for one in (value, source, bounds, mask))
                self.lines.append(
                    f"met, inside = shuffle(machine, lanes, {mode!r}, {values}, {instruction.line})"
                )
                first, _, second = target.partition("|")
                self.write(instruction, first, "met", "u32")
                self.write(instruction, second or "_", "inside", "pred")
            case ("vote", "sync", "ballot" | "any" | "all" | "uni" as mode, "b32" | "pred") if (
                len(instruction.operands) == 3
            ):
                target, value, mask = instruction.operands
                self.meet(instruction, mask)
                self.fetch(needed)
                self.lines.append(
                    f"met = vote(machine, lanes, {mode!r}, {self.read(value, 'pred')},"
                    f" {self.read(mask, 'u32')})"
                )
                self.write(instruction, target, "met", "u32" if mode == "ballot" else "pred")
            case _:
                raise refused(instruction)
        self.keep(self.block.gives)

    def meet(self, instruction, mask):
        """Wait for the lanes of a mask."""
        self.fetch({mask} & set(self.kernel.registers))
        self.lines.append(
            f"lanes = meet(machine, lanes, {self.read(mask, 'u32')}, {instruction.line})"
        )
        self.lines.append("if lanes is not None and not len(lanes): return 0")


def local(register):
    """The name of a register's value in a function."""
    return "v_" + register.replace("%", "_").replace("$", "S_")


def _names(operand):
    """The registers of an operand, one or a vector in braces."""
    return [name.strip() for name in operand.strip("{}").split(",")]


def _offset(found):
    return int(found[2] or found[3] or "0", 0)
