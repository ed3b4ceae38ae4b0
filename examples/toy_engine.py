"""A WebAssembly interpreter for integers, which docs/exploder.md tests with files of the official suite.

`toy_engine.py FILE` calls _start and exits with 0 if that ends well, 2 if it traps, 3 if the file is no
module, 4 if it needs what is not here: floats, memory, tables, imports, later features. It does not validate.
"""

import operator
import sys
from pathlib import Path

OK, TRAPPED, REFUSED, UNSUPPORTED = 0, 2, 3, 4  # 1 is Python's own for a mistake in here: no trap
TYPES, RESULTS = {0x7F, 0x7E}, {0x40: 0, 0x7F: 1, 0x7E: 1}  # i32, i64; of a block: none, one
BLOCK, LOOP, IF, ELSE, END, BR_IF, BR_TABLE, RETURN = 2, 3, 4, 5, 11, 13, 14, 15
INDEXED = {0x0C, 0x0D, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24}  # br br_if call local.get/set/tee global.get/set
CONSTANTS = {0x41: 32, 0x42: 64}
UNARY = {
    "eqz": lambda a, bits: a == 0,
    "clz": lambda a, bits: bits - a.bit_length(),
    "ctz": lambda a, bits: (a & -a).bit_length() - 1 if a else bits,
    "popcnt": lambda a, bits: a.bit_count(),
}
BINARY = {name: getattr(operator, name) for name in "eq ne lt gt le ge add sub mul and_ or_ xor".split()}
BINARY["div"] = lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
BINARY["rem"] = lambda a, b: a - b * BINARY["div"](a, b)
SHIFTS = {
    "shl": lambda a, count, bits: a << count,
    "shr": lambda a, count, bits: a >> count,
    "rotl": lambda a, count, bits: a << count | a >> bits - count,
    "rotr": lambda a, count, bits: a >> count | a << bits - count,
}
COMPARE = "eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u".split()
COMPUTE = "clz ctz popcnt add sub mul div_s div_u rem_s rem_u and_ or_ xor shl shr_s shr_u rotl rotr".split()
NAMES = {(0x45, 32): COMPARE, (0x50, 64): COMPARE, (0x67, 32): COMPUTE, (0x79, 64): COMPUTE}
NUMERIC = {at + i: (name, bits) for (at, bits), names in NAMES.items() for i, name in enumerate(names)}
STEPS = {
    0x01: lambda module, stack, frame, _: None,
    0x10: lambda module, stack, frame, index: module.call(index, stack),
    0x1A: lambda module, stack, frame, _: stack.pop(),
    0x1B: lambda module, stack, frame, _: stack.pop(-2 if stack.pop() == 0 else -1),
    0x20: lambda module, stack, frame, index: stack.append(frame[index]),
    0x21: lambda module, stack, frame, index: frame.__setitem__(index, stack.pop()),
    0x22: lambda module, stack, frame, index: frame.__setitem__(index, stack[-1]),
    0x23: lambda module, stack, frame, index: stack.append(module.globals[index]),
    0x24: lambda module, stack, frame, index: module.globals.__setitem__(index, stack.pop()),
    **dict.fromkeys(CONSTANTS, lambda module, stack, frame, value: stack.append(value)),
}


def compute(stack, name, bits):
    b, (base, _, sign) = stack.pop(), name.partition("_")
    if name in UNARY:
        return stack.append(UNARY[name](b, bits) % (1 << bits))
    a, b = (v - (1 << bits) if sign == "s" and v >> bits - 1 else v for v in (stack.pop(), b))
    result = SHIFTS[base](a, b % bits, bits) if base in SHIFTS else BINARY.get(name, BINARY.get(base))(a, b)
    if name == "div_s" and result == 1 << bits - 1:
        raise OverflowError  # like ZeroDivisionError, which // raises, an ArithmeticError: those are traps
    return stack.append(result % (1 << bits))


