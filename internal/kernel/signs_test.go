package kernel

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkRandomSigns runs what chooses by the sign of an element on data whose
// signs no processor can predict, as a layer's are: a branch would cost more than
// the arithmetic.
func BenchmarkRandomSigns(b *testing.B) {
	const n = 60000
	r := rand.New(rand.NewPCG(1, 2))
	x, y, dst := make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range x {
		x[i], y[i] = float32(r.NormFloat64()), float32(r.NormFloat64())
	}
	for _, f := range []struct {
		name string
		run  func()
	}{
		{"ReLU", func() { ReLU(dst, x) }},
		{"ReLUGrad", func() { ReLUGrad(dst, x, y) }},
		{"LeakyReLU", func() { LeakyReLU(dst, x, 0.2) }},
		{"LeakyReLUGrad", func() { LeakyReLUGrad(dst, x, y, 0.2) }},
		{"HardTanh", func() { HardTanh(dst, x, 0, 6) }},
		{"HardTanhGrad", func() { HardTanhGrad(dst, x, y, 0, 6) }},
		{"ELU", func() { ELU(dst, x, 1) }},
		{"ELUGrad", func() { ELUGrad(dst, x, y, 1) }},
		{"SELU", func() { SELU(dst, x) }},
		{"Tanh", func() { Tanh(dst, x) }},
		{"Sigmoid", func() { Sigmoid(dst, x) }},
		{"Softplus", func() { Softplus(dst, x) }},
		{"Clip", func() { Clip(dst, x, -1, 1) }},
		{"Sign", func() { Sign(dst, x) }},
	} {
		b.Run(f.name, func(b *testing.B) {
			for b.Loop() {
				f.run()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/elem")
		})
	}
}
