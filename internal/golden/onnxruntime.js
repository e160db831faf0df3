// Runs ONNX models by ONNX Runtime for the tests: each line that comes is {"model": path, "inputs": {name: {type, dims, data}}}, each
// that goes {"outputs": {name: {type, dims, data}}} or {"error": text}. data are the elements, little-endian, in base64.
const ort = require('onnxruntime-node');
const arrays = {
  float32: Float32Array, float64: Float64Array, int32: Int32Array, int64: BigInt64Array, uint8: Uint8Array, bool: Uint8Array,
};

async function run(request) {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
  const session = await ort.InferenceSession.create(request.model, options);
  const feeds = {};
  for (const [name, t] of Object.entries(request.inputs)) {
    const bytes = Uint8Array.from(Buffer.from(t.data, 'base64'));
    feeds[name] = new ort.Tensor(t.type, new arrays[t.type](bytes.buffer), t.dims);
  }
  const outputs = {};
  for (const [name, t] of Object.entries(await session.run(feeds))) {
    const data = Buffer.from(t.data.buffer, t.data.byteOffset, t.data.byteLength).toString('base64');
    outputs[name] = { type: t.type, dims: Array.from(t.dims), data };
  }
  await session.release();
  return { outputs };
}

(async () => {
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    const answer = await run(JSON.parse(line)).catch(e => ({ error: String(e.message || e) }));
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
})();
