// Graph models that TensorFlow.js runs, with what it makes of their inputs: graphs.json.gz in transfer/tfjs/testdata.
//
//     npm install --ignore-scripts @tensorflow/tfjs@4.22.0
//     node tfjsgraphs.js
//
// A model is what its converter writes, model.json and the content of a shard, but put together here, op by op.
const tf = require('@tensorflow/tfjs');
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');

const S = (v) => ({s: Buffer.from(v).toString('base64')});
const bytes = (v) => ({s: [...Buffer.from(v)]}); // as converters running in Python 2 wrote strings
const I = (v) => ({i: String(v)});
const F = (v) => ({f: v});
const B = (v) => ({b: v});
const T = (v) => ({type: 'DT_' + v});
const ints = (...v) => ({list: {i: v.map(String)}});
const strings = (...v) => ({list: {s: v.map((s) => S(s).s)}});

const names = {float32: 'FLOAT', int32: 'INT32', bool: 'BOOL'};
const count = (shape) => shape.reduce((a, b) => a * b, 1);

// A tensor of floats between least and most that look random, or of the values given.
const some = (shape, least = -1, most = 1) =>
  ({shape, dtype: 'float32', data: Array.from({length: count(shape)}, (_, i) => +(least + (most - least) * ((i * 7919 + 1237) % 1009) / 1008).toFixed(3))});
const floats = (shape, ...data) => ({shape, dtype: 'float32', data});
const int = (shape, ...data) => ({shape, dtype: 'int32', data});
const bool = (shape, ...data) => ({shape, dtype: 'bool', data});
const vector = (...data) => int([data.length], ...data);
const scalar = (v) => int([], v);

class Model {
  constructor(name) {
    Object.assign(this, {name, nodes: [], specs: [], chunks: [], feeds: {}, outputs: []});
  }

  feed(name, t) {
    this.feeds[name] = t;
    const dim = t.shape.map((n, i) => ({size: String(i === 0 ? -1 : n)}));
    this.nodes.push({name, op: 'Placeholder', attr: {dtype: T(names[t.dtype]), shape: {shape: {dim}}}});
    return name;
  }

  weight(name, t, quantization) {
    const type = quantization ? quantization.dtype : t.dtype;
    const array = {float32: Float32Array, int32: Int32Array, bool: Uint8Array, uint8: Uint8Array, uint16: Uint16Array, float16: Uint16Array}[type];
    this.chunks.push(Buffer.from(array.from(t.data).buffer));
    this.specs.push({name, shape: t.shape, dtype: t.dtype, ...(quantization && {quantization})});
    const tensor = {dtype: 'DT_' + names[t.dtype], tensorShape: {dim: t.shape.map((n) => ({size: String(n)}))}};
    this.nodes.push({name, op: 'Const', attr: {dtype: {type: tensor.dtype}, value: {tensor}}});
    return name;
  }

  op(name, op, input, attr = {}) {
    this.nodes.push({name, op, input, attr});
    return name;
  }

  out(...outputs) {
    this.outputs.push(...outputs);
  }

  async run() {
    const weights = Buffer.concat(this.chunks);
    const topology = {node: this.nodes, library: {}, versions: {producer: 561}};
    const tensor = (t) => ({dtype: names[t.dtype] && 'DT_' + names[t.dtype], tensorShape: {dim: t.shape.map((n) => ({size: String(n)}))}});
    const signature = {inputs: {}, outputs: {}};
    for (const [name, t] of Object.entries(this.feeds)) signature.inputs[name] = {name: name + ':0', ...tensor(t)};
    for (const name of this.outputs) signature.outputs[name] = {name: name.includes(':') ? name : name + ':0'};
    const model = await tf.loadGraphModel(tf.io.fromMemory({modelTopology: topology, weightSpecs: this.specs, signature,
      weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length)}));
    const feeds = {};
    for (const [name, t] of Object.entries(this.feeds)) feeds[name] = tf.tensor(t.data, t.shape, t.dtype);
    const got = model.execute(feeds, this.outputs);
    const outputs = {};
    for (const [i, t] of [].concat(got).entries()) {
      outputs[this.outputs[i]] = {shape: t.shape, dtype: t.dtype, data: Array.from(await t.data(), (v) => +(+v).toPrecision(8))};
    }
    return {name: this.name, model: {format: 'graph-model', generatedBy: 'tfjsgraphs.js', signature, modelTopology: topology,
      weightsManifest: [{paths: ['weights.bin'], weights: this.specs}]}, weights: weights.toString('base64'), feeds: this.feeds, outputs};
  }
}

