// Package weights is what all files of named tensors have in common, whoever wrote them: a
// File lists its tensors with names, dtypes and shapes, and reads one when it is asked for.
// The packages beside this one open the formats.
//
// A file is not trusted: sizes are checked before memory is taken for them. Opening a file takes four times its
// bytes at most, and 16 MiB beside; one that describes more is refused. This is tested for every format; a checkpoint's files count
// together, each index of shards by itself. Reading a tensor
// takes the memory of its values, which are the caller's, and as much again where Strides have to be followed; where a piece
// is small, some megabytes; of HDF5 that is cut into chunks those are held beside it that begin at one place of the first axis.
// The values are bounded by what the file really holds: four times the bytes, as where 8-bit integers become int32.
// (Blocks of 4 bits, which GGUF has, become seven times as many bytes of float32, and int64 in TensorFlow's checkpoints of version 1, where a small
// number takes a byte, eight times.) Compressed elements are bounded in
// the same way (Tensor.Most), unless they go to a variable, whose memory is there already.
package weights
