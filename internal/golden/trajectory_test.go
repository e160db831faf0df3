package golden

import (
	"fmt"
	"math"
	"testing"
)

// The numbers on the right were printed by goldenfile.py; the first of seed 0 is splitmix64's published
// 0xE220A8397B1DCDAF.
func TestGeneratorMatchesPython(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{fmt.Sprint(bits24(0, 4)), "[14819496 7239838 443485 16288696]"},
		{fmt.Sprint(bits24(42, 4)), "[12441394 2682851 4674151 5774561]"},
		{fmt.Sprintf("%.10f", Sequence(42, 3)), "[0.2415648699 -0.3400896192 -0.2213988900]"},
		{fmt.Sprint(Labels(1001, 12, 10)), "[3 2 2 4 5 6 1 4 5 8 8 8]"},
		{fmt.Sprintf("%.10f", TrajectoryKernel(1)[:3]), "[-0.0063462970 -0.1195467189 -0.1444496363]"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestSequenceRange(t *testing.T) {
	sum := 0.0
	for _, v := range Sequence(7, 10000) {
		if v < -0.5 || v >= 0.5 {
			t.Fatalf("%v is outside [-.5, .5)", v)
		}
		sum += float64(v)
	}
	if mean := sum / 10000; math.Abs(mean) > 0.01 {
		t.Errorf("mean %v", mean)
	}
}

// matrix is row-major [rows, cols]; the net below is the plainest there is, in float64: an independent reading of
// what trajectory.py says it did, and a check that both languages generate the same data and weights.
type matrix struct {
	rows, cols int
	v          []float64
}

func newMatrix(rows, cols int) matrix { return matrix{rows, cols, make([]float64, rows*cols)} }

func product(a, b matrix, transposeA, transposeB bool) matrix {
	at := func(i, k int) float64 { return a.v[i*a.cols+k] }
	bt := func(k, j int) float64 { return b.v[k*b.cols+j] }
	rows, inner, cols := a.rows, a.cols, b.cols
	if transposeA {
		at, rows, inner = func(i, k int) float64 { return a.v[k*a.cols+i] }, a.cols, a.rows
	}
	if transposeB {
		bt, cols = func(k, j int) float64 { return b.v[j*b.cols+k] }, b.rows
	}
	c := newMatrix(rows, cols)
	for i := 0; i < rows; i++ {
		for j := 0; j < cols; j++ {
			for k := 0; k < inner; k++ {
				c.v[i*cols+j] += at(i, k) * bt(k, j)
			}
		}
	}
	return c
}

func widen(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

func fill(n int, v float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func TestTrajectoryReproducedInGo(t *testing.T) {
	for _, c := range Cases(t, "trajectory", "BNELU") {
		t.Run(c.Name, func(t *testing.T) {
			lr, mu, clip, keep, eps := c.Param("learningRate"), c.Param("momentum"), c.Param("clip"), c.Param("bnMomentum"), c.Param("epsilon")
			sizes := TrajectorySizes()
			p, accumulators, grads := map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
			moving := map[string][]float64{}
			for i, layer := range []string{"hidden1/", "hidden2/", "outputs/"} {
				p[layer+"kernel"] = widen(TrajectoryKernel(i + 1))
				n := sizes[i+1]
				if i == 2 {
					p[layer+"bias"] = make([]float64, n)
					continue
				}
				p[layer+"gamma"], p[layer+"beta"] = fill(n, 1), make([]float64, n)
				moving[layer+"moving_mean"], moving[layer+"moving_variance"] = make([]float64, n), fill(n, 1)
			}
			for k, v := range p {
				accumulators[k] = make([]float64, len(v))
			}
			var losses []float64
			for step := 0; step < TrajectorySteps; step++ {
				xb, labels := TrajectoryBatchAt(step)
				n := len(labels)
				in := [3]matrix{{n, sizes[0], widen(xb)}}
				var xhat, bn [2]matrix
				var inv [2][]float64
				for i, layer := range []string{"hidden1/", "hidden2/"} {
					units := sizes[i+1]
					z := product(in[i], matrix{sizes[i], units, p[layer+"kernel"]}, false, false)
					xhat[i], bn[i], in[i+1], inv[i] = newMatrix(n, units), newMatrix(n, units), newMatrix(n, units), make([]float64, units)
					for j := 0; j < units; j++ {
						mean, variance := 0.0, 0.0
						for r := 0; r < n; r++ {
							mean += z.v[r*units+j] / float64(n)
						}
						for r := 0; r < n; r++ {
							d := z.v[r*units+j] - mean
							variance += d * d / float64(n)
						}
						mm, mv := moving[layer+"moving_mean"], moving[layer+"moving_variance"]
						mm[j] -= (mm[j] - mean) * (1 - keep)
						mv[j] -= (mv[j] - variance) * (1 - keep)
						inv[i][j] = 1 / math.Sqrt(variance+eps)
						for r := 0; r < n; r++ {
							at := r*units + j
							xhat[i].v[at] = (z.v[at] - mean) * inv[i][j]
							bn[i].v[at] = xhat[i].v[at]*p[layer+"gamma"][j] + p[layer+"beta"][j]
							in[i+1].v[at] = bn[i].v[at]
							if bn[i].v[at] < 0 {
								in[i+1].v[at] = math.Expm1(bn[i].v[at])
							}
						}
					}
				}
				classes := sizes[3]
				out := product(in[2], matrix{sizes[2], classes, p["outputs/kernel"]}, false, false)
				d, loss := newMatrix(n, classes), 0.0
				grads["outputs/bias"] = make([]float64, classes)
				for r := 0; r < n; r++ {
					sum := 0.0
					for j := 0; j < classes; j++ {
						out.v[r*classes+j] += p["outputs/bias"][j]
						sum += math.Exp(out.v[r*classes+j])
					}
					loss += (math.Log(sum) - out.v[r*classes+int(labels[r])]) / float64(n)
					for j := 0; j < classes; j++ {
						at := r*classes + j
						d.v[at] = math.Exp(out.v[at]) / sum / float64(n)
						if j == int(labels[r]) {
							d.v[at] -= 1 / float64(n)
						}
						grads["outputs/bias"][j] += d.v[at]
					}
				}
				losses = append(losses, loss)
				grads["outputs/kernel"] = product(in[2], d, true, false).v
				d = product(d, matrix{sizes[2], classes, p["outputs/kernel"]}, false, true)
				for i := 1; i >= 0; i-- {
					layer, units := []string{"hidden1/", "hidden2/"}[i], sizes[i+1]
					gamma, beta := make([]float64, units), make([]float64, units)
					for at := range d.v {
						if b := bn[i].v[at]; b < 0 {
							d.v[at] *= math.Exp(b)
						}
						beta[at%units] += d.v[at]
						gamma[at%units] += d.v[at] * xhat[i].v[at]
					}
					for at := range d.v {
						j := at % units
						d.v[at] = p[layer+"gamma"][j] * inv[i][j] * (d.v[at] - beta[j]/float64(n) - xhat[i].v[at]*gamma[j]/float64(n))
					}
					grads[layer+"gamma"], grads[layer+"beta"] = gamma, beta
					grads[layer+"kernel"] = product(in[i], d, true, false).v
					d = product(d, matrix{sizes[i], units, p[layer+"kernel"]}, false, true)
				}
				if step == 0 && c.Has("grad0/hidden1/kernel") {
					for k, g := range grads {
						if err := Close(g, Array{[]int{len(g)}, c.Out("grad0/" + k).Data}, 1e-4, 1e-6); err != nil {
							t.Errorf("gradient of %s: %v", k, err)
						}
					}
				}
				for k, w := range p {
					for i, g := range grads[k] {
						a := accumulators[k]
						a[i] = mu*a[i] + math.Max(-clip, math.Min(clip, g))
						w[i] -= lr * a[i]
					}
				}
			}
			if err := Close(losses, c.Out("loss64"), 1e-11, 1e-12); err != nil {
				t.Errorf("float64 loss: %v", err)
			}
			if err := Close(losses, c.Out("loss"), 0, 2e-6); err != nil {
				t.Errorf("float32 loss: %v", err)
			}
			for _, m := range []map[string][]float64{p, moving} {
				for k, v := range m {
					if err := Close(v, Array{[]int{len(v)}, c.Out("final/" + k).Data}, 1e-4, 1e-5); err != nil {
						t.Errorf("final %s: %v", k, err)
					}
					if c.Has("final64/" + k) {
						if err := Close(v, Array{[]int{len(v)}, c.Out("final64/" + k).Data}, 1e-9, 1e-10); err != nil {
							t.Errorf("final %s, float64: %v", k, err)
						}
					}
				}
			}
		})
	}
}
