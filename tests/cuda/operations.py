"""What each instruction of PTX computes, as a Python expression over numpy values: the table of
opcodes. What is not in it is refused.
"""

from ptx import BYTES, UnknownPtx

SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "and": "&", "or": "|", "xor": "^"}
ORDERED = {"eq": "==", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
UNSIGNED = {"lo": "<", "ls": "<=", "hi": ">", "hs": ">="}
OPPOSITES = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
WHOLE = ("u16", "u32", "u64", "s16", "s32", "s64")
WIDER = {"u16": "u32", "s16": "s32", "u32": "u64", "s32": "s64"}
ROUNDINGS = {"rzi": "trunc", "rni": "rint", "rmi": "floor", "rpi": "ceil"}


def refused(instruction, why="is not known"):
    """An UnknownPtx about an instruction."""
    return UnknownPtx(
        f"line {instruction.line}: {instruction.opcode} {', '.join(instruction.operands)}: {why}"
    )


def kind_of(name):
    """The type that a type name of an opcode computes in: bits are unsigned."""
    return name.replace("b", "u") if name[0] == "b" else name


def results(instruction, read):
    """[(destination, expression, type)] of an instruction without side effects, where read(operand,
    type) is an operand's expression.

    Errors: UnknownPtx for an opcode that is not in the table.
    """
    target, *sources = instruction.operands
    if instruction.parts[0] == "setp":
        return _comparison(instruction, target, sources, read)
    if instruction.parts[0] == "mov" and (target.startswith("{") or sources[0].startswith("{")):
        return _packing(instruction, target, sources[0], read)
    kind = kind_of(instruction.parts[-1])
    if kind not in BYTES:
        raise refused(instruction)
    return [(target, *_value(instruction, sources, kind, read))]


def _value(instruction, sources, kind, read):
    """(expression, type) of an instruction with one result."""

    def of(place, wanted=kind):
        if place >= len(sources):
            raise refused(instruction, "has too few operands")
        return read(sources[place], wanted)

    match instruction.parts:
        case ("fma", *_):
            raise refused(instruction, "is fused: it rounds once where + and * round twice")
        case (*_, "approx", _) | (*_, "approx", _, _) | (*_, "ftz", _):
            raise refused(instruction, "is approximate")
        case (*_, "f32"):
            raise refused(instruction, "is of single precision")
        case ("add" | "sub" | "mul", "f64"):
            raise refused(instruction, "may be fused, for it names no rounding")
        case ("add" | "sub" | "mul" | "div" as name, "rn", "f64"):
            return f"{of(0)} {SYMBOLS[name]} {of(1)}", kind
        case ("sqrt", "rn", "f64"):
            return f"sqrt({of(0)})", kind
        case ("rcp", "rn", "f64"):
            return f"one / {of(0)}", kind
        case ("min" | "max" as name, "f64"):
            return f"{'smaller' if name == 'min' else 'larger'}({of(0)}, {of(1)})", kind
        case ("neg", "f64" | "s16" | "s32" | "s64"):
            return f"-{of(0)}", kind
        case ("abs", "f64" | "s16" | "s32" | "s64"):
            return f"abs({of(0)})", kind
        case ("add" | "sub" as name, _) if kind in WHOLE:
            return f"{of(0)} {SYMBOLS[name]} {of(1)}", kind
        case ("mul", "lo", _) if kind in WHOLE:
            return f"{of(0)} * {of(1)}", kind
        case ("mad", "lo", _) if kind in WHOLE:
            return f"{of(0)} * {of(1)} + {of(2)}", kind
        case ("mul", "wide", _) if kind in WIDER:
            return _wide_product(of, kind), WIDER[kind]
        case ("mad", "wide", _) if kind in WIDER:
            return f"{_wide_product(of, kind)} + {of(2, WIDER[kind])}", WIDER[kind]
        case ("mul", "hi", _) if kind in WHOLE:
            return f"high_product({of(0)}, {of(1)})", kind
        case ("mad", "hi", _) if kind in WHOLE:
            return f"high_product({of(0)}, {of(1)}) + {of(2)}", kind
        case ("min" | "max" as name, _) if kind in WHOLE:
            return f"{name}imum({of(0)}, {of(1)})", kind
        case ("and" | "or" | "xor" as name, "pred" | "b16" | "b32" | "b64"):
            return f"{of(0)} {SYMBOLS[name]} {of(1)}", kind
        case ("not", "pred" | "b16" | "b32" | "b64"):
            return f"~{of(0)}", kind
        case ("shl" | "shr" as name, _) if (
            kind in WHOLE and sources[1].isdigit() and int(sources[1]) < 8 * BYTES[kind]
        ):
            return f"{of(0)} {'<<' if name == 'shl' else '>>'} {of(1)}", kind
        case ("shl", "b16" | "b32" | "b64"):
            return f"shifted_left({of(0)}, {of(1, 'u32')})", kind
        case ("shr", _) if kind in WHOLE:
            return f"shifted_right({of(0)}, {of(1, 'u32')})", kind
        case ("shf", "l" | "r" as direction, "clamp" | "wrap" as mode, "b32"):
            return f"funnel({of(0)}, {of(1)}, {of(2)}, {direction!r}, {mode!r})", kind
        case ("popc", "b32" | "b64"):
            return f"bitwise_count({of(0)}).astype(u32)", "u32"
        case ("clz", "b32" | "b64"):
            return f"leading_zeros({of(0)})", "u32"
        case ("brev", "b32" | "b64"):
            return f"reversed_bits({of(0)})", kind
        case ("bfe", "u32" | "u64" | "s32" | "s64"):
            return f"bit_field({of(0)}, {of(1, 'u32')}, {of(2, 'u32')})", kind
        case ("bfi", "b32" | "b64"):
            return f"with_bit_field({of(0)}, {of(1)}, {of(2, 'u32')}, {of(3, 'u32')})", kind
        case ("prmt", "b32"):
            return f"chosen_bytes({of(0)}, {of(1)}, {of(2)})", kind
        case ("selp", _) if kind != "pred":
            return f"where({of(2, 'pred')}, {of(0)}, {of(1)})", kind
        case (
            ("mov", _)
            | ("cvta", "u64")
            | ("cvta", "to", _, "u64")
            | ("cvta", "global" | "shared" | "const" | "local", "u64")
        ):
            return f"{of(0)}.copy()", kind
        case ("cvt", *modifiers, wanted, given):
            return _conversion(
                instruction, modifiers, kind_of(wanted), of(0, kind_of(given)), kind_of(given)
            )
    raise refused(instruction)


def _wide_product(of, kind):
    return f"{of(0)}.astype({WIDER[kind]}) * {of(1)}.astype({WIDER[kind]})"


def _conversion(instruction, modifiers, wanted, value, given):
    """(expression, type) of a conversion."""
    rounded = [f"{ROUNDINGS[name]}({value})" for name in modifiers if name in ROUNDINGS]
    match (wanted, given, tuple(modifiers)):
        case ("f64", "f64", (_,)) if rounded:
            return rounded[0], wanted
        case ("f64", "f64", ()):
            return f"{value}.copy()", wanted
        case ("f64", _, ("rn",)) if given[0] in "us":
            return f"{value}.astype(f64)", wanted
        case (_, "f64", (_,)) if rounded and wanted[0] in "us":
            return f"whole_number({rounded[0]}, {wanted})", wanted
        case (_, _, ()) if wanted[0] in "us" and given[0] in "us":
            return f"{value}.astype({wanted})", wanted
        case (_, _, ("sat",)) if wanted[0] in "us" and given[0] in "us":
            return f"clipped({value}, {wanted})", wanted
    raise refused(instruction)


def _comparison(instruction, target, sources, read):
    """[(destination, expression, "pred")] of setp, whose second destination is the opposite of the
    first.
    """
    name, kind = instruction.parts[1], kind_of(instruction.parts[-1])
    if kind == "f32" or kind not in BYTES or len(instruction.parts) not in (3, 4):
        raise refused(instruction)
    a, b = read(sources[0], kind), read(sources[1], kind)
    holds = _real_comparison(name, a, b) if kind == "f64" else _whole_comparison(name, a, b, kind)
    if holds is None:
        raise refused(instruction)
    combined = "{}"
    if len(instruction.parts) == 4:
        if instruction.parts[2] not in ("and", "or", "xor"):
            raise refused(instruction)
        combined = f"{{}} {SYMBOLS[instruction.parts[2]]} {read(sources[2], 'pred')}"
    first, _, second = target.partition("|")
    found = [(first, combined.format(f"({holds})"), "pred")]
    return found if not second else [*found, (second, combined.format(f"~({holds})"), "pred")]


def _whole_comparison(name, a, b, kind):
    if name in UNSIGNED and kind[0] != "u":
        return None
    symbol = {**ORDERED, **UNSIGNED, "ne": "!="}.get(name)
    return symbol and f"{a} {symbol} {b}"


def _real_comparison(name, a, b):
    """Comparisons of numbers are false with a NaN, those that end in u true."""
    if name in ORDERED:
        return f"{a} {ORDERED[name]} {b}"
    if name[:-1] in ORDERED and name != "equ":
        return f"~({a} {OPPOSITES[ORDERED[name[:-1]]]} {b})"
    return {
        "ne": f"({a} < {b}) | ({a} > {b})",
        "equ": f"~(({a} < {b}) | ({a} > {b}))",
        "neu": f"{a} != {b}",
        "num": f"({a} == {a}) & ({b} == {b})",
        "nan": f"({a} != {a}) | ({b} != {b})",
    }.get(name)


def _packing(instruction, target, source, read):
    """mov between one value and the two halves of it."""
    kind = kind_of(instruction.parts[-1])
    half = {"u64": "u32", "u32": "u16"}.get(kind)
    whole, halves = (source, target) if target.startswith("{") else (target, source)
    names = [name.strip() for name in halves.strip("{}").split(",")]
    if half is None or len(names) != 2 or len(instruction.parts) != 2:
        raise refused(instruction)
    shift = f"{kind}.type({8 * BYTES[half]})"
    if whole == source:
        value = read(whole, kind)
        expressions = (f"{value}.astype({half})", f"({value} >> {shift}).astype({half})")
        return [
            (name, expression, half)
            for name, expression in zip(names, expressions, strict=True)
            if name != "_"
        ]
    low, high = (f"{read(name, half)}.astype({kind})" for name in names)
    return [(whole, f"{low} | {high} << {shift}", kind)]
