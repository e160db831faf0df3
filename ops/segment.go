package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Segments gather the rows of a tensor by the number of the segment that each
// belongs to. How many segments there are is given, since the shape of a node
// cannot depend on values; TensorFlow's sorted forms take it from the last id.

// SegmentSum adds the rows of x that have the same id: y[j] is the sum of the x[i]
// with ids[i] = j, and 0 for a segment without rows. ids are int, int32 or int64
// [n], in any order, x [n, ...] and y [segments, ...]; ids of a higher rank stand
// for as many leading axes of x.
//
// Any numeric dtype; float32 is added up in float64, in the order of the rows,
// and integers wrap around. A negative id leaves its row out; one from segments on
// is an error of the Run that names its place. The gradient of a row is that of its
// segment. SegmentCount counts the rows.
// TF: tf.unsorted_segment_sum, tf.segment_sum. PyTorch: torch.Tensor.index_add_. Dtypes: number. Gradient: yes.
func SegmentSum(s *graph.Scope, x, ids *gorgonia.Node, segments int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "UnsortedSegmentSum",
		Attrs: map[string]interface{}{"num_segments": segments},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x, ids := in[0], in[1]
			if err := numbers.check(x); err != nil {
				return x, err
			}
			if err := checkIDs(ids, segments); err != nil {
				return x, err
			}
			if r := ids.Rank(); r > x.Rank() || !graph.Compatible(ids.Shape, x.Shape[:r]) {
				return x, errors.Errorf("x is %v and the ids are %v; want an id for each row, so the shape of the ids where that of x begins", x, ids)
			}
			shape := append(tensor.Shape{segments}, x.Shape[ids.Rank():]...)
			return graph.Spec{Dtype: x.Dtype, Shape: shape}, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return byDtype{
				f32: segmentSums[float32, float64], f64: segmentSums[float64, float64],
				i: segmentSums[int, int], i32: segmentSums[int32, int32], i64: segmentSums[int64, int64], u8: segmentSums[uint8, uint8],
			}.first(b)
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{segmentRows(s, grad, in[1], segments), nil}
		},
	}, x, ids)
}

// SegmentMean averages the rows of x that have the same id, otherwise as
// SegmentSum; a segment without rows is 0.
//
// float32 or float64. The gradient of a row is that of its segment, divided by the
// number of its rows.
// TF: tf.unsorted_segment_mean, tf.segment_mean. PyTorch: torch.Tensor.index_reduce_ with "mean". Dtypes: float. Gradient: yes.
func SegmentMean(s *graph.Scope, x, ids *gorgonia.Node, segments int) *gorgonia.Node {
	if sp := graph.SpecOf(x); x != nil && !graph.IsBad(x) && !sp.IsFloat() {
		return s.Fail("SegmentMean", gorgonia.Nodes{x, ids}, sp, errors.Errorf("x is %v; want float32 or float64 (ops.Cast converts)", sp))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		sum := SegmentSum(s, x, ids, segments)
		if graph.IsBad(sum) {
			return sum
		}
		rows := Cast(s, SegmentCount(s, ids, segments), sum.Dtype())
		return Div(s, sum, leadingColumn(s, oneForZero(s, rows), len(graph.SpecOf(sum).Shape)))
	})
}

// SegmentCount counts how often each id from 0 to segments-1 occurs: ids int,
// int32 or int64 of any shape -> int64 [segments]. A negative id is left out; one
// from segments on is an error of the Run that names its place. SegmentSum with
// weights as x is its weighted form.
// TF: tf.bincount. PyTorch: torch.bincount. Dtypes: int. Gradient: no.
func SegmentCount(s *graph.Scope, ids *gorgonia.Node, segments int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Bincount",
		Attrs: map[string]interface{}{"size": segments},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: tensor.Int64, Shape: tensor.Shape{max(0, segments)}}, checkIDs(in[0], segments)
		},
		Kernel: byDtype{i: countIDs[int], i32: countIDs[int32], i64: countIDs[int64]}.first,
	}, ids)
}

func checkIDs(ids graph.Spec, segments int) error {
	switch {
	case !ids.IsInt():
		return errors.Errorf("the ids are %v; want int, int32 or int64", ids)
	case segments < 0:
		return errors.Errorf("the number of segments is %d; want 0 or more", segments)
	}
	return nil
}

// badID returns an error for the first id that is none of the segments.
func badID[I label](ids []I, shape tensor.Shape, segments int) error {
	for i, id := range ids {
		if int64(id) >= int64(segments) {
			return errors.Errorf("the id at %v is %d; want 0 to %d, as there are %d segments (a negative one leaves its row out)",
				indexAt(shape, i), id, segments-1, segments)
		}
	}
	return nil
}

