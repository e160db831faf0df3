package summary

import (
	"math"
	"sort"
	"sync"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/tffile"
)

// Histogram writes the distribution of values under a tag (tf.summary.histogram): a *tensor.Dense
// or other value of a Session, a slice of numbers, or a number. The buckets are TensorFlow's, which
// grow by a tenth each from 1e-12 up and from -1e-12 down.
//
// Values that are NaN or infinite have no bucket; their count is written beside the histogram as
// the scalar TAG/not_finite. (TensorFlow fails there, which would end a training when its picture
// is needed most.)
func (w *Writer) Histogram(tag string, step int64, values interface{}) error {
	list, err := summariseHistogram(tag, values)
	if err != nil {
		return err
	}
	return w.summary(step, list...)
}

func summariseHistogram(tag string, values interface{}) ([]tffile.Summary, error) {
	x, err := numbers(values)
	if err != nil {
		return nil, errors.WithMessagef(err, "summary: the histogram %q", tag)
	}
	h, bad := newHistogram(x)
	list := []tffile.Summary{{Tag: tag, Histogram: h}}
	if bad > 0 {
		v := float32(bad)
		list = append(list, tffile.Summary{Tag: tag + "/not_finite", Scalar: &v})
	}
	return list, nil
}

// bucketLimits are those of InitDefaultBuckets in tensorflow/core/lib/histogram/histogram.cc.
var bucketLimits = sync.OnceValue(func() []float64 {
	var up, limits []float64
	for v := 1e-12; v < 1e20; v *= 1.1 {
		up = append(up, v)
	}
	up = append(up, math.MaxFloat64)
	for i := len(up) - 1; i >= 0; i-- {
		limits = append(limits, -up[i])
	}
	return append(append(limits, 0), up...)
})

// newHistogram counts values as Histogram::Add does, and writes runs of empty buckets as one as
// EncodeToProto does. It also counts the values that are not finite.
func newHistogram(x []float64) (h *tffile.Histogram, bad int) {
	limits := bucketLimits()
	counts := make([]float64, len(limits))
	h = &tffile.Histogram{Min: math.MaxFloat64, Max: -math.MaxFloat64}
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			bad++
			continue
		}
		i := sort.Search(len(limits)-1, func(i int) bool { return limits[i] > v }) // the last takes all that is left
		counts[i]++
		h.Num++
		h.Sum += v
		h.SumSquares += v * v
		h.Min, h.Max = math.Min(h.Min, v), math.Max(h.Max, v)
	}
	for i, n := range counts {
		if n > 0 || i+1 == len(counts) || counts[i+1] > 0 {
			h.Limits, h.Counts = append(h.Limits, limits[i]), append(h.Counts, n)
		}
	}
	return h, bad
}

// numbers reads all numbers of a value.
func numbers(v interface{}) ([]float64, error) {
	if value, ok := v.(gorgonia.Value); ok {
		v = elements(value)
	}
	switch x := v.(type) {
	case []float32:
		return convert(x), nil
	case []float64:
		return x, nil
	case []int:
		return convert(x), nil
	case []int32:
		return convert(x), nil
	case []int64:
		return convert(x), nil
	case []uint8:
		return convert(x), nil
	case float32:
		return []float64{float64(x)}, nil
	case float64:
		return []float64{x}, nil
	case int:
		return []float64{float64(x)}, nil
	case int32:
		return []float64{float64(x)}, nil
	case int64:
		return []float64{float64(x)}, nil
	case uint8:
		return []float64{float64(x)}, nil
	}
	return nil, errors.Errorf("a value of type %T; want a tensor of numbers, a slice of them or a number", v)
}

// elements are those of a value in row-major order, nil of a nil one.
func elements(v gorgonia.Value) interface{} {
	if d, ok := v.(*tensor.Dense); ok {
		if d == nil {
			return nil
		}
		if d.RequiresIterator() { // a view
			v = d.Materialize()
		}
	}
	return v.Data()
}

func convert[T float32 | int | int32 | int64 | uint8](x []T) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}
