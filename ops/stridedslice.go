package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Open is an end of StridedSlice that is left open: from the first element, or
// to the last one, as the stride goes.
const Open = math.MinInt

// StridedSlice is Python's x[begin:end:stride, ...]: along each axis the
// elements from begin on, before end, stride apart. Negative ends count from the
// last element, ends beyond the axis stop there, a negative stride goes
// backwards, and Open leaves an end open. begin, end and strides have one entry
// for each axis; the axes that a shorter list lacks are taken whole (strides nil: all
// 1).
//
//	x[1:3, ::-1]	StridedSlice(s, x, []int{1, ops.Open}, []int{3, ops.Open}, []int{1, -1})
//	x[:, -2:]	StridedSlice(s, x, []int{ops.Open, -2}, nil, nil)
//
// Any dtype; sizes may be unknown. The gradient is grad at its places among
// zeros. Index takes one element of an axis.
//
// TF: tf.strided_slice. PyTorch: none. Dtypes: any. Gradient: yes.
func StridedSlice(s *graph.Scope, x *gorgonia.Node, begin, end, strides []int) *gorgonia.Node {
	begin, end, strides = append([]int(nil), begin...), append([]int(nil), end...), append([]int(nil), strides...)
	return strided{
		name:  "StridedSlice",
		attrs: map[string]interface{}{"begin": begin, "end": end, "strides": strides},
		spans: func(x graph.Spec) ([]span, error) {
			if n := max(len(begin), len(end), len(strides)); n > x.Rank() {
				return nil, errors.Errorf("x is %v; begin, end or strides has %d entries, more than it has axes", x, n)
			}
			spans := make([]span, x.Rank())
			for a, d := range x.Shape {
				step := entry(strides, a, 1)
				if step == 0 || step == Open {
					return nil, errors.Errorf("the stride of axis %d is %d; want a positive or a negative number", a, step)
				}
				spans[a] = pythonSlice(d, entry(begin, a, Open), entry(end, a, Open), step)
			}
			return spans, nil
		},
	}.apply(s, x)
}

// entry is list[a], or missing behind its end.
func entry(list []int, a, missing int) int {
	if a < len(list) {
		return list[a]
	}
	return missing
}

// pythonSlice resolves begin:end:step for an axis of a size, which may be
// unknown.
func pythonSlice(size, begin, end, step int) span {
	if size < 0 {
		return span{0, step, graph.Unknown}
	}
	low, high := 0, size // the ends in the order of the axis
	if step < 0 {
		low, high = -1, size-1
	}
	resolve := func(i, open int) int {
		if i == Open {
			return open
		}
		if i < 0 {
			i += size
		}
		return min(max(i, low), high)
	}
	if step > 0 {
		from, to := resolve(begin, low), resolve(end, high)
		if from >= to {
			return span{0, 1, 0}
		}
		return span{from, step, (to-from-1)/step + 1}
	}
	from, to := resolve(begin, high), resolve(end, low)
	if from <= to {
		return span{0, 1, 0}
	}
	// Not -step, which overflows for the least int.
	return span{from, step, 1 - (from-to-1)/step}
}

// Index takes element i of an axis (negative ones count from the last), which
// disappears.
//
//	x [a, n, b], axis 1 -> [a, b]
//
// Any dtype; sizes may be unknown, and i out of range is then an error of the
// Run. The gradient is grad at its place among zeros.
//
// TF: tf.strided_slice. PyTorch: torch.select. Dtypes: any. Gradient: yes.
func Index(s *graph.Scope, x *gorgonia.Node, i, axis int) *gorgonia.Node {
	return pick(s, "Index", x, i, axis)
}

func pick(s *graph.Scope, name string, x *gorgonia.Node, i, axis int) *gorgonia.Node {
	p := strided{
		name:  name,
		attrs: map[string]interface{}{"axis": axis, "index": i},
		spans: alongAxis(axis, func(x graph.Spec, a int) (span, error) {
			d, at := x.Shape[a], i
			if d >= 0 && at < 0 {
				at += d
			}
			if d == 0 {
				return span{}, errors.Errorf("x is %v; index %d is out of range: axis %d has no elements", x, i, a)
			}
			if d >= 0 && (at < 0 || at >= d) {
				return span{}, errors.Errorf("x is %v; index %d is out of range for axis %d; want %d to %d", x, i, a, -d, d-1)
			}
			return span{at, 1, 1}, nil
		}),
	}
	if x != nil {
		if a, err := axisOf(axis, graph.SpecOf(x).Rank()); err == nil {
			p.drop = []int{a}
		}
	}
	return p.apply(s, x)
}