func countIDs[I label](b *graph.Binding) (graph.Kernel, error) {
	segments := b.Out.Shape[0]
	return func(c *graph.Call) error {
		ids, counts := elements[I](c.In[0]), elements[int64](c.Out)
		if err := badID(ids, b.In[0].Shape, segments); err != nil {
			return err
		}
		clear(counts)
		for _, id := range ids {
			if id >= 0 {
				counts[id]++
			}
		}
		return nil
	}, nil
}

// segmentSums adds elements of T in the type A.
func segmentSums[T, A number](b *graph.Binding) (graph.Kernel, error) {
	return byLabel(b.In[1].Dtype, segmentSumsOf[T, A, int](b), segmentSumsOf[T, A, int32](b), segmentSumsOf[T, A, int64](b)), nil
}

// segmentSumsOf splits the columns, so that rows are added in their order.
func segmentSumsOf[T, A number, I label](b *graph.Binding) graph.Kernel {
	segments := b.Out.Shape[0]
	cols := sizeOf(b.Out.Shape[1:])
	rows := sizeOf(b.In[1].Shape)
	wide := b.Out.Dtype // that of A
	if wide == tensor.Float32 {
		wide = tensor.Float64
	}
	totals := b.Scratch(wide, segments*cols)
	body := func(c *graph.Call, lo, hi int) {
		y, x, ids := elements[T](c.Out), elements[T](c.In[0]), elements[I](c.In[1])
		total := elements[A](c.Scratch[totals])
		for j := 0; j < segments*cols; j += cols {
			clear(total[j+lo : j+hi])
		}
		for i, id := range ids {
			if id < 0 {
				continue
			}
			t := total[int(id)*cols+lo : int(id)*cols+hi]
			for k, v := range x[i*cols+lo : i*cols+hi] {
				t[k] += A(v)
			}
		}
		for j := 0; j < segments*cols; j += cols {
			for k := j + lo; k < j+hi; k++ {
				y[k] = T(total[k])
			}
		}
	}
	return func(c *graph.Call) error {
		if err := badID(elements[I](c.In[1]), b.In[1].Shape, segments); err != nil {
			return err
		}
		c.Split(cols, max(16, grain/max(1, rows+segments)), body)
		return nil
	}
}

// segmentRows gives each id the row of its segment: y[i] = x[ids[i]], and 0 where
// the id is negative. It is the gradient of SegmentSum, whose ids are in range.
func segmentRows(s *graph.Scope, x, ids *gorgonia.Node, segments int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "SegmentRows",
		Attrs: map[string]interface{}{"num_segments": segments},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			shape := append(in[1].Shape.Clone(), in[0].Shape[1:]...)
			return graph.Spec{Dtype: in[0].Dtype, Shape: shape}, nil
		},
		Kernel: byDtype{f32: rowsOfSegments[float32], f64: rowsOfSegments[float64]}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{SegmentSum(s, grad, in[1], segments), nil}
		},
	}, x, ids)
}

func rowsOfSegments[T float](b *graph.Binding) (graph.Kernel, error) {
	return byLabel(b.In[1].Dtype, rowsOfSegmentsBy[T, int](b), rowsOfSegmentsBy[T, int32](b), rowsOfSegmentsBy[T, int64](b)), nil
}

func rowsOfSegmentsBy[T float, I label](b *graph.Binding) graph.Kernel {
	rows, cols, segments := sizeOf(b.In[1].Shape), sizeOf(b.In[0].Shape[1:]), b.In[0].Shape[0]
	body := func(c *graph.Call, lo, hi int) {
		y, x, ids := elements[T](c.Out), elements[T](c.In[0]), elements[I](c.In[1])
		for i := lo; i < hi; i++ {
			row := y[i*cols : (i+1)*cols]
			if id := int(ids[i]); id >= 0 && id < segments {
				copy(row, x[id*cols:])
			} else {
				clear(row)
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, max(1, grain/max(1, cols)), body)
		return nil
	}
}

// leadingColumn appends axes of size 1 to x [n] up to the given rank.
func leadingColumn(s *graph.Scope, x *gorgonia.Node, rank int) *gorgonia.Node {
	sizes := make([]int, rank)
	for i := range sizes {
		sizes[i] = 1
	}
	sizes[0] = graph.SpecOf(x).Shape[0]
	return Reshape(s, x, sizes...)
}
