// Writes transfer/keras/testdata/models.json.gz: models of TensorFlow.js' layers, as model.toJSON describes them, and what they compute. Weights and inputs
// follow from formulas, so only the results are stored. Made with @tensorflow/tfjs 4.22.0 and Node 20:
//
//	npm install @tensorflow/tfjs@4.22.0 && NODE_PATH=node_modules node kerasmodels.js
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const tf = require('@tensorflow/tfjs');

const L = tf.layers;
const cases = [];

// fill makes the elements of weight or input number k.
function fill(shape, element) {
  const n = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(Float32Array.from({length: n}, (_, i) => element(i)), shape);
}

function record(name, model, ids) {
  const weights = model.weights.map((w, k) => {
    const positive = w.originalName.endsWith('moving_variance') ? 1 : 0;
    return {name: w.originalName, shape: w.shape, value: fill(w.shape, i => ((7 * i + 3 * k) % 11 - 5) / 16 + positive)};
  });
  model.setWeights(weights.map(w => w.value));
  const inputs = model.inputs.map((x, k) => fill([2].concat(x.shape.slice(1)), i => ids ? (3 * i + k) % ids : ((5 * i + 3 * k) % 13 - 6) / 8));
  let out = model.predict(inputs.length === 1 ? inputs[0] : inputs);
  if (!Array.isArray(out)) {
    out = [out];
  }
  cases.push({name, ids, model: model.toJSON(null, false), weights: weights.map(({name, shape}) => ({name, shape})), inputs: inputs.map(x => x.shape),
    outputs: out.map(y => ({shape: y.shape, data: Array.from(y.dataSync(), v => Number(v.toPrecision(8)))}))});
}

// one records a model of one layer, or of a few.
function one(name, inputShape, ...layers) {
  const x = tf.input({shape: inputShape, name: 'x'});
  record(name, tf.model({inputs: x, outputs: layers.reduce((y, l) => l.apply(y), x)}));
}

