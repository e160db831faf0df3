// Package weights is what all files of named tensors have in common, whoever wrote them: a
// File lists its tensors with names, dtypes and shapes, and reads one when it is asked for.
// The packages beside this one open the formats.
//
// A file is not trusted: sizes are checked before memory is taken for them, and what a
// tensor takes is bounded by what the file really holds of it: four times the bytes, as where
// 8-bit integers become int32. (Blocks of 4 bits, which GGUF has, become seven times as many bytes
// of float32, and integers that a message of protocol buffers holds as one byte up to eight.) A
// tensor with Strides that have to be followed is held twice while it is read. Opening a file takes
// some hundred bytes for each tensor that it lists.
package weights
