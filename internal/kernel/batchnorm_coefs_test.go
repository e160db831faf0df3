package kernel

import (
	"math"
	"testing"
)

// TestBatchNormCoefs holds the coefficients to their formulas, bit by bit; every
// operation is assigned, so that no compiler fuses two.
func TestBatchNormCoefs(t *testing.T) {
	const rows, epsilon = 50, 1e-3
	onEachISA(t, func(t *testing.T) {
		for _, cols := range vectorLengths() {
			for offset := range 4 {
				for _, special := range []bool{false, true} {
					testBatchNormCoefs(t, cols, rows, offset, special, epsilon)
				}
			}
		}
	})
}

func testBatchNormCoefs(t *testing.T, cols, rows, offset int, special bool, epsilon float64) {
	o, inside := newRowOperands(t, cols, offset, special)
	gamma, beta := o.gamma, o.beta
	mu, m2 := make([]float64, cols), make([]float64, cols)
	for i := range mu {
		mu[i] = float64(o.x[i]) * 1.000000003
		m2[i] = float64(o.dy[i]) * float64(o.dy[i])
	}
	var out [8][]float32
	var checks []func()
	for i, n := range []int{cols, 2 * cols, cols, cols, cols, 3 * cols, cols, cols} {
		x, check := placed(t, make([]float32, n), (offset+i)%4)
		out[i] = x
		checks = append(checks, check)
	}
	scale, coefs, mean, variance, rest, grads, dgamma, dbeta := out[0], out[1], out[2], out[3], out[4], out[5], out[6], out[7]
	BatchNormScales(scale, gamma, beta, epsilon)
	BatchNormCoefs(coefs, mean, variance, rest, gamma, beta, mu, m2, rows, epsilon)
	s1, s2 := m2, mu // any numbers
	BatchNormGradCoefs(grads, dgamma, dbeta, gamma, variance, rest, s1, s2, rows, epsilon)
	inside()
	for _, check := range checks {
		check()
	}
	n := float64(rows)
	for i := range mu {
		root := float64(beta[i]) + epsilon
		want := []float32{float32(float64(gamma[i]) / math.Sqrt(root))}
		got := []float32{scale[i]}

		v := m2[i] / n
		left := mu[i] - float64(float32(mu[i]))
		root = v + epsilon
		k := float64(gamma[i]) / math.Sqrt(root)
		shift := left * k
		want = append(want, float32(mu[i]), float32(v), float32(left), float32(k), float32(float64(beta[i])-shift))
		got = append(got, mean[i], variance[i], rest[i], coefs[i], coefs[cols+i])

		left = float64(rest[i])
		root = float64(variance[i]) + epsilon
		inv := 1 / math.Sqrt(root)
		dg := left * s1[i]
		dg = s2[i] - dg
		dg *= inv
		p := float64(gamma[i]) * inv
		q := -p * inv * dg / n
		a, b := -p*s1[i]/n, q*left
		want = append(want, float32(dg), float32(s1[i]), float32(p), float32(q), float32(a-b))
		got = append(got, dgamma[i], dbeta[i], grads[i], grads[cols+i], grads[2*cols+i])
		for j := range want {
			if !equal(got[j], want[j]) {
				t.Fatalf("%d columns at %d, column %d: number %d is %v, want %v", cols, offset, i, j, got[j], want[j])
			}
		}
	}
}

func BenchmarkBatchNormCoefs(b *testing.B) {
	const n = 300
	x, gamma, variance := make([]float32, n), random[float32](n, 2), random[float32](n, 3)
	Square(variance, variance)
	k, mu, m2 := make([]float32, 3*n), random[float64](n, 4), random[float64](n, 5)
	Square(m2, m2)
	for _, f := range []struct {
		name string
		f    func()
	}{
		{"Scales", func() { BatchNormScales(x, gamma, variance, 1e-3) }},
		{"Train", func() { BatchNormCoefs(k, x, x, x, gamma, gamma, mu, m2, 50, 1e-3) }},
		{"Grad", func() { BatchNormGradCoefs(k, x, x, gamma, variance, gamma, mu, m2, 50, 1e-3) }},
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