for (const activation of ['relu', 'relu6', 'elu', 'selu', 'softplus', 'softsign', 'tanh', 'sigmoid', 'hardSigmoid', 'softmax', 'logSoftmax', 'swish', 'mish']) {
  one('Dense ' + activation, [3], L.dense({units: 4, activation, name: 'd'}));
}
one('Dense of a sequence, without bias', [2, 3], L.dense({units: 2, useBias: false, name: 'd'}));
one('activations', [7], L.activation({activation: 'elu', name: 'a'}), L.leakyReLU({alpha: 0.2, name: 'b'}), L.elu({name: 'c'}), L.thresholdedReLU({theta: 0.2, name: 'd'}));
one('ReLU', [7], L.reLU({maxValue: 0.5, name: 'a'}));
one('PReLU', [2, 3, 2], L.prelu({sharedAxes: [1, 2], name: 'p'}));
one('PReLU, not shared', [2, 2], L.prelu({name: 'p'}));
one('Softmax', [4], L.softmax({name: 's'}));
one('noise', [3], L.dropout({rate: 0.5, name: 'a'}), L.gaussianNoise({stddev: 1, name: 'b'}), L.gaussianDropout({rate: 0.5, name: 'c'}), L.alphaDropout({rate: 0.5, name: 'd'}));
one('SpatialDropout1D', [2, 3], L.spatialDropout1d({rate: 0.5, name: 'a'}));
one('Conv1D same', [5, 2], L.conv1d({filters: 3, kernelSize: 3, strides: 2, padding: 'same', name: 'c'}));
for (const dataFormat of ['channelsLast', 'channelsFirst']) {
  const image = dataFormat === 'channelsLast' ? [5, 4, 2] : [2, 5, 4];
  one('Conv2D ' + dataFormat, image, L.conv2d({filters: 2, kernelSize: [3, 2], strides: [2, 1], padding: 'same', activation: 'relu', dataFormat, name: 'c'}));
  one('MaxPooling2D, Flatten, Dense ' + dataFormat, image, L.maxPooling2d({poolSize: 2, dataFormat, name: 'p'}), L.flatten({dataFormat, name: 'f'}), L.dense({units: 2, name: 'd'}));
  one('AveragePooling2D ' + dataFormat, image, L.averagePooling2d({poolSize: [2, 3], strides: [2, 2], padding: 'same', dataFormat, name: 'p'}));
  one('global pools ' + dataFormat, image, L.globalAveragePooling2d({dataFormat, name: 'p'}));
  one('UpSampling2D ' + dataFormat, dataFormat === 'channelsLast' ? [2, 2, 1] : [1, 2, 2], L.upSampling2d({size: [2, 1], dataFormat, name: 'u'}));
  one('ZeroPadding2D, Cropping2D ' + dataFormat, image, L.zeroPadding2d({padding: [[1, 0], [0, 2]], dataFormat, name: 'z'}), L.cropping2D({cropping: [[2, 1], [1, 0]], dataFormat, name: 'c'}));
}
one('Conv2D dilated', [5, 5, 1], L.conv2d({filters: 2, kernelSize: 2, dilationRate: 2, useBias: false, name: 'c'}));
one('Conv2DTranspose same', [2, 2, 2], L.conv2dTranspose({filters: 2, kernelSize: 3, strides: 2, padding: 'same', name: 'c'}));
one('Conv2DTranspose valid', [2, 2, 1], L.conv2dTranspose({filters: 2, kernelSize: [3, 1], strides: 2, name: 'c'}));
one('DepthwiseConv2D', [3, 3, 2], L.depthwiseConv2d({kernelSize: 2, depthMultiplier: 2, padding: 'same', name: 'c'}));
one('SeparableConv2D', [3, 3, 2], L.separableConv2d({filters: 3, kernelSize: 2, name: 'c'}));
one('UpSampling2D bilinear', [2, 2, 1], L.upSampling2d({size: [2, 2], interpolation: 'bilinear', name: 'u'}));
one('MaxPooling1D, GlobalMaxPooling1D', [6, 2], L.maxPooling1d({poolSize: 2, name: 'p'}), L.globalMaxPooling1d({name: 'g'}));
one('AveragePooling1D, GlobalAveragePooling1D', [5, 2], L.averagePooling1d({poolSize: 2, strides: 1, padding: 'same', name: 'p'}), L.globalAveragePooling1d({name: 'g'}));
one('GlobalMaxPooling2D', [3, 2, 2], L.globalMaxPooling2d({name: 'p'}));
one('BatchNormalization', [2, 3], L.batchNormalization({epsilon: 0.01, name: 'n'}));
one('BatchNormalization without scale', [2, 2], L.batchNormalization({scale: false, name: 'n'}));
one('LayerNormalization', [2, 3], L.layerNormalization({axis: [1, 2], name: 'n'}));
one('LayerNormalization, last axis', [2, 3], L.layerNormalization({epsilon: 0.1, center: false, name: 'n'}));
one('Reshape, Permute', [2, 6], L.reshape({targetShape: [3, -1, 2], name: 'r'}), L.permute({dims: [3, 1, 2], name: 'p'}));
one('RepeatVector', [3], L.repeatVector({n: 2, name: 'r'}));
one('Rescaling', [3], L.rescaling({scale: 0.5, offset: -1, name: 'r'}));
one('SimpleRNN', [3, 2], L.simpleRNN({units: 2, returnSequences: true, name: 'r'}));
one('LSTM', [3, 2], L.lstm({units: 2, name: 'r'}));
one('LSTM backwards', [3, 2], L.lstm({units: 2, goBackwards: true, returnSequences: true, recurrentActivation: 'sigmoid', useBias: false, name: 'r'}));
one('GRU', [3, 2], L.gru({units: 2, name: 'r'}));
for (const mergeMode of ['concat', 'sum', 'ave', 'mul']) {
  one('Bidirectional ' + mergeMode, [3, 2], L.bidirectional({layer: L.lstm({units: 2, returnSequences: true, name: 'r'}), mergeMode, name: 'b'}));
}
one('Bidirectional GRU', [3, 2], L.bidirectional({layer: L.gru({units: 2, name: 'r'}), name: 'b'}));
one('Masking', [6, 2], L.masking({maskValue: 0.25, name: 'm'}));
for (const maskValue of [0, -0.75]) { // in the middle of a sequence, and at the beginning of one
  one('Masking LSTM ' + maskValue, [6, 1], L.masking({maskValue, name: 'm'}), L.dropout({rate: 0.5, name: 'd'}), L.lstm({units: 2, returnSequences: true, name: 'r'}), L.gru({units: 2, name: 'g'}));
  one('Masking Bidirectional ' + maskValue, [6, 1], L.masking({maskValue, name: 'm'}), L.bidirectional({layer: L.simpleRNN({units: 2, name: 'r'}), name: 'b'}));
}
record('Embedding, masked', tf.sequential({name: 's', layers: [L.embedding({inputDim: 5, outputDim: 2, inputLength: 6, maskZero: true, name: 'e'}), L.lstm({units: 2, name: 'r'})]}), 5);
one('TimeDistributed', [2, 3], L.timeDistributed({layer: L.dense({units: 2, name: 'd'}), name: 't'}));
record('Embedding', tf.sequential({name: 's', layers: [L.embedding({inputDim: 5, outputDim: 2, inputLength: 3, name: 'e'}), L.flatten({name: 'f'})]}), 5);

