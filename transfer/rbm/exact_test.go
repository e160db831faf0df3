package rbm_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/rbm"
)

// tiny is a machine of so few units that every state can be visited.
type tiny struct {
	visible, hidden int
	w, c, b         []float64 // w is [visible, hidden]
}

// tinyMachine has weights of a size at which hidden and visible units say much of each other.
func tinyMachine(visible, hidden int) *tiny {
	return &tiny{visible, hidden, waves(1.5, 1.3, visible*hidden), waves(0.7, 2.1, hidden), waves(0.6, 0.9, visible)}
}

// state is number n of the 2^size states of binary units.
func state(n, size int) []float64 {
	s := make([]float64, size)
	for i := range s {
		s[i] = float64(n >> i & 1)
	}
	return s
}

// input is c_j + v·W_j.
func (m *tiny) input(v []float64, j int) float64 {
	sum := m.c[j]
	for i, x := range v {
		sum += x * m.w[i*m.hidden+j]
	}
	return sum
}

// energy is E(v, h).
func (m *tiny) energy(v, h []float64, units rbm.Units) float64 {
	e := 0.0
	for j, x := range h {
		e -= x * m.input(v, j)
	}
	for i, x := range v {
		if units == rbm.Gaussian {
			e += (x - m.b[i]) * (x - m.b[i]) / 2
		} else {
			e -= x * m.b[i]
		}
	}
	return e
}

// freeEnergy is -log of the sum over h of e^-E(v, h).
func (m *tiny) freeEnergy(v []float64, units rbm.Units) float64 {
	sum := 0.0
	for n := range 1 << m.hidden {
		sum += math.Exp(-m.energy(v, state(n, m.hidden), units))
	}
	return -math.Log(sum)
}

// distribution is p(v) of every state of Bernoulli visible units.
func (m *tiny) distribution() []float64 {
	p := make([]float64, 1<<m.visible)
	z := 0.0
	for n := range p {
		p[n] = math.Exp(-m.freeEnergy(state(n, m.visible), rbm.Bernoulli))
		z += p[n]
	}
	for n := range p {
		p[n] /= z
	}
	return p
}

// statistics are <v_i h_j>, <h_j> and <v_i> where v has the distribution p and h follows v.
func (m *tiny) statistics(p []float64) (vh, h, v []float64) {
	vh, h, v = make([]float64, m.visible*m.hidden), make([]float64, m.hidden), make([]float64, m.visible)
	for n, p := range p {
		s := state(n, m.visible)
		for j := range h {
			q := 1 / (1 + math.Exp(-m.input(s, j)))
			h[j] += p * q
			for i, x := range s {
				vh[i*m.hidden+j] += p * x * q
			}
		}
		for i, x := range s {
			v[i] += p * x
		}
	}
	return vh, h, v
}

// gaussianStatistics are <v_i h_j>, <h_j> and <v_i> of a machine with Gaussian visible units by itself: v is Normal(b + Wh, 1) given h, and p(h) is
// proportional to exp(c·h + b·Wh + |Wh|²/2), what remains of e^-E when v is integrated out.
func (m *tiny) gaussianStatistics() (vh, h, v []float64) {
	vh, h, v = make([]float64, m.visible*m.hidden), make([]float64, m.hidden), make([]float64, m.visible)
	z := 0.0
	for n := range 1 << m.hidden {
		s := state(n, m.hidden)
		mean, exponent := make([]float64, m.visible), 0.0
		for j, x := range s {
			exponent += x * m.c[j]
		}
		for i := range mean {
			sum := 0.0
			for j, x := range s {
				sum += x * m.w[i*m.hidden+j]
			}
			mean[i] = m.b[i] + sum
			exponent += m.b[i]*sum + sum*sum/2
		}
		p := math.Exp(exponent)
		z += p
		for i, x := range mean {
			v[i] += p * x
			for j, y := range s {
				vh[i*m.hidden+j] += p * x * y
			}
		}
		for j, y := range s {
			h[j] += p * y
		}
	}
	for _, sums := range [][]float64{vh, h, v} {
		for i := range sums {
			sums[i] /= z
		}
	}
	return vh, h, v
}

