package ops

import (
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Sort puts the elements along an axis (negative ones count from the last) in
// ascending or descending order. NaN counts as greater than all others, so it
// comes last, or first.
//
// Any shape of rank 1 or more, any numeric dtype. The gradient of each element
// goes back to where it stood.
// TF: tf.contrib.framework.sort. PyTorch: torch.sort. Dtypes: number. Gradient: yes.
func Sort(s *graph.Scope, x *gorgonia.Node, axis int, descending bool) *gorgonia.Node {
	return onLastAxis(s, "Sort", x, axis, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return graph.Apply(s, graph.OpDef{
			Name:  "Sort",
			Attrs: map[string]interface{}{"axis": axis, "descending": descending},
			Infer: inferAlong(numbers, -1),
			Aux: func(in []graph.Spec) ([]graph.Spec, error) {
				return []graph.Spec{{Dtype: tensor.Int64, Shape: in[0].Shape}}, nil
			},
			Kernel: byDtype{
				f32: sorted[float32](descending), f64: sorted[float64](descending),
				i: sorted[int](descending), i32: sorted[int32](descending), i64: sorted[int64](descending), u8: sorted[uint8](descending),
			}.first,
			Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
				return only(putAlong(s, grad, graph.Aux(s, out, 0), in[0]))
			},
		}, x)
	})
}

// ArgSort gives the indices that put the elements along an axis in the order of
// Sort; equal elements, in either order, and NaNs keep the order in which they
// stood.
//
// Any shape of rank 1 or more, any numeric dtype -> int64.
// TF: tf.contrib.framework.argsort. PyTorch: torch.argsort. Dtypes: number. Gradient: no.
func ArgSort(s *graph.Scope, x *gorgonia.Node, axis int, descending bool) *gorgonia.Node {
	return onLastAxis(s, "ArgSort", x, axis, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return graph.Apply(s, graph.OpDef{
			Name:  "ArgSort",
			Attrs: map[string]interface{}{"axis": axis, "descending": descending},
			Infer: func(in []graph.Spec) (graph.Spec, error) {
				out, err := inferAlong(numbers, -1)(in)
				return graph.Spec{Dtype: tensor.Int64, Shape: out.Shape}, err
			},
			Kernel: byDtype{
				f32: argSorted[float32](descending), f64: argSorted[float64](descending),
				i: argSorted[int](descending), i32: argSorted[int32](descending), i64: argSorted[int64](descending),
				u8: argSorted[uint8](descending),
			}.first,
		}, x)
	})
}

// onLastAxis applies an op of the last axis that keeps the shape to another one.
func onLastAxis(s *graph.Scope, name string, x *gorgonia.Node, axis int, op func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) *gorgonia.Node {
	if x == nil || graph.IsBad(x) {
		return op(s, x)
	}
	sp := graph.SpecOf(x)
	a, err := axisOf(axis, sp.Rank())
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{x}, sp, err)
	}
	last := sp.Rank() - 1
	if a == last {
		return op(s, x)
	}
	swap := make([]int, sp.Rank())
	for i := range swap {
		swap[i] = i
	}
	swap[a], swap[last] = last, a
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return Transpose(s, op(s, Transpose(s, x, swap...)), swap...)
	})
}

func sorted[T number](descending bool) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		rows, n, rowGrain := rowsOf(b.Out)
		body := func(c *graph.Call, lo, hi int) {
			x, y, at := elements[T](c.In[0]), elements[T](c.Out), elements[int64](c.Aux[0])
			for r := lo * n; r < hi*n; r += n {
				row := x[r : r+n]
				argSortRow(at[r:r+n], row, descending)
				for i, j := range at[r : r+n] {
					y[r+i] = row[j]
				}
			}
		}
		return func(c *graph.Call) error {
			c.Split(rows, max(1, rowGrain/8), body)
			return nil
		}, nil
	}
}

func argSorted[T number](descending bool) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		rows, n, rowGrain := rowsOf(b.Out)
		body := func(c *graph.Call, lo, hi int) {
			x, at := elements[T](c.In[0]), elements[int64](c.Out)
			for r := lo * n; r < hi*n; r += n {
				argSortRow(at[r:r+n], x[r:r+n], descending)
			}
		}
		return func(c *graph.Call) error {
			c.Split(rows, max(1, rowGrain/8), body)
			return nil
		}, nil
	}
}

// argSortRow sets at to the indices of x in order. The order is total, because
// indices decide between equals, so the algorithm need not be stable.
func argSortRow[T number](at []int64, x []T, descending bool) {
	for i := range at {
		at[i] = int64(i)
	}
	slices.SortFunc(at, func(i, j int64) int {
		a, b := x[i], x[j]
		if descending {
			a, b = b, a
		}
		switch {
		case a < b:
			return -1
		case a > b:
			return 1
		case a != b && a == a: // b is NaN
			return -1
		case a != b && b == b: // a is NaN
			return 1
		}
		return int(i - j)
	})
}
