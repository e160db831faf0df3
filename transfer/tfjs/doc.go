// Package tfjs reads the models of TensorFlow.js, layers and graph models: a file model.json
// that lists the weights, and beside it the shards that hold their elements, little-endian and
// row-major, one weight after the other. A graph model's topology is a graph of TensorFlow, which
// package tensorflow builds; a layers model's is described as Keras does, and package keras builds it.
package tfjs
