package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/plexaura/plexaura/internal/kernel"
)

// product is op(a) [m, k] by op(b) [k, n].
type product struct {
	form    string // NN, TN or NT: which operand is stored transposed
	m, n, k int
	share   float64 // of the processor's peak, the target
}

// products are the square one of 1024 and those of a training step of the net:
// forward, the weights' gradients, and the inputs', which the first layer does
// not need.
func (s *suite) products() []*work {
	all := []product{{"NN", 1024, 1024, 1024, 0.85}}
	for _, batch := range []int{50, 200, 1000} {
		share := 0.85
		if batch < 200 {
			share = 0.75
		}
		for i, l := range []struct{ in, out int }{{784, 300}, {300, 100}, {100, 10}} {
			all = append(all, product{"NN", batch, l.out, l.in, share}, product{"TN", l.in, l.out, batch, share})
			if i > 0 {
				all = append(all, product{"NT", batch, l.in, l.out, share})
			}
		}
	}
	var works []*work
	for _, p := range all {
		works = append(works, &work{
			name:    fmt.Sprintf("SGEMM %s [%d, %d] by [%d, %d]", p.form, p.m, p.k, p.k, p.n),
			oneCore: true,
			ours:    p.ours,
			local:   p.peak(),
			rivals:  s.torch.asShipped(fmt.Sprintf("mm %s %d %d %d", p.form, p.m, p.n, p.k), true, 0),
			flop:    p.flop(),
		})
	}
	return works
}

func (p product) flop() float64 { return 2 * float64(p.m) * float64(p.n) * float64(p.k) }

// peak does as many floating-point operations in registers only: no product can
// be faster, and the ratio is the share of the peak that ours reaches. With 32 columns
// to a tile, and half a tile for up to 16, a product of 10 columns cannot pass
// 5/8 of it, and one of 100 columns 25/28.
func (p product) peak() []local {
	if kernel.PeakFlops(1) == 0 {
		return nil // portable code has none
	}
	return []local{{"multiply-adds in registers", func() (call, end func() error, err error) {
		rounds := int(p.flop()) * 12 / kernel.PeakFlops(12)
		return func() error { kernel.PeakFlops(rounds); return nil }, nothing, nil
	}, p.share}}
}

func (p product) ours() (call, end func() error, err error) {
	a, b, c := uniform(p.m*p.k), uniform(p.k*p.n), make([]float32, p.m*p.n)
	lda, ldb := p.k, p.n
	if p.form == "TN" {
		lda = p.m
	}
	if p.form == "NT" {
		ldb = p.k
	}
	return func() error {
		kernel.Gemm(p.form == "TN", p.form == "NT", p.m, p.n, p.k, 1, a, lda, b, ldb, 0, c, p.n)
		return nil
	}, nothing, nil
}

func uniform(n int) []float32 {
	r := rand.New(rand.NewPCG(5, 6))
	x := make([]float32, n)
	for i := range x {
		x[i] = r.Float32()
	}
	return x
}

// nothing ends what needs no end.
func nothing() error { return nil }
