// Package floats gives the elements of float tensors as float32, as pictures want them.
package floats

import "gorgonia.org/tensor"

// Float32s is the elements of a float32 or float64 tensor, of float32 its own memory; nil of other dtypes.
func Float32s(t tensor.Tensor) []float32 {
	switch x := t.Data().(type) {
	case []float32:
		return x
	case []float64:
		out := make([]float32, len(x))
		for i, v := range x {
			out[i] = float32(v)
		}
		return out
	}
	return nil
}

// Rows is Float32s of each example of a batch, [batch, ...].
func Rows(batch tensor.Tensor) [][]float32 {
	x, n := Float32s(batch), batch.Shape()[0]
	rows := make([][]float32, n)
	for i := range rows {
		rows[i] = x[i*len(x)/n : (i+1)*len(x)/n]
	}
	return rows
}
