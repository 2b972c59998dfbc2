"""A kernel as basic blocks, and the registers that live from one to the next."""

import re
from dataclasses import dataclass, replace

from ptx import Instruction, UnknownPtx

MEETINGS = ("bar", "shfl", "vote", "activemask")
WITHOUT_RESULT = ("st", "red", "bra", "bar", "ret", "exit", "membar", "fence")
REGISTER = re.compile(r"[%\w$]+(?:\.\w)?")


@dataclass
class Block:
    """Instructions that run one after the other; the last may be a branch, a return, or alone a
    meeting of threads.

    `target` is the block that the branch leads to, `following` the next one; the number of blocks
    stands for the end.
    """

    instructions: tuple[Instruction, ...]
    target: int | None
    following: int
    needs: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()


def written(instruction, registers):
    """The registers that an instruction writes."""
    if instruction.parts[0] in WITHOUT_RESULT or not instruction.operands:
        return []
    return [name for name in REGISTER.findall(instruction.operands[0]) if name in registers]


def read(instruction, registers):
    """The registers that an instruction reads; what it writes under a guard counts too."""
    operands = (
        instruction.operands if instruction.parts[0] in WITHOUT_RESULT else instruction.operands[1:]
    )
    names = [
        name for operand in operands for name in REGISTER.findall(operand) if name in registers
    ]
    return (
        [*names, instruction.guard, *written(instruction, registers)]
        if instruction.guard
        else names
    )


def blocks_of(kernel):
    """The Blocks of a kernel in the order of its text, with what each needs of earlier ones and
    gives to later ones. Errors: UnknownPtx.
    """
    instructions, labels = _without_guarded_meetings(kernel)
    starts = {0, *labels.values()}
    for place, instruction in enumerate(instructions):
        if instruction.parts[0] in MEETINGS:
            starts |= {place, place + 1}
        elif instruction.parts[0] in ("bra", "ret", "exit"):
            starts.add(place + 1)
    starts = sorted(start for start in starts if start < len(instructions))
    number = {start: index for index, start in enumerate(starts)} | {len(instructions): len(starts)}
    blocks = []
    for start, stop in zip(starts, [*starts[1:], len(instructions)], strict=True):
        blocks.append(_block(instructions[start:stop], len(blocks), number, labels, len(starts)))
    _add_lives(blocks, kernel.registers)
    return blocks


def _without_guarded_meetings(kernel):
    """Instructions and labels in which a guarded meeting of threads is one that a branch leads
    around.
    """
    instructions, labels, moved = [], {}, {}
    for place, instruction in enumerate(kernel.instructions):
        moved[place] = len(instructions)
        if instruction.guard and instruction.parts[0] in MEETINGS:
            around = f"around {instruction.line}"
            branch = Instruction(
                instruction.line,
                ("bra",),
                (around,),
                instruction.guard,
                not instruction.guard_value,
            )
            instructions += [branch, replace(instruction, guard=None)]
            labels[around] = len(instructions)
        else:
            instructions.append(instruction)
    moved[len(kernel.instructions)] = len(instructions)
    return instructions, labels | {name: moved[place] for name, place in kernel.labels.items()}


def _block(instructions, index, number, labels, end):
    last, target, following = instructions[-1], None, index + 1
    if last.parts[0] == "bra":
        if last.operands[0] not in labels:
            raise UnknownPtx(f"line {last.line}: no label {last.operands[0]}")
        target = number[labels[last.operands[0]]]
    elif last.parts[0] in ("ret", "exit"):
        target = end
    return Block(tuple(instructions), target, following)


def _add_lives(blocks, registers):
    """Find what is needed and given by going backwards until nothing changes."""
    first_reads, writes = [], []
    for block in blocks:
        reads, wrote = set(), set()
        for instruction in block.instructions:
            reads |= set(read(instruction, registers)) - wrote
            wrote |= set(written(instruction, registers))
        first_reads.append(reads)
        writes.append(wrote)
    needs = [set() for _ in range(len(blocks) + 1)]
    changed = True
    while changed:
        changed = False
        for index in reversed(range(len(blocks))):
            after = _after(blocks[index], needs)
            now = first_reads[index] | (after - writes[index])
            changed |= now != needs[index]
            needs[index] = now
    for index, block in enumerate(blocks):
        block.needs = frozenset(first_reads[index])
        block.gives = frozenset(writes[index] & _after(block, needs))


def _after(block, needs):
    """What the blocks that may come after one need."""
    last = block.instructions[-1]
    goes_on = block.target is None or last.guard
    return (needs[block.following] if goes_on else set()) | (
        needs[block.target] if block.target is not None else set()
    )