const models = [];

// one is a model of one op: the first input is fed, the others are weights.
function one(name, op, inputs, attr = {}, outputs = 1) {
  const m = new Model(name);
  m.op('y', op, inputs.map((t, i) => (t.fed || i === 0 && !t.weight ? m.feed('x' + i, t.fed || t) : m.weight('x' + i, t))), attr);
  m.out(...Array.from({length: outputs}, (_, i) => (i ? 'y:' + i : 'y')));
  models.push(m);
}

// each is a model of several ops of the same inputs, which are all fed. [op, attributes] may stand for an op.
function each(name, inputs, ops) {
  const m = new Model(name);
  const x = inputs.map((t, i) => m.feed('x' + i, t));
  for (const [i, o] of ops.entries()) m.out(m.op('y' + i, ...(Array.isArray(o) ? [o[0], x, o[1]] : [o, x])));
  models.push(m);
}

each('unary', [some([2, 3, 4])], ['Abs', 'Acos', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Cos', 'Cosh', 'Erf', 'Exp', 'Expm1', 'Floor', 'Neg', 'Reciprocal', 'Sigmoid',
  'Sign', 'Sin', 'Sinh', 'Softplus', 'Square', 'Tan', 'Tanh', 'Elu', 'Relu', 'Relu6', 'Selu', 'Softmax', 'LogSoftmax', 'Identity', 'StopGradient', 'OnesLike', 'ZerosLike',
  ['LeakyRelu', {alpha: F(0.3)}]]);
each('unary of positive numbers', [some([12], 1, 9)], ['Acosh', 'Log', 'Log1p', 'Rsqrt', 'Sqrt', 'Relu6']);
each('rounding', [floats([9], -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49, -0.51, 3)], ['Round', 'Floor', 'Ceil', 'Sign', ['Cast', {SrcT: T('FLOAT'), DstT: T('INT32')}]]);
const comparisons = ['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual'];
const arithmetic = ['Add', 'AddV2', 'Sub', 'Mul', 'Maximum', 'Minimum', 'SquaredDifference', 'FloorDiv', 'FloorMod'];
each('binary', [some([2, 3, 2]), floats([3, 1], -0.5, 0.25, 0.75)], [...arithmetic, 'RealDiv', 'Div', 'Atan2', ...comparisons]);
each('binary of a row and a column', [some([1, 4]), some([3, 1], 0, 2)], [...arithmetic.slice(0, 6), 'DivNoNan', ...comparisons]);
each('division by zero', [floats([4], 1, -1, 0, 5), floats([4], 0, 0, 0, 2)], ['DivNoNan']);
each('binary of integers', [int([6], -7, 7, -7, 7, 6, 0), int([6], 2, 2, -2, -2, 3, 5)], [...arithmetic, ...comparisons]);
each('power', [some([6], 0.5, 3), floats([6], -2, -1, 0, 0.5, 1, 2)], ['Pow']);
each('logic', [bool([4], 0, 0, 1, 1), bool([4], 0, 1, 0, 1)], ['LogicalAnd', 'LogicalOr']);
each('logic of one', [bool([2], 0, 1)], ['LogicalNot', ['Cast', {SrcT: T('BOOL'), DstT: T('FLOAT')}], ['Cast', {SrcT: T('BOOL'), DstT: T('INT32')}]]);
each('sum of three', [some([2, 3]), some([2, 3], 0, 1), some([2, 3], -3, 3)], [['AddN', {N: I(3)}]]);
one('clip', 'ClipByValue', [some([7], -3, 3), floats([], -1), floats([], 0.5)]);
one('select', 'Select', [bool([2, 3], 1, 0, 1, 0, 0, 1), some([2, 3]), some([2, 3], 4, 5)]);
one('select by a column', 'SelectV2', [bool([2, 1], 1, 0), some([2, 3]), some([3], 4, 5)]);

