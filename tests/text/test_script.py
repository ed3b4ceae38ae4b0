"""Reading scripts as commands."""

from __future__ import annotations

import pytest
from linocut.text import commands as c
from linocut.text.script import ScriptError, read_script
from linocut.text.values import Either, Number, Reference


def one(text: str) -> c.Command:
    (command,) = read_script(text)
    return command


def i32(bits: int) -> Number:
    return Number("i32", bits, 0xFFFFFFFF, f"i32.const {bits}")


def test_lines_are_those_of_the_commands():
    text = '(module\n)\n;; x\n(assert_invalid\n (module)\n "m")\n\n(register "a")(register "b")'
    assert [command.line for command in read_script(text)] == [1, 4, 8, 8]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("(module)", c.Module(1, None, c.ModuleText("(module)"))),
        ("(module $m (func))", c.Module(1, "$m", c.ModuleText("(module $m (func))"))),
        ('(module $"a b")', c.Module(1, "$a b", c.ModuleText('(module $"a b")'))),
        ("(module definition $m)", c.Module(1, "$m", c.ModuleText("(module  $m)"), True)),
        ('(module $m binary "\\00as" "m")', c.Module(1, "$m", c.ModuleBinary(b"\0asm"))),
        ('(module quote "(func" ")")', c.Module(1, None, c.ModuleQuote(b"(func)"))),
        ("((@a) module (; b ;) $m (@c))", c.Module(1, "$m", c.ModuleText("((@a) module (; b ;) $m (@c))"))),
        ("(func) (memory 0)", c.Module(1, None, c.ModuleText("(module (func) (memory 0)\n)"))),
        ("(module instance $i $m)", c.Instance(1, "$i", "$m")),
        ("(module instance)", c.Instance(1, None, None)),
        ('(register "a b" $m)', c.Register(1, "a b", "$m")),
        ('(invoke $m "f" (i32.const 1))', c.Invoke(1, "$m", "f", (i32(1),))),
        ('(get "g")', c.Get(1, None, "g")),
        (
            '(assert_return (invoke "f") (i32.const 2))',
            c.AssertReturn(1, c.Invoke(1, None, "f", ()), (i32(2),)),
        ),
        ('(assert_trap (get $m "g") "t")', c.AssertTrap(1, c.Get(1, "$m", "g"), "t")),
        ('(assert_trap (module) "t")', c.AssertTrap(1, c.ModuleText("(module)"), "t")),
        ('(assert_exhaustion (invoke "f") "e")', c.AssertExhaustion(1, c.Invoke(1, None, "f", ()), "e")),
        ('(assert_exception (invoke "f"))', c.AssertException(1, c.Invoke(1, None, "f", ()))),
        ('(assert_invalid (module) "i")', c.AssertInvalid(1, c.ModuleText("(module)"), "i")),
        ('(assert_malformed (module quote "x") "m")', c.AssertMalformed(1, c.ModuleQuote(b"x"), "m")),
        ('(assert_malformed_custom (module) "m")', c.AssertMalformed(1, c.ModuleText("(module)"), "m", True)),
        ('(assert_unlinkable (module) "u")', c.AssertUnlinkable(1, c.ModuleText("(module)"), "u")),
        ("(wait $t)", c.Wait(1, "$t")),
    ],
)
def test_every_kind_of_command(text: str, command: c.Command):
    assert one(text) == command


def test_a_thread_holds_commands_with_their_lines():
    thread = one('(thread $t\n (shared (module $m))\n (register "a" $m)\n (invoke "f"))')
    assert thread == c.Thread(1, "$t", ("$m",), (c.Register(3, "a", "$m"), c.Invoke(4, None, "f", ())))


@pytest.mark.parametrize(
    ("result", "pattern"),
    [
        ("(f32.const nan:canonical)", (0x7FC00000, 0x7FFFFFFF)),
        ("(f32.const nan:arithmetic)", (0x7FC00000, 0x7FC00000)),
        ("(f64.const nan:arithmetic)", (0x7FF8 << 48, 0x7FF8 << 48)),
        ("(v128.const i32x4 1 2 3 -1)", (0xFFFFFFFF_00000003_00000002_00000001, 2**128 - 1)),
        ("(v128.const f64x2 0 nan:canonical)", (0x7FF8 << 112, (2**63 - 1) << 64 | 2**64 - 1)),
    ],
)
def test_number_patterns(result: str, pattern: tuple[int, int]):
    command = one(f'(assert_return (invoke "f") {result})')
    assert isinstance(command, c.AssertReturn)
    (number,) = command.expected
    assert isinstance(number, Number)
    assert (number.bits, number.mask) == pattern
    assert f"({number.literal})" == result


@pytest.mark.parametrize(
    ("result", "kind", "detail"),
    [
        ("(ref.null)", "null", None),
        ("(ref.null func)", "null", "func"),
        ("(ref.extern 3)", "extern", 3),
        ("(ref.extern)", "extern", None),
        ("(ref.func)", "func", None),
        ("(ref.host 1)", "host", 1),
        ("(ref.struct)", "struct", None),
    ],
)
def test_reference_patterns(result: str, kind: str, detail: object):
    command = one(f'(assert_return (invoke "f") {result})')
    assert isinstance(command, c.AssertReturn)
    assert command.expected == (Reference(kind, detail, result[1:-1]),)


def test_either():
    command = one('(assert_return (invoke "f") (either (i32.const 1) (i32.const 2)))')
    assert isinstance(command, c.AssertReturn)
    assert command.expected == (Either((i32(1), i32(2))),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(module)\n(nonsense)", "line 2: unknown command 'nonsense'"),
        ('(module)\n\n(assert_return (module) "x")', "line 3: expected \\(invoke"),
        ('(assert_return (invoke "f") (i32.const 4294967296))', "line 1: constant out of range"),
        ('(invoke "f" (f32.const nan:canonical))', "line 1: .* is a pattern, not a value"),
        ("(module)\n(module", "line 2: a form is not closed"),
    ],
)
def test_a_bad_script_names_the_line(text: str, message: str):
    with pytest.raises(ScriptError, match=message):
        list(read_script(text))
