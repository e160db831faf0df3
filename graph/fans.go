package graph

import "gorgonia.org/tensor"

// Fans returns the number of units that feed one unit of a kernel, and that one
// unit feeds: [in, out] for dense kernels, receptive field x channels for
// convolution kernels [height, width, in, out] (HWIO), the size for vectors,
// as TensorFlow counts them.
func Fans(shape tensor.Shape) (in, out int) {
	switch len(shape) {
	case 0:
		return 1, 1
	case 1:
		return shape[0], shape[0]
	}
	field := 1
	for _, d := range shape[:len(shape)-2] {
		field *= d
	}
	return field * shape[len(shape)-2], field * shape[len(shape)-1]
}
