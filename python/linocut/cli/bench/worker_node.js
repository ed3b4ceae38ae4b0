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

function seconds(action) {
    const start = process.hrtime.bigint();
    const value = action();
    return [Number(process.hrtime.bigint() - start) / 1e9, value];
}

function compile() {
    const times = [];
    for (let round = 0; round < job.rounds; round++) {
        const bytes = fresh();
        times.push(seconds(() => new WebAssembly.Module(bytes))[0]);
    }
    return { times };
}

function run() {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fresh()));
    const times = [];
    const results = [];
    for (let round = 0; round < job.rounds; round++) {
        const [time, value] = seconds(() => exports.run(job.n));
        times.push(time);
        results.push(value.toString());
    }
    return { times, results };
}

console.log(JSON.stringify({ compile, run }[job.task]()));
