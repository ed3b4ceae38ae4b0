// Compiles by V8: node FLAGS node_compile.js JOB. Job and answer are those of compile_jobs.py.
"use strict";
const { execFileSync } = require("child_process");
const crypto = require("crypto");
const fs = require("fs");

const TRACE = "--trace-wasm-compilation-times";
const job = JSON.parse(process.argv[2]);
const wasm = fs.readFileSync(job.wasm);

// V8 keeps compiled modules by their content: a random custom section makes each one new.
function fresh() {
    const noise = crypto.randomBytes(16);
    return Buffer.concat([wasm, Buffer.from([0, 18, 1, 0x78]), noise]);
}

// Seconds of CPU and of wall clock; the bytes are made before.
function timed(action, cpu, wall) {
    const bytes = fresh();
    const before = process.cpuUsage();
    const start = process.hrtime.bigint();
    action(bytes);
    wall.push(Number(process.hrtime.bigint() - start) / 1e9);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1e6);
}

// Bytes of this process that are no pages of files: those of node's own program do not count.
function anonymousMemory() {
    const status = fs.readFileSync("/proc/self/status", "utf8");
    const kilobytes = (name) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+)`, "m"))[1]);
    return 1024 * (kilobytes("RssAnon") + kilobytes("RssShmem"));
}

// V8 prints each function's size, but from C: only another process can read that.
function codeBytes() {
    const line = [...process.execArgv, TRACE, __filename, JSON.stringify({ ...job, rounds: 1, sizes: false })];
    const lines = execFileSync(process.execPath, line, { encoding: "utf8", maxBuffer: 1 << 30 });
    return Array.from(lines.matchAll(/^Compiled .* codesize (\d+)/gm)).reduce((sum, m) => sum + Number(m[1]), 0);
}

const answer = { cpu: [], wall: [], validate: [], code_bytes: 0 };
const before = anonymousMemory();
for (let round = 0; round < job.rounds; round++) {
    timed((bytes) => new WebAssembly.Module(bytes), answer.cpu, answer.wall);
    if (round === 0) answer.memory_bytes = anonymousMemory() - before;
}
for (let round = 0; round < job.rounds; round++) {
    timed((bytes) => WebAssembly.validate(bytes), answer.validate, []);
}
if (job.sizes) answer.code_bytes = codeBytes();
console.log(JSON.stringify(answer));
