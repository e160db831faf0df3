package plots

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// Distribution is what Histograms draws of a layer: raw values, or bins that have been
// counted before.
type Distribution struct {
	Name   string
	Values []float32 // raw values, or
	Edges  []float64 // the ends of the bins, rising: bin i is from Edges[i] to Edges[i+1]
	Counts []float64 // in each bin; one fewer than Edges
}

// bins are a distribution as it is drawn.
type bins struct {
	name          string
	edges, counts []float64 // empty when no value is finite
	mean, std     float64   // of the finite values
	low, high     float64
	total, bad    float64 // how many values are finite, and how many are not
}

func (d Distribution) bins(n int) (bins, error) {
	switch {
	case len(d.Values) > 0 && (len(d.Edges) > 0 || len(d.Counts) > 0):
		return bins{}, errors.New("it has Values and also Edges or Counts; give either")
	case len(d.Values) > 0:
		return binned(label(d.Name), d.Values, n), nil
	case len(d.Edges) == 0 && len(d.Counts) == 0:
		return bins{}, errors.New("it has no values; give Values, or Edges and Counts")
	case len(d.Edges) != len(d.Counts)+1:
		return bins{}, errors.Errorf("%d Edges and %d Counts; there is one edge more than there are bins", len(d.Edges), len(d.Counts))
	}
	b := bins{name: label(d.Name), edges: append([]float64(nil), d.Edges...), counts: append([]float64(nil), d.Counts...)}
	for i, e := range b.edges {
		if !shown(e, false) || i > 0 && !(e > b.edges[i-1]) {
			return bins{}, errors.Errorf("edge %d is %v; edges must be finite and rise", i, e)
		}
	}
	sum, squares := 0.0, 0.0
	for i, c := range b.counts {
		if !shown(c, false) || c < 0 {
			return bins{}, errors.Errorf("count %d is %v; counts must be finite and not negative", i, c)
		}
		mid := (b.edges[i] + b.edges[i+1]) / 2
		b.total, sum, squares = b.total+c, sum+c*mid, squares+c*mid*mid
	}
	if b.total == 0 {
		return bins{}, errors.New("all its counts are 0")
	}
	b.low, b.high = b.edges[0], b.edges[len(b.edges)-1]
	b.mean = sum / b.total
	b.std = math.Sqrt(math.Max(0, squares/b.total-b.mean*b.mean))
	return b, nil
}

// binned counts raw values in n bins of equal width.
func binned(name string, values []float32, n int) bins {
	b := bins{name: name, low: math.Inf(1), high: math.Inf(-1), mean: math.NaN(), std: math.NaN()}
	sum := 0.0
	for _, v := range values {
		if x := float64(v); shown(x, false) {
			b.low, b.high = math.Min(b.low, x), math.Max(b.high, x)
			sum += x
			b.total++
		}
	}
	b.bad = float64(len(values)) - b.total
	if b.total == 0 {
		return b
	}
	r := axisRange{b.low, b.high, false}
	if r.low == r.high {
		r = r.padded(0)
	}
	b.mean = sum / b.total
	b.counts = make([]float64, n)
	for i := 0; i <= n; i++ {
		b.edges = append(b.edges, r.low+(r.high-r.low)*float64(i)/float64(n))
	}
	squares := 0.0
	for _, v := range values {
		if x := float64(v); shown(x, false) {
			b.counts[min(n-1, int((x-r.low)/(r.high-r.low)*float64(n)))]++
			squares += (x - b.mean) * (x - b.mean)
		}
	}
	b.std = math.Sqrt(squares / b.total)
	return b
}

// heights are densities, or their logarithms, as parts of the largest.
func (b bins) heights(log bool) []float64 {
	h := make([]float64, len(b.counts))
	most, least := 0.0, math.Inf(1)
	for i, c := range b.counts {
		h[i] = c / (b.edges[i+1] - b.edges[i])
		most = math.Max(most, h[i])
		if h[i] > 0 {
			least = math.Min(least, h[i])
		}
	}
	for i, v := range h {
		switch {
		case v == 0:
		case log: // the least stands a little above nothing
			h[i] = math.Log(2*v/least) / math.Log(2*most/least)
		default:
			h[i] = v / most
		}
	}
	return h
}

// String is the layer's line of text.
func (b bins) String() string {
	s := fmt.Sprintf("%s: %s values", b.name, count(b.total+b.bad))
	if b.total > 0 {
		s += fmt.Sprintf(", mean %s, std %s, from %s to %s", number(b.mean), number(b.std), number(b.low), number(b.high))
	}
	if b.bad > 0 {
		s += fmt.Sprintf(", %s not finite", count(b.bad))
	}
	return s
}

// count writes a number of things.
func count(n float64) string { return fmt.Sprintf("%.0f", n) }
