// Package weights is what all files of named tensors have in common, whoever wrote them: a
// File lists its tensors with names, dtypes and shapes, and reads one when it is asked for.
// The packages beside this one open the formats.
//
// A file is not trusted: sizes are checked before memory is taken for them, and what a
// tensor takes is bounded by what the file really holds of it.
package weights
