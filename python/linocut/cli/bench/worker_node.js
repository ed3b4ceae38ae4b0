// Measures V8: node FLAGS worker_node.js JOB. The job and the answer are those of worker.py.
"use strict";
const fs = require("fs");
const crypto = require("crypto");

const job = JSON.parse(process.argv[2]);
const wasm = fs.readFileSync(job.wasm);

// V8 keeps compiled modules by their content: a random custom section makes each one new.
function fresh() {
    const noise = crypto.randomBytes(16);
    return Buffer.concat([wasm, Buffer.from([0, 18, 1, 0x78]), noise]);
}

const wall = [];
const cpu = [];

function timed(action) {
    const before = process.cpuUsage();
    const start = process.hrtime.bigint();
    const value = action();
    wall.push(Number(process.hrtime.bigint() - start) / 1e9);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1e6);
    return value;
}

function compile() {
    for (let round = 0; round < job.rounds; round++) {
        const bytes = fresh();
        timed(() => new WebAssembly.Module(bytes));
    }
    return { wall, cpu };
}

function run() {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fresh()));
    const results = [];
    for (let round = 0; round < job.rounds; round++) {
        results.push(timed(() => exports.run(job.n)).toString());
    }
    return { wall, cpu, results };
}

console.log(JSON.stringify({ compile, run }[job.task]()));