for (const [a, b] of [[false, false], [true, false], [false, true], [true, true]]) {
  const [x, y] = [some(a ? [4, 2] : [2, 4]), some(b ? [3, 4] : [4, 3], -2, 2)];
  one(`matrix product ${a} ${b}`, 'MatMul', [x, y], {transpose_a: B(a), transpose_b: B(b)});
  one(`batch product ${a} ${b}`, 'BatchMatMulV2', [{...x, shape: [1, ...x.shape]}, {...y, shape: [1, ...y.shape]}], {adj_x: B(a), adj_y: B(b)});
}
one('batch product, broadcast', 'BatchMatMulV2', [some([3, 2, 2]), some([1, 2, 3])], {adj_x: B(false), adj_y: B(false)});
for (const [activation, slope] of [['Relu'], ['Elu'], ['Relu6'], ['Sigmoid'], ['LeakyRelu'], ['Prelu', floats([3], 0.1, 0.2, 0.3)]]) {
  const extra = slope ? [slope] : [];
  const attr = {fused_ops: strings('BiasAdd', activation), num_args: I(1 + extra.length), leakyrelu_alpha: F(0.3), transpose_a: B(false), transpose_b: B(false)};
  one(`fused product, ${activation}`, '_FusedMatMul', [some([2, 4]), some([4, 3], -2, 2), some([3]), ...extra], attr);
  one(`fused convolution, ${activation}`, '_FusedConv2D', [some([1, 3, 4, 2]), some([2, 2, 2, 3]), some([3]), ...extra],
    {...attr, strides: ints(1, 1, 1, 1), padding: S('SAME'), dilations: ints(1, 1, 1, 1), data_format: S('NHWC')});
  if (!slope && activation !== 'Sigmoid' && activation !== 'LeakyRelu') { // TensorFlow.js takes 0 for the slope here
    one(`fused depthwise convolution, ${activation}`, 'FusedDepthwiseConv2dNative', [some([1, 3, 4, 3]), some([2, 2, 3, 1]), some([3])],
      {...attr, strides: ints(1, 1, 1, 1), padding: S('SAME'), dilations: ints(1, 1, 1, 1), data_format: S('NHWC')});
  }
}
for (const equation of ['ij,jk->ik', 'ij,jk->ki', 'ij,kj->ik', 'ij,ij->i', 'ij,ij->']) {
  const y = {'ij,jk->ik': [3, 4], 'ij,jk->ki': [3, 4], 'ij,kj->ik': [4, 3]}[equation] || [2, 3];
  one('einsum ' + equation, 'Einsum', [some([2, 3]), some(y, -2, 2)], {equation: S(equation), N: I(2)});
}