// give sets the weights of a machine.
func (m *tiny) give(to *machine) {
	to.set(to.Weights, m.w)
	to.set(to.HiddenBias, m.c)
	to.set(to.VisibleBias, m.b)
}

// The free energy is -log of the sum over the hidden states of e^-E.
func TestFreeEnergyIsExact(t *testing.T) {
	for _, units := range []rbm.Units{rbm.Bernoulli, rbm.Gaussian} {
		for _, dtype := range dtypes {
			exact := tinyMachine(4, 3)
			m := newMachine(t, dtype, 4, 1, rbm.Config{Hidden: 3, Visible: units, LearningRate: 0.1})
			exact.give(m)
			var x, want []float64
			for n := range 16 {
				v := state(n, 4)
				if units == rbm.Gaussian {
					v = waves(2, float64(n+1), 4)
				}
				x, want = append(x, v...), append(want, exact.freeEnergy(v, units))
			}
			s := m.sess.Graph().Scope()
			out := m.run(graph.Feeds{m.X: dense(dtype, x, 16, 4)}, m.FreeEnergy(s, m.X), m.MeanFreeEnergy)
			tolerance := 2e-6
			if dtype == tensor.Float64 {
				tolerance = 1e-13
			}
			near(t, units.String(), floats(out.Tensor(0)), want, tolerance)
			mean := 0.0
			for _, f := range want {
				mean += f / 16
			}
			near(t, "mean", []float64{out.Float(1)}, []float64{mean}, tolerance)
		}
	}
}

// many is how many chains run side by side. A mean over them of numbers from 0 to 1 has a standard error of at most 0.5/sqrt(many), 0.0025.
const many = 40000

// dataOf draws states of visible units.
func dataOf(p []float64, visible int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, 0, many*visible)
	for range many {
		u, n := r.Float64(), 0
		for ; n < len(p)-1 && u >= p[n]; n++ {
			u -= p[n]
		}
		x = append(x, state(n, visible)...)
	}
	return x
}

// frequencies are how often states occur.
func frequencies(x []float64, visible int) []float64 {
	p := make([]float64, 1<<visible)
	for k := 0; k < len(x); k += visible {
		p[stateNumber(x[k:k+visible])] += float64(visible) / float64(len(x))
	}
	return p
}

// uneven is a distribution over four visible units that the tiny machine has not.
var uneven = []float64{0.2, 0.01, 0.02, 0.1, 0.03, 0.07, 0.05, 0.02, 0.01, 0.15, 0.04, 0.08, 0.02, 0.1, 0.05, 0.05}

// With many steps and visible units that are drawn the gradients are those of the log-likelihood, and so they are after many steps of persistent
// chains; one step from the data gives others.
func TestLongChainsGiveTheGradient(t *testing.T) {
	exact := tinyMachine(4, 3)
	x := dataOf(uneven, 4, 7)
	vhData, hData, vData := exact.statistics(frequencies(x, 4))
	vh, h, v := exact.statistics(exact.distribution())
	minus := func(a, b []float64) []float64 {
		d := make([]float64, len(a))
		for i := range d {
			d[i] = a[i] - b[i]
		}
		return d
	}
	want := append(append(minus(vh, vhData), minus(h, hData)...), minus(v, vData)...)
	gradients := func(cfg rbm.Config, steps int) []float64 {
		cfg.Hidden, cfg.LearningRate = 3, graph.Zero
		m := newMachine(t, tensor.Float64, 4, 11, cfg)
		exact.give(m)
		feeds := graph.Feeds{m.X: dense(tensor.Float64, x, many, 4)}
		for range steps {
			m.run(feeds, m.step)
		}
		out := m.run(feeds, m.Gradients[0].Grad, m.Gradients[1].Grad, m.Gradients[2].Grad)
		return append(append(append([]float64(nil), floats(out.Tensor(0))...), floats(out.Tensor(1))...), floats(out.Tensor(2))...)
	}
	const fiveErrors = 5 * 0.5 / 200 // sqrt(many) is 200
	near(t, "CD-40", gradients(rbm.Config{Steps: 40, SampleVisible: true}, 0), want, fiveErrors)
	near(t, "PCD after 40 steps", gradients(rbm.Config{Particles: many}, 40), want, fiveErrors)
	worst := 0.0
	for i, g := range gradients(rbm.Config{SampleVisible: true}, 0) {
		worst = max(worst, math.Abs(g-want[i]))
	}
	if worst < 3*fiveErrors {
		t.Errorf("CD-1 is within %v of the gradient: this test could not tell short chains from long ones", worst)
	}
}

