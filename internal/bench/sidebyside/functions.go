package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/plexaura/plexaura/internal/kernel"
)

// functions are those of one element, on a slice that the L1 cache nearly holds
// and on a batch of 200 of the first hidden layer. Their inputs are normal with
// standard deviation 2.
func (s *suite) functions() []*work {
	var works []*work
	for _, f := range []struct {
		name    string
		ours    func(y, x []float32)
		atLeast float64
	}{
		{"exp", kernel.Exp[float32], 1.7},
		{"elu", func(y, x []float32) { kernel.ELU(y, x, 1) }, 1.7},
		{"sigmoid", kernel.Sigmoid[float32], 1.7},
		{"tanh", kernel.Tanh[float32], 4},
	} {
		for _, size := range []int{16384, 60000} {
			works = append(works, &work{
				name:    fmt.Sprintf("%s, %d elements", f.name, size),
				oneCore: true,
				ours: func() (func() error, func() error, error) {
					x, y := normal(size), make([]float32, size)
					return func() error { f.ours(y, x); return nil }, nothing, nil
				},
				rivals: s.torch.rivals(fmt.Sprintf("unary %s %d", f.name, size), true, f.atLeast),
				size:   float64(size),
			})
		}
	}
	return works
}

func normal(n int) []float32 {
	r := rand.New(rand.NewPCG(7, 8))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(2 * r.NormFloat64())
	}
	return x
}
