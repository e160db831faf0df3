package kernel

import (
	"math"
	"testing"
)

// rowOperands are those of a row in layer normalisation, of odd values where
// special is set.
type rowOperands struct{ x, dy, gamma, beta []float32 }

func newRowOperands(t *testing.T, n, offset int, special bool) (rowOperands, func()) {
	draw := random[float32]
	if special {
		draw = ordinary
	}
	var o rowOperands
	var checks []func()
	for i, at := range []*[]float32{&o.x, &o.dy, &o.gamma, &o.beta} {
		var check func()
		*at, check = placed(t, draw(n, uint64(i+1)), (offset+i)%4)
		checks = append(checks, check)
	}
	return o, func() {
		for _, c := range checks {
			c()
		}
	}
}

// TestWideSums holds the sums to those in ascending order.
func TestWideSums(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, n := range vectorLengths() {
			for offset := range 4 {
				for _, special := range []bool{false, true} {
					o, _ := newRowOperands(t, n, offset, special)
					for _, center := range []float64{0, -1.25, 1e30} {
						sum, size, squares := 0.0, 0.0, 0.0
						for _, v := range o.x {
							sum += float64(v)
							size += math.Abs(float64(v))
							squares += (float64(v) - center) * (float64(v) - center)
						}
						if got := WideSum(o.x); !(math.Abs(got-sum) <= 1e-15*size*float64(n)) && !equal(got, sum) {
							t.Fatalf("sum of %d at %d: %v, want %v", n, offset, got, sum)
						}
						if got := SquaresFrom(o.x, center); !(math.Abs(got-squares) <= 1e-15*squares*float64(n)) && !equal(got, squares) {
							t.Fatalf("squares of %d at %d from %v: %v, want %v", n, offset, center, got, squares)
						}
					}
				}
			}
		}
	})
}

// TestLayerNormBits holds what goes from element to element to its formulas bit
// by bit, and the sums to those in ascending order.
func TestLayerNormBits(t *testing.T) {
	const mean, inv, m1, m2 = 0.3, 1.7, -0.2, 0.6
	onEachISA(t, func(t *testing.T) {
		for _, n := range vectorLengths() {
			for offset := range 4 {
				for _, special := range []bool{false, true} {
					o, inside := newRowOperands(t, n, offset, special)
					y, checkY := placed(t, make([]float32, n), offset)
					dx, checkX := placed(t, make([]float32, n), (offset+2)%4)
					sums, checkSums := guarded[float64](t, 2*n)
					for i := range sums {
						sums[i] = float64(i) / 3
					}
					dgamma, dbeta := sums[:n], sums[n:]
					LayerNorm(y, o.x, o.gamma, o.beta, mean, inv)
					LayerNormGrad(dx, o.dy, o.x, o.gamma, mean, inv, m1, m2)
					s1, s2 := LayerNormSums(dgamma, dbeta, o.dy, o.x, o.gamma, mean, inv)
					inside()
					checkY()
					checkX()
					checkSums()
					want1, want2, size1, size2 := 0.0, 0.0, 0.0, 0.0
					for i, v := range o.x {
						d, g := float64(o.dy[i]), float64(o.gamma[i])
						xhat := float64(v) - mean
						xhat *= inv
						product := float32(xhat) * o.gamma[i]
						if want := product + o.beta[i]; !equal(y[i], want) {
							t.Fatalf("length %d, element %d is %v, want %v", n, i, y[i], want)
						}
						share := d * xhat
						wantGamma, wantBeta := float64(i)/3+share, float64(n+i)/3+d
						g *= d
						back, share2 := g-m1, xhat*m2
						back -= share2
						back *= inv
						if !equal(dx[i], float32(back)) || !equal(dgamma[i], wantGamma) || !equal(dbeta[i], wantBeta) {
							t.Fatalf("length %d, element %d has the gradients %v, %v, %v, want %v, %v, %v", n, i, dx[i], dgamma[i], dbeta[i], float32(back), wantGamma, wantBeta)
						}
						share = g * xhat
						want1, size1 = want1+g, size1+math.Abs(g)
						want2, size2 = want2+share, size2+math.Abs(share)
					}
					if !(math.Abs(s1-want1) <= 1e-15*size1*float64(n)) && !equal(s1, want1) || !(math.Abs(s2-want2) <= 1e-15*size2*float64(n)) && !equal(s2, want2) {
						t.Fatalf("length %d: sums %v, %v, want %v, %v", n, s1, s2, want1, want2)
					}
					// In place.
					LayerNorm(y, append(y[:0], o.x...), o.gamma, o.beta, mean, inv)
					LayerNormGrad(o.dy, o.dy, o.x, o.gamma, mean, inv, m1, m2)
					for i := range dx {
						product := float32((float64(o.x[i])-mean)*inv) * o.gamma[i]
						if !equal(o.dy[i], dx[i]) || !equal(y[i], product+o.beta[i]) {
							t.Fatalf("length %d: in place, element %d is %v and %v", n, i, y[i], o.dy[i])
						}
					}
				}
			}
		}
	})
}

func BenchmarkLayerNorm(b *testing.B) {
	const n = 300
	x, gamma, y := random[float32](n, 1), random[float32](n, 2), make([]float32, n)
	sums := make([]float64, 2*n)
	for _, f := range []struct {
		name string
		f    func()
	}{
		{"WideSum", func() { WideSum(x) }},
		{"SquaresFrom", func() { SquaresFrom(x, 0.5) }},
		{"LayerNorm", func() { LayerNorm(y, x, gamma, gamma, 0.5, 2) }},
		{"LayerNormSums", func() { LayerNormSums(sums[:n], sums[n:], y, x, gamma, 0.5, 2) }},
		{"LayerNormGrad", func() { LayerNormGrad(y, gamma, x, gamma, 0.5, 2, 0.1, 0.2) }},
	} {
		b.Run(f.name, func(b *testing.B) {
			onEachISA(b, func(b *testing.B) {
				for b.Loop() {
					f.f()
				}
				perElement(b, n)
			})
		})
	}
}
