"""The post's programs do what they say, and the commands in their first lines work."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import linocut
import pytest

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
from linocut.cli.__main__ import main
from linocut.engines.code.foreign import NoCodeError
from linocut.inspecting.other_engine import open_code

POST = Path(__file__).resolve().parents[2] / "examples" / "post"
COMMANDS = [
    (program.name, command)
    for program in sorted(POST.glob("*.wat"))
    for command in re.findall(r"^;;   linocut (.+)$", program.read_text(), re.MULTILINE)
]


@pytest.fixture(params=[False, True], ids=["compiled", "interpreted"])
def interpret(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def exports(name: str, interpret: bool = False) -> linocut.Exports:
    return linocut.load(POST / f"{name}.wat", interpret=interpret).instantiate().exports


def test_recursion(interpret: bool) -> None:
    found = exports("recursion", interpret)
    assert [found.fibonacci(n) for n in range(12)] == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89]
    assert found.factorial(20) == 2432902008176640000
    with pytest.raises(linocut.StackExhausted):
        found.forever(0)


def test_division(interpret: bool) -> None:
    found = exports("division", interpret)
    assert found.divide(-7, 2) == -3
    assert found.divide_unsigned(-1, 2) == 0x7FFFFFFF
    assert found.common_divisor(1071, 462) == 21
    for function, operands in (
        (found.divide, (1, 0)),
        (found.divide_unsigned, (1, 0)),
        (found.divide, (-(2**31), -1)),
    ):
        with pytest.raises(linocut.Trap):
            function(*operands)


def test_only_one_arm_of_an_if_runs(interpret: bool) -> None:
    found = exports("branch", interpret)
    assert [found.sign(n) for n in (-5, -1, 0, 7)] == [-1, -1, 1, 1]
    assert [found.counted(a, b) for a, b in ((1, 1), (1, 0), (0, 1), (0, 0))] == [1, 10, 100, 100]


def test_collatz(interpret: bool) -> None:
    def steps(n: int) -> int:
        count = 0
        while n != 1:
            n, count = (3 * n + 1 if n & 1 else n // 2), count + 1
        return count

    found = exports("collatz", interpret)
    expected = [steps(n) for n in range(1, 200)]
    assert [found.steps(n) for n in range(1, 200)] == expected
    assert found.table(199) == max(expected)
    memory = found.memory.read(8, 4 * len(expected))
    assert [int.from_bytes(memory[i : i + 4], "little") for i in range(0, len(memory), 4)] == expected


@pytest.mark.compiled
@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=lambda value: value.partition(" ")[0])
def test_commands_of_the_comments(
    name: str, command: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if "--against" in command:
        try:
            open_code(command.rpartition(" ")[2], b"\0asm\1\0\0\0")
        except NoCodeError as error:
            pytest.skip(str(error))
    monkeypatch.chdir(POST)
    assert name in command
    assert main(shlex.split(command)) == 0
    assert capfd.readouterr().out.strip()


def test_every_program_has_its_commands() -> None:
    assert {name for name, _ in COMMANDS} == {program.name for program in POST.glob("*.wat")}
    assert sum(command.startswith("diff") for _, command in COMMANDS) == len(list(POST.glob("*.wat")))