const image = some([1, 5, 6, 2]);
const windows = (stride, padding, more = {}) => ({strides: ints(1, stride, stride, 1), padding: S(padding), data_format: S('NHWC'), dilations: ints(1, 1, 1, 1), ...more});
for (const [name, attr] of [['same, stride 2', windows(2, 'SAME')], ['valid', windows(1, 'VALID')], ['dilated', windows(1, 'SAME', {dilations: ints(1, 2, 2, 1)})]]) {
  one('convolution, ' + name, 'Conv2D', [image, some([3, 3, 2, 2])], attr);
  one('depthwise convolution, ' + name, 'DepthwiseConv2dNative', [image, some([3, 3, 2, 2])], attr);
}
one('convolution, explicit', 'Conv2D', [image, some([3, 2, 2, 2])], {...windows(2, 'EXPLICIT'), explicit_paddings: ints(0, 0, 2, 1, 0, 1, 0, 0)});
one('convolution, strings as bytes', 'Conv2D', [image, some([1, 1, 2, 3])], {...windows(1, 'SAME'), padding: bytes('VALID'), data_format: bytes('NHWC')});
for (const [stride, padding, size] of [[2, 'SAME', [1, 5, 6, 2]], [1, 'VALID', [1, 4, 5, 2]], [2, 'VALID', [1, 7, 8, 2]]]) {
  const out = padding === 'SAME' ? [3, 3] : [(size[1] - 3) / stride + 1, Math.floor((size[2] - 3) / stride) + 1];
  const m = new Model(`transposed convolution, ${padding}, stride ${stride}`);
  m.op('y', 'Conv2DBackpropInput', [m.weight('size', vector(...size)), m.weight('kernel', some([3, 3, 2, 3])), m.feed('x', some([1, ...out, 3]))], windows(stride, padding));
  m.out('y');
  models.push(m);
}
for (const padding of ['SAME', 'VALID']) {
  each('pools, ' + padding, [some([1, 5, 5, 2])], [['MaxPool', {...windows(2, padding), ksize: ints(1, 3, 3, 1)}], ['AvgPool', {...windows(2, padding), ksize: ints(1, 3, 2, 1)}]]);
}
each('local response normalisation', [some([1, 1, 2, 7], -3, 3)], [['LRN', {depth_radius: I(2), bias: F(1.5), alpha: F(0.1), beta: F(0.6)}]]);
for (const version of ['', 'V2', 'V3']) {
  one('batch normalisation ' + version, 'FusedBatchNorm' + version, [some([1, 2, 3, 3]), some([3], 1, 2), some([3]), some([3]), some([3], 0.5, 2)],
    {epsilon: F(0.01), is_training: B(false), data_format: S('NHWC')});
}
one('bias', 'BiasAdd', [some([2, 3]), some([3])], {data_format: S('NHWC')});
one('slopes', 'Prelu', [some([2, 3]), some([3])]);
for (const corners of [false, true]) {
  for (const centers of corners ? [false] : [false, true]) {
    for (const size of [[5, 7], [2, 2], [1, 6]]) {
      const attr = {align_corners: B(corners), half_pixel_centers: B(centers)};
      const m = new Model(`resize ${corners} ${centers} ${size}`);
      const [x, to] = [m.feed('x', some([1, 3, 4, 1])), m.weight('size', vector(...size))];
      m.op('bilinear', 'ResizeBilinear', [x, to], attr);
      m.op('nearest', 'ResizeNearestNeighbor', [x, to], attr);
      m.out('bilinear', 'nearest');
      models.push(m);
    }
  }
}
each('depth to space', [some([1, 2, 2, 8])], [['DepthToSpace', {block_size: I(2), data_format: S('NHWC')}]]);
one('space to batch', 'SpaceToBatchND', [some([1, 3, 4, 1]), vector(2, 2), int([2, 2], 0, 1, 1, 1)]);
one('batch to space', 'BatchToSpaceND', [some([4, 2, 3, 1]), vector(2, 2), int([2, 2], 0, 1, 1, 0)]);
one('batch to space of a sequence', 'BatchToSpaceND', [some([2, 3, 2]), vector(2), int([1, 2], 1, 0)]);

