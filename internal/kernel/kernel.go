// Package kernel holds the numeric inner loops: matrix product, vector
// functions, activations and their gradients, reductions, softmax and
// optimizer steps, over plain slices of float32 or float64.
//
// Conventions, unless a function says otherwise:
//
//   - The contract of a function is the reference loop in its comment.
//   - dst decides the length; every other slice must have at least as many
//     elements (fewer is a panic) and its excess is ignored.
//   - dst may be the same slice as an operand; partial overlap is not allowed.
//   - Functions are serial (except Gemm), safe for concurrent use and do not
//     allocate. Split them over package parallel where the tensor is large; that
//     also bounds the time for which assembly keeps the garbage collector waiting.
//   - NaN in gives NaN out, infinities and signed zeros follow IEEE 754.
//   - Functions of float32 are within 0.8 ulp of the exact value in portable Go
//     (SELU, for its rounded constants, 1.1), and within what their comments say
//     with AVX2 and AVX-512, which give the same bits as each other. Those of
//     float64 use package math.
//   - The functions of one number (ExpScalar and the like) are the portable ones.
package kernel

import "unsafe"

// longRun is how many elements a call of assembly gets at most where a caller
// may hand over any number: the garbage collector cannot interrupt it, and so
// many take about a millisecond from memory.
const longRun = 1 << 22

// Float is the constraint of all kernels.
type Float interface{ ~float32 | ~float64 }

// is32 is a constant in each instantiation, so the other branch costs nothing.
func is32[T Float]() bool {
	var t T
	return unsafe.Sizeof(t) == 4
}

// as32 and as64 view x as its underlying type, which the caller has checked.
func as32[T Float](x []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

func as64[T Float](x []T) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
