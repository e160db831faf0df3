// Times ONNX Runtime, for sidebyside. Run it as
//
//	node ort_peer.js FOLDER THREADS
//
// where FOLDER has onnxruntime-node in its node_modules. It reads requests from
// standard input, a line each, and answers each with a line:
//
//	time SECONDS infer PATH SIZE...    -> the median seconds of one inference by the model at PATH, whose input has these sizes
//	about                              -> version
//
// or with "error: ...". It calls the native session without the Promise that the
// package puts around it, which would cost a turn of the event loop.
'use strict';
const { createRequire } = require('module');
const path = require('path');
const readline = require('readline');

const [folder, threads] = process.argv.slice(-2);
const load = createRequire(path.resolve(folder, 'index.js'));
const root = path.dirname(load.resolve('onnxruntime-node/package.json'));
const { Tensor } = load('onnxruntime-common');
const { binding, initOrt } = load(path.join(root, 'dist', 'binding.js'));
initOrt();

const seconds = () => Number(process.hrtime.bigint()) / 1e9;

// sample is the median time of one call, over samples of at least 200 microseconds.
function sample(call, duration) {
  let start = seconds();
  call();
  const calls = Math.max(1, Math.floor(200e-6 / Math.max(seconds() - start, 1e-7)));
  const samples = [];
  const end = seconds() + duration;
  while (samples.length === 0 || seconds() < end) {
    start = seconds();
    for (let i = 0; i < calls; i++) call();
    samples.push((seconds() - start) / calls);
  }
  samples.sort((a, b) => a - b);
  const mid = samples.length >> 1;
  return samples.length % 2 ? samples[mid] : (samples[mid - 1] + samples[mid]) / 2;
}

let chosen = {}; // one at a time: memory, and caches

function inference(model, sizes) {
  const key = [model, ...sizes].join(' ');
  if (chosen.key !== key) {
    const session = new binding.InferenceSession();
    session.loadModel(model, { intraOpNumThreads: Number(threads), interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all' });
    const x = new Tensor('float32', Float32Array.from({ length: sizes.reduce((a, b) => a * b) }, Math.random), sizes);
    const call = () => session.run({ x }, { y: null }, {});
    sample(call, 0.05);
    chosen = { key, call };
  }
  return chosen.call;
}

function answer(request) {
  switch (request[0]) {
    case 'time':
      return String(sample(inference(request[3], request.slice(4).map(Number)), Number(request[1])));
    case 'about':
      return load('onnxruntime-node/package.json').version;
  }
  throw new Error('unknown request ' + request[0]);
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  let reply;
  try {
    reply = answer(line.split(' '));
  } catch (e) {
    reply = 'error: ' + String(e.message).replace(/\s+/g, ' ');
  }
  process.stdout.write(reply + '\n');
});
