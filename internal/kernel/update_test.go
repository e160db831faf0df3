package kernel

import "testing"

// step is one optimizer step of a weight w, with slots m and v, by gradient g.
type step struct {
	name string
	f    func(w, m, v, g []float32)
	// ref is the step of one weight; every product is converted, so that no
	// compiler fuses it with a sum.
	ref    func(w, m, v, g float32) (float32, float32, float32)
	arrays int // read and written
}

func steps() []step {
	const lr, mu, beta1, beta2, epsilon = 0.013, 0.9, 0.9, 0.999, 1e-8
	var rest1, rest2, lrmu float32 = beta1, beta2, lr // in float32, as the kernels do
	rest1, rest2, lrmu = 1-rest1, 1-rest2, lrmu*mu
	return []step{
		{"SGD", func(w, _, _, g []float32) { SGD(w, g, lr) }, func(w, m, v, g float32) (float32, float32, float32) {
			d := float32(float32(-lr) * g)
			return w + d, m, v
		}, 3},
		{"Momentum", func(w, m, _, g []float32) { Momentum(w, m, g, lr, mu, false) }, func(w, m, v, g float32) (float32, float32, float32) {
			m = float32(float32(mu) * m)
			m = m + g
			d := float32(float32(lr) * m)
			return w - d, m, v
		}, 5},
		{"Nesterov", func(w, m, _, g []float32) { Momentum(w, m, g, lr, mu, true) }, func(w, m, v, g float32) (float32, float32, float32) {
			m = float32(float32(mu) * m)
			m = m + g
			d, e := float32(float32(lr)*g), float32(lrmu*m)
			d = d + e
			return w - d, m, v
		}, 5},
		{"Adam", func(w, m, v, g []float32) { Adam(w, m, v, g, lr, beta1, beta2, epsilon) }, func(w, m, v, g float32) (float32, float32, float32) {
			p, q := float32(float32(beta1)*m), float32(rest1*g)
			m = p + q
			p, q = float32(g*g), float32(float32(beta2)*v)
			p = float32(rest2 * p)
			v = q + p
			d := SqrtScalar(v) + epsilon
			p = float32(lr * m)
			return w - p/d, m, v
		}, 7},
	}
}

// TestStepBits holds the steps to their formulas bit by bit: a model trained
// with any instruction set is the same.
func TestStepBits(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, s := range steps() {
			for _, n := range vectorLengths() {
				for offset := 0; offset < 4; offset++ {
					w0, m0, v0, g0 := ordinary(n, 1), ordinary(n, 2), ordinary(n, 3), ordinary(n, 4)
					for i, v := range v0 {
						v0[i] = max(v, -v)
					}
					w, checkW := placed(t, w0, offset)
					m, checkM := placed(t, m0, (offset+1)%4)
					v, checkV := placed(t, v0, (offset+2)%4)
					g, _ := placed(t, g0, (offset+3)%4)
					s.f(w, m, v, g)
					checkW()
					checkM()
					checkV()
					for i := range w {
						rw, rm, rv := s.ref(w0[i], m0[i], v0[i], g0[i])
						if !equal(w[i], rw) || !equal(m[i], rm) || !equal(v[i], rv) {
							t.Fatalf("%s: length %d, element %d of (w %v, m %v, v %v, g %v): %v, %v, %v, want %v, %v, %v",
								s.name, n, i, w0[i], m0[i], v0[i], g0[i], w[i], m[i], v[i], rw, rm, rv)
						}
						if !equal(g[i], g0[i]) {
							t.Fatalf("%s changed the gradient", s.name)
						}
					}
				}
			}
		}
	})
}

// BenchmarkSteps runs them over arrays in the cache and over those of a large
// model, whose 4.2 million parameters are in memory.
func BenchmarkSteps(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"16k", 16384}, {"4.2M", 4200000}} {
		w, m, v, g := random[float32](size.n, 1), random[float32](size.n, 2), random[float32](size.n, 3), random[float32](size.n, 4)
		Square(v, v)
		for _, s := range steps() {
			b.Run(s.name+"/"+size.name, func(b *testing.B) {
				onEachISA(b, func(b *testing.B) {
					b.SetBytes(int64(4 * size.n * s.arrays))
					for b.Loop() {
						s.f(w, m, v, g)
					}
				})
			})
		}
	}
}
