package graph

import "unsafe"

// number lists the element types that arithmetic is defined for.
type number interface {
	float32 | float64 | int | int32 | int64 | uint8
}

// elements views an array as a slice of T, which must be its element type.
func elements[T any](a *Array) []T { return unsafe.Slice((*T)(a.ptr), a.size) }
