package training

import (
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// layerStats are the measures of a layer. Those of the first step show the layer
// as it was handed over.
type layerStats struct {
	units int

	mean, rms, flat  float64 // of the first step's activations; flat is the saturated share
	grad, kernelGrad float64 // norms of the first step's gradients
	flatLate         tally   // saturated share in the second half of the steps

	steps int   // looked at
	alive []int // how many steps there were when a unit was last not 0 for some example

	symmetric bool
	input     float64 // root mean square of what enters a first layer

	meanDrift, varianceDrift float64 // after the last step
	normMoved                bool    // a moving statistic changed
}

// tally makes a mean.
type tally struct {
	sum float64
	n   int
}

func (r *tally) add(x float64) { r.sum, r.n = r.sum+x, r.n+1 }

// value is the mean, NaN of nothing.
func (r *tally) value() float64 { return r.sum / float64(r.n) }

func newLayerStats() *layerStats {
	none := math.NaN()
	return &layerStats{mean: none, rms: none, flat: none, grad: none, kernelGrad: none, meanDrift: none, varianceDrift: none}
}

func (st *layerStats) unitsOf(v gorgonia.Value) {
	shape := v.Shape()
	if len(shape) > 0 {
		st.units = shape[len(shape)-1]
	}
}

// lookAt takes the measures of the activations of a step, [..., units].
func (st *layerStats) lookAt(act []float64, kind activation, first, late bool) {
	if len(act) == 0 || st.units == 0 {
		return
	}
	flat := 0
	if kind.flat != nil {
		for _, y := range act {
			if kind.flat(y) {
				flat++
			}
		}
	}
	share := float64(flat) / float64(len(act))
	if first {
		st.mean, st.rms, st.flat = average(act), rms(act), share
	}
	if late {
		st.flatLate.add(share)
	}
	if math.IsNaN(norm(act)) {
		return // which says nothing of dead units
	}
	if st.alive == nil {
		st.alive = make([]int, st.units)
	}
	st.steps++
	for i, y := range act {
		if y != 0 && st.units == len(st.alive) {
			st.alive[i%st.units] = st.steps
		}
	}
}

// dead is the share of units that were 0 for every example in the second half of
// the steps that were made; NaN where there were none.
func (st *layerStats) dead() float64 {
	n := 0
	for _, last := range st.alive {
		if last <= st.steps/2 {
			n++
		}
	}
	return float64(n) / float64(len(st.alive))
}

// std is the standard deviation of the activations over examples and units.
func (st *layerStats) std() float64 {
	return math.Sqrt(max(0, st.rms*st.rms-st.mean*st.mean))
}

// drift measures how far the moving statistics are from those of a batch x,
// [..., channels]: the root mean square of the difference of the means in
// standard deviations of the batch, and the mean of |ln(moving/batch)| of the variances.
func (st *layerStats) drift(x, mean, variance []float64) {
	c := len(mean)
	if c == 0 || len(x) < c || len(variance) != c {
		return
	}
	n := float64(len(x) / c)
	sum, squares := make([]float64, c), make([]float64, c)
	for i, v := range x {
		sum[i%c] += v
		squares[i%c] += v * v
	}
	var means, variances float64
	for j := range sum {
		m := sum[j] / n
		v := max(squares[j]/n-m*m, 0) + 1e-3
		means += (mean[j] - m) * (mean[j] - m) / v
		variances += math.Abs(math.Log((max(variance[j], 0) + 1e-3) / v))
	}
	st.meanDrift, st.varianceDrift = math.Sqrt(means/float64(c)), variances/float64(c)
}

// variableStats are the measures of a trainable variable.
type variableStats struct {
	node    *gorgonia.Node
	at      int     // among the variables
	norm    float64 // before the last step
	ratio   tally   // logarithm of the update's norm to the variable's, where both are positive
	largest float64 // ratio
	updated bool
}

// look compares a variable before and after a step, and tells whether it changed.
func (u *variableStats) look(before, after *tensor.Dense) bool {
	d, norm := change(before, after)
	u.norm = norm
	if d == 0 || math.IsNaN(d) {
		return d != 0
	}
	u.updated = true
	if u.norm > 0 {
		u.ratio.add(math.Log(d / u.norm))
		u.largest = max(u.largest, d/u.norm)
	}
	return true
}

// change returns the norms of after - before and of before.
func change(before, after *tensor.Dense) (update, norm float64) {
	switch b := before.Data().(type) {
	case []float32:
		return changeOf(b, after.Data().([]float32))
	case []float64:
		return changeOf(b, after.Data().([]float64))
	}
	return changeOf(numbers(before), numbers(after)) // a scalar
}

func changeOf[T float](before, after []T) (update, norm float64) {
	for i, b := range before {
		d, v := float64(after[i])-float64(b), float64(b)
		update += d * d
		norm += v * v
	}
	return math.Sqrt(update), math.Sqrt(norm)
}

// length is the norm of a value, without a copy of it.
func length(v gorgonia.Value) float64 {
	if x, ok := v.Data().([]float32); ok {
		return norm(x)
	}
	return norm(numbers(v))
}

// numbers returns the elements of a float value as float64; nil for others.
func numbers(v gorgonia.Value) []float64 {
	if v == nil {
		return nil
	}
	switch x := v.Data().(type) {
	case []float64:
		return x
	case []float32:
		out := make([]float64, len(x))
		for i, f := range x {
			out[i] = float64(f)
		}
		return out
	case float32:
		return []float64{float64(x)}
	case float64:
		return []float64{x}
	}
	return nil
}

func average(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func norm[T float](x []T) float64 {
	var sum float64
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

func rms(x []float64) float64 { return norm(x) / math.Sqrt(float64(max(len(x), 1))) }

// sameColumns tells whether all columns of x, [rows, columns], are equal up to
// rounding.
func sameColumns(x []float64, columns int) bool {
	if len(x) == 0 || len(x)%columns != 0 {
		return false
	}
	largest := 0.0
	for _, v := range x {
		largest = max(largest, math.Abs(v))
	}
	for i, v := range x {
		if math.Abs(v-x[i/columns*columns]) > 1e-6*largest {
			return false
		}
	}
	return true
}