const cube = some([2, 3, 4]);
for (const keep of [false, true]) {
  for (const axes of [[0], [-1], [0, 2], [0, 1, 2]]) {
    const m = new Model(`reductions ${keep} ${axes}`);
    const [x, a] = [m.feed('x', cube), m.weight('axes', vector(...axes))];
    for (const op of ['Max', 'Mean', 'Min', 'Prod', 'Sum', ...(axes.length < 3 ? ['EuclideanNorm'] : [])]) m.out(m.op(op, op, [x, a], {keep_dims: B(keep)}));
    const y = m.op('positive', 'Greater', [x, m.weight('zero', floats([], 0.2))]);
    for (const op of ['All', 'Any']) m.out(m.op(op, op, [y, a], {keep_dims: B(keep)}));
    models.push(m);
  }
}
for (const axis of [0, 2]) { // of running sums along -1 TensorFlow.js transposes the result
  const m = new Model(`largest along ${axis}`);
  const [x, a] = [m.feed('x', cube), m.weight('axis', scalar(axis))];
  m.out(m.op('most', 'ArgMax', [x, a]), m.op('least', 'ArgMin', [x, a]));
  for (const [exclusive, reverse] of [[false, false], [true, false], [false, true], [true, true]]) {
    for (const op of ['Cumsum', 'Cumprod']) m.out(m.op(`${op}${+exclusive}${+reverse}`, op, [x, a], {exclusive: B(exclusive), reverse: B(reverse)}));
  }
  models.push(m);
}
one('largest two', 'TopKV2', [some([2, 5]), scalar(2)], {sorted: B(true)}, 2);

one('broadcast', 'BroadcastTo', [some([2, 1, 3]), vector(2, 4, 3)]);
for (const axis of [0, 1, -1]) one(`concatenate along ${axis}`, 'ConcatV2', [cube, {fed: some([2, 3, 4], 2, 3)}, scalar(axis)], {N: I(2)});
for (const axis of [0, -1, 1]) {
  one(`new axis ${axis}`, 'ExpandDims', [cube, scalar(axis)]);
  one(`reverse ${axis}`, 'ReverseV2', [cube, vector(axis)]);
  one(`split along ${axis}`, 'Split', [{weight: true, ...scalar(axis)}, {fed: some([2, 4, 2])}], {num_split: I(2)}, 2);
  each(`pack along ${axis}`, [some([2, 3]), some([2, 3], 2, 3)], [['Pack', {N: I(2), axis: I(axis)}]]);
}
one('split in sizes', 'SplitV', [some([2, 6]), vector(1, -1, 2), scalar(1)], {num_split: I(3)}, 3);
one('unpack', 'Unpack', [some([2, 3])], {axis: I(1), num: I(3)}, 3);
one('gather', 'GatherV2', [cube, vector(2, 0, 2), scalar(1)], {batch_dims: I(0)});
one('gather a matrix', 'GatherV2', [some([3, 2]), int([2, 2], 2, 0, 1, 1), scalar(0)], {batch_dims: I(0)});
one('gather elements', 'GatherNd', [cube, int([2, 2], 1, 2, 0, 1)]);
for (const mode of ['REFLECT', 'SYMMETRIC']) one('mirror ' + mode, 'MirrorPad', [some([2, 3]), int([2, 2], 1, 0, 1, 2)], {mode: S(mode)});
one('pad', 'Pad', [some([2, 3]), int([2, 2], 1, 0, 0, 2)]);
one('pad with a value', 'PadV2', [some([2, 3]), int([2, 2], 0, 1, 2, 0), floats([], 1.5)]);
one('one hot', 'OneHot', [int([3], 2, 0, 1), scalar(3), floats([], 1), floats([], 0)], {axis: I(-1)});
one('one hot, other values', 'OneHot', [int([2, 2], 2, 0, 1, 4), scalar(4), floats([], 5), floats([], -1)], {axis: I(-1)});
one('slice', 'Slice', [cube, vector(0, 1, 1), vector(-1, 2, -1)]);
one('tile', 'Tile', [some([2, 3]), vector(2, 2)]);
one('transpose', 'Transpose', [cube, vector(2, 0, 1)]);
each('squeeze', [some([2, 1, 3, 1])], [['Squeeze', {squeeze_dims: ints(1)}], ['Squeeze', {squeeze_dims: ints(-1, 1)}]]);
const masks = (begin, end, ellipsis, newAxis, shrink) =>
  ({begin_mask: I(begin), end_mask: I(end), ellipsis_mask: I(ellipsis), new_axis_mask: I(newAxis), shrink_axis_mask: I(shrink)});