class Module:
    """Sections and functions, decoded whole, so that what is missing here shows at once."""

    def __init__(self, data):
        self.data, self.at = data, 8
        if data[:8] != b"\0asm\1\0\0\0":
            raise ValueError("no module")
        sections = dict.fromkeys((1, 3, 6, 7, 8, 10), ())
        while self.at < len(data):
            kind, end = self.byte(), self.number() + self.at
            if kind in READERS:
                sections[kind] = READERS[kind](self)
            elif kind != 0:
                raise NotImplementedError(f"section {kind}")
            self.at = end
        self.types, self.kinds, globals_, self.exports, self.start, self.code = sections.values()
        self.globals = [code[0][1] for _, _, (code, _) in globals_]

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def number(self, is_signed=False):
        value, shift, byte = 0, 0, 0x80
        while byte & 0x80:
            byte = self.byte()
            value, shift = value | (byte & 0x7F) << shift, shift + 7
        return value - (1 << shift) if is_signed and byte & 0x40 else value

    def list(self, *reads):
        return [[read(self) for read in reads] for _ in range(self.number())]

    def type(self, known=TYPES):
        if (found := self.byte()) not in known:
            raise NotImplementedError(f"type {found:#x}")
        return found

    def block(self):
        """Instructions up to `end` or `else`, and which of the two it was; blocks hold theirs."""
        code = []
        while (op := self.byte()) not in (END, ELSE):
            code.append((op, self.immediate(op)))
        return code, op

    def immediate(self, op):
        if op in (BLOCK, LOOP, IF):
            results, (body, last) = RESULTS[self.type(RESULTS)], self.block()
            return results, body, self.block()[0] if last == ELSE else []
        if op in CONSTANTS:
            return self.number(is_signed=True) % (1 << CONSTANTS[op])
        if op == BR_TABLE:
            return [*(label for (label,) in self.list(Module.number)), self.number()]
        if op not in STEPS and op not in NUMERIC and op not in {0, 0x0C, BR_IF, RETURN}:
            raise NotImplementedError(f"opcode {op:#x}")
        return self.number() if op in INDEXED else len(self.data) if op == RETURN else None

    def call(self, index, stack):
        (_, params, results), (_, locals_, (code, _)) = self.types[self.kinds[index][0]], self.code[index]
        first = len(stack) - len(params)
        frame = stack[first:] + [0] * sum(count for count, _ in locals_)
        self.run(code, inner := [], frame)
        stack[first:] = inner[len(inner) - len(results) :]

    def run(self, code, stack, frame):
        """None at the code's end, else how many blocks to leave beside this one."""
        for op, immediate in code:
            if op in STEPS:
                STEPS[op](self, stack, frame, immediate)
            elif op in NUMERIC:
                compute(stack, *NUMERIC[op])
            elif op in (BLOCK, LOOP, IF):
                if (label := self.enter(op, *immediate, stack, frame)) is not None:
                    return label
            elif op == 0:
                raise ArithmeticError("unreachable")
            elif op == BR_TABLE:
                return immediate[min(stack.pop(), len(immediate) - 1)]
            elif op != BR_IF or stack.pop():
                return immediate
        return None

    def enter(self, op, results, body, otherwise, stack, frame):
        code = otherwise if op == IF and not stack.pop() else body
        height, label = len(stack), 0
        while (label := self.run(code, stack, frame)) == 0 and op == LOOP:
            del stack[height:]
        if label == 0:
            stack[height:] = stack[len(stack) - results :]
        return label - 1 if label else None


READERS = {  # of sections, by their numbers
    1: lambda m: m.list(Module.byte, lambda m: m.list(Module.type), lambda m: m.list(Module.type)),
    3: lambda m: m.list(Module.number),
    6: lambda m: m.list(Module.type, Module.byte, Module.block),
    7: lambda m: m.list(lambda m: bytes(byte for (byte,) in m.list(Module.byte)), Module.byte, Module.number),
    8: lambda m: [m.number()],
    10: lambda m: m.list(Module.number, lambda m: m.list(Module.number, Module.type), Module.block),
}


def main(file):
    try:
        module = Module(Path(file).read_bytes())
    except NotImplementedError:
        return UNSUPPORTED
    except (IndexError, ValueError):
        return REFUSED
    try:
        for index in [*module.start, *(index for name, _, index in module.exports if name == b"_start")]:
            module.call(index, [])
    except (ArithmeticError, RecursionError):
        return TRAPPED
    return OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
