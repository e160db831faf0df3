// Package onnx reads the models of ONNX: their graphs as they stand in the file, and their initializers as named
// tensors.
package onnx