for (const [begin, end, step, m] of [
  [[0, 1, 0], [2, 3, 4], [1, 1, 2], masks(0, 0, 0, 0, 0)], [[0, -1, 3], [0, -4, 0], [1, -1, -2], masks(1, 1, 0, 0, 0)], [[0, 1], [0, 2], [1, 1], masks(1, 1, 0, 0, 2)],
  [[0, 0, 0], [0, 0, 0], [1, 1, 1], masks(5, 5, 0, 2, 0)], [[0, 1], [0, 3], [1, 1], masks(0, 0, 1, 0, 0)], [[0, 0, 1], [0, 0, 2], [1, 1, 1], masks(0, 0, 2, 1, 4)],
  [[1], [2], [1], masks(0, 0, 0, 0, 1)], [[-2, -100], [100, 100], [1, 1], masks(0, 0, 0, 0, 0)]
]) {
  one(`strided slice ${begin} ${end} ${step} ${Object.values(m).map((v) => v.i)}`, 'StridedSlice', [cube, vector(...begin), vector(...end), vector(...step)], m);
}

{ // Sizes that follow from the input's.
  const m = new Model('flatten');
  const x = m.feed('x', some([3, 2, 2]));
  const batch = m.op('batch', 'StridedSlice', [m.op('sizes', 'Shape', [x]), m.weight('begin', vector(0)), m.weight('end', vector(1)), m.weight('step', vector(1))], masks(0, 0, 0, 0, 1));
  const flat = m.op('flat', 'Reshape', [x, m.op('shape', 'Pack', [batch, m.weight('rest', scalar(-1))], {N: I(2), axis: I(0)})]);
  const filled = m.op('filled', 'Fill', [m.op('vector', 'Pack', [batch], {N: I(1), axis: I(0)}), m.weight('value', floats([], 0.25))]);
  m.out(flat, filled, m.op('range', 'Range', [m.weight('from', scalar(0)), batch, m.weight('by', scalar(1))]));
  m.out(m.op('rank', 'Rank', [x]), m.op('size', 'Size', [x]), 'sizes');
  models.push(m);
}
{ // As a network's weights are quantised.
  const m = new Model('quantised');
  const x = m.feed('x', some([2, 4]));
  const hidden = m.op('hidden', 'MatMul', [x, m.weight('kernel8', {shape: [4, 3], dtype: 'float32', data: some([12], 0, 255).data.map(Math.round)}, {dtype: 'uint8', scale: 0.01, min: -1.2})]);
  const biased = m.op('biased', 'BiasAdd', [hidden, m.weight('bias16', {shape: [3], dtype: 'float32', data: [0, 1000, 65535]}, {dtype: 'uint16', scale: 3e-5, min: -1})]);
  m.out(m.op('y', 'MatMul', [m.op('active', 'Relu', [biased]), m.weight('kernelHalf', {shape: [3, 2], dtype: 'float32', data: [0x3c00, 0xbc00, 0x3555, 0x1400, 0x0001, 0x4248]}, {dtype: 'float16'})]));
  models.push(m);
}

(async () => {
  await tf.setBackend('cpu');
  const cases = [];
  for (const m of models) {
    try {
      cases.push(await m.run());
    } catch (e) {
      console.log(m.name, e.message);
      process.exitCode = 1;
    }
  }
  const out = process.env.GOLDEN_OUT || path.join(__dirname, '..', '..', 'transfer', 'tfjs', 'testdata');
  const packed = zlib.gzipSync(JSON.stringify(cases), {level: 9});
  fs.writeFileSync(path.join(out, 'graphs.json.gz'), packed);
  console.log(cases.length, 'models', packed.length, 'bytes');
})();