// The same with Gaussian visible units: the means of the machine by itself.
func TestLongGaussianChains(t *testing.T) {
	exact := &tiny{3, 2, waves(0.8, 1.3, 6), waves(0.5, 2.1, 2), waves(0.6, 0.9, 3)}
	vh, h, v := exact.gaussianStatistics()
	m := newMachine(t, tensor.Float64, 3, 5, rbm.Config{Hidden: 2, Visible: rbm.Gaussian, LearningRate: graph.Zero, Particles: many})
	exact.give(m)
	feeds := graph.Feeds{m.X: dense(tensor.Float64, waves(1, 1, 3), 1, 3)}
	for range 40 {
		m.run(feeds, m.step)
	}
	s := m.sess.Graph().Scope()
	hidden := m.Hidden(s, m.Particles)
	particles, probabilities := m.value(m.Particles), floats(m.run(nil, hidden).Tensor(0))
	gotVH, gotH, gotV := make([]float64, 6), make([]float64, 2), make([]float64, 3)
	for k := range many {
		for i := range 3 {
			gotV[i] += particles[k*3+i] / many
			for j := range 2 {
				gotVH[i*2+j] += particles[k*3+i] * probabilities[k*2+j] / many
			}
		}
		for j := range 2 {
			gotH[j] += probabilities[k*2+j] / many
		}
	}
	const fiveErrors = 5 * 1.5 / 200 // of numbers with standard deviations of at most 1.5
	near(t, "<v h>", gotVH, vh, fiveErrors)
	near(t, "<h>", gotH, h, fiveErrors)
	near(t, "<v>", gotV, v, fiveErrors)
}

// Learning a small distribution brings the exact mean log-likelihood near its bound, minus the distribution's entropy.
func TestLearningRaisesTheLikelihood(t *testing.T) {
	// Three pairs of units that are equal: 8 states of 64, each often in a batch, so that the chains' noise is small.
	const batch = 160
	var x []float64
	for n := range batch {
		for i := range 3 {
			bit := float64(n >> i & 1)
			x = append(x, bit, bit)
		}
	}
	bound := -math.Log(8)
	for name, cfg := range map[string]rbm.Config{
		"CD-1":            {LearningRate: 0.1, Momentum: 0.5},
		"CD-5":            {LearningRate: 0.3, Steps: 5},
		"PCD":             {LearningRate: 0.1, Momentum: 0.5, Particles: batch},
		"CD-1, all drawn": {LearningRate: 0.3, SampleVisible: true},
	} {
		for _, dtype := range dtypes {
			cfg.Hidden = 6
			m := newMachine(t, dtype, 6, 3, cfg)
			likelihood := func() float64 {
				now := &tiny{6, 6, m.value(m.Weights), m.value(m.HiddenBias), m.value(m.VisibleBias)}
				p, sum := now.distribution(), 0.0
				for k := 0; k < len(x); k += 6 {
					sum += math.Log(p[stateNumber(x[k:k+6])]) / batch
				}
				return sum
			}
			before := likelihood()
			feeds := graph.Feeds{m.X: dense(dtype, x, batch, 6)}
			for range 3000 {
				m.run(feeds, m.step)
			}
			after := likelihood()
			if !(after <= bound) || after-before < 0.7*(bound-before) {
				t.Errorf("%s, %v: the mean log-likelihood went from %.3f to %.3f; want most of the way to %.3f", name, dtype, before, after, bound)
			}
		}
	}
}

func stateNumber(v []float64) int {
	n := 0
	for i, x := range v {
		n |= int(x) << i
	}
	return n
}