{
  const a = tf.input({shape: [2, 3], name: 'a'}), b = tf.input({shape: [2, 3], name: 'b'});
  const outputs = [L.add({name: 'add'}), L.multiply({name: 'mul'}), L.average({name: 'avg'}), L.maximum({name: 'max'}), L.minimum({name: 'min'}),
    L.concatenate({axis: 1, name: 'cat'}), L.dot({axes: 2, name: 'dot'}), L.dot({axes: [1, 1], normalize: true, name: 'cos'})].map(l => l.apply([a, b]));
  record('merging layers', tf.model({inputs: [a, b], outputs, name: 'm'}));
}
{
  const a = tf.input({shape: [3], name: 'a'}), b = tf.input({shape: [3], name: 'b'});
  record('Dot of rows', tf.model({inputs: [a, b], outputs: L.dot({axes: -1, name: 'dot'}).apply([a, b]), name: 'm'}));
}
{ // a layer and a model that are called twice, and an output that is an input of others
  const a = tf.input({shape: [3], name: 'a'}), b = tf.input({shape: [3], name: 'b'});
  const shared = L.dense({units: 3, activation: 'tanh', name: 'shared'});
  const inside = tf.input({shape: [3], name: 'inside'});
  const tower = tf.model({inputs: inside, outputs: L.dense({units: 2, name: 'out'}).apply(L.batchNormalization({name: 'n'}).apply(inside)), name: 'tower'});
  const y = tower.apply(shared.apply(a)), z = tower.apply(shared.apply(b));
  record('shared', tf.model({inputs: [a, b], outputs: [L.concatenate({name: 'cat'}).apply([y, z]), shared.apply(b)], name: 'm'}));
}
record('models in a Sequential', tf.sequential({name: 's', layers: [
  tf.sequential({name: 'first', layers: [L.dense({units: 3, inputShape: [2], name: 'd'}), L.batchNormalization({name: 'n'})]}), L.dense({units: 1, name: 'last'})]}));

const out = process.env.GOLDEN_OUT || path.join(__dirname, '..', '..', 'transfer', 'keras', 'testdata');
fs.writeFileSync(path.join(out, 'models.json.gz'), zlib.gzipSync(JSON.stringify(cases), {level: 9}));
