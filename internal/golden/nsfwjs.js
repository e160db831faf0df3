// zoo/testdata/nsfwjs.json: what TensorFlow.js makes of photos with the MobileNet v2 of npm's nsfwjs, whose weights are quantised.
//
// The model is in the package, as JavaScript: model.json and group1-shard1of1 have to be written from dist/models/mobilenet_v2 (JSON, and base64).
// The photos are the first of input_u8 in ../shared/data/imagenet/mobilenet_v1_0.25_224_tfjs/expected.npz, as bytes.
//
//	NODE_PATH=.../node_modules node nsfwjs.js FOLDER_OF_THE_MODEL PHOTOS > ../../zoo/testdata/nsfwjs.json
const fs = require('fs');
const path = require('path');
const tf = require('@tensorflow/tfjs');

async function main(folder, photos) {
  const json = JSON.parse(fs.readFileSync(path.join(folder, 'model.json')));
  const shard = fs.readFileSync(path.join(folder, 'group1-shard1of1'));
  const model = await tf.loadLayersModel(tf.io.fromMemory({
    modelTopology: json.modelTopology, weightSpecs: json.weightsManifest[0].weights,
    weightData: shard.buffer.slice(shard.byteOffset, shard.byteOffset + shard.length),
  }));
  const bytes = fs.readFileSync(photos);
  const n = bytes.length / (224 * 224 * 3);
  const x = tf.tensor(Float32Array.from(bytes), [n, 224, 224, 3]).div(255);
  const probabilities = await model.predict(x).array();
  console.log(JSON.stringify({about: `TensorFlow.js ${tf.version.tfjs}, float32: nsfwjs.js`, probabilities}));
}
main(...process.argv.slice(2));
