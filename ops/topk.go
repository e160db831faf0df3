package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// TopK returns the k greatest elements along the last axis in descending order,
// and their indices: x [..., n] -> values [..., k] and int64 indices [..., k]. Of
// equal elements the one with the lower index comes first; NaN counts as greater
// than all others. k is from 0 to n.
//
// Any numeric dtype. The gradient of the values goes to the elements that were
// chosen; the indices have none. The cost of a row is n*log(k) at most.
// TF: tf.nn.top_k. PyTorch: torch.topk. Dtypes: number. Gradient: yes.
func TopK(s *graph.Scope, x *gorgonia.Node, k int) (values, indices *gorgonia.Node) {
	infer := func(in []graph.Spec) (graph.Spec, error) {
		x, err := inferAlong(numbers, -1)(in)
		if err != nil {
			return x, err
		}
		n := x.Shape[x.Rank()-1]
		if k < 0 || n >= 0 && k > n {
			return x, errors.Errorf("the input is %v and k is %d; want 0 to the size of the last axis", x, k)
		}
		shape := x.Shape.Clone()
		shape[x.Rank()-1] = k
		return graph.Spec{Dtype: x.Dtype, Shape: shape}, nil
	}
	values = graph.Apply(s, graph.OpDef{
		Name:  "TopK",
		Attrs: map[string]interface{}{"k": k},
		Infer: infer,
		Aux: func(in []graph.Spec) ([]graph.Spec, error) {
			out, err := infer(in)
			return []graph.Spec{{Dtype: tensor.Int64, Shape: out.Shape}}, err
		},
		Kernel: byDtype{
			f32: topK[float32](k), f64: topK[float64](k),
			i: topK[int](k), i32: topK[int32](k), i64: topK[int64](k), u8: topK[uint8](k),
		}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(putAlong(s, grad, graph.Aux(s, out, 0), in[0]))
		},
	}, x)
	if graph.IsBad(values) {
		return values, values
	}
	return values, graph.Aux(s, values, 0)
}

// before tells whether element i of x stands before element j in descending
// order: NaN first, and the lower index first among equals.
func before[T number](x []T, i, j int64) bool {
	a, b := x[i], x[j]
	switch {
	case a > b:
		return true
	case a < b:
		return false
	case a == b:
		return i < j
	}
	aNaN, bNaN := a != a, b != b
	if aNaN != bNaN {
		return aNaN
	}
	return i < j
}

func topK[T number](k int) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		rows, n, rowGrain := rowsOf(b.In[0])
		body := func(c *graph.Call, lo, hi int) {
			x, y, at := elements[T](c.In[0]), elements[T](c.Out), elements[int64](c.Aux[0])
			for r := lo; r < hi; r++ {
				row, chosen := x[r*n:(r+1)*n], at[r*k:(r+1)*k]
				chooseTop(row, chosen)
				for i, j := range chosen {
					y[r*k+i] = row[j]
				}
			}
		}
		return func(c *graph.Call) error {
			if k > 0 {
				c.Split(rows, rowGrain, body)
			}
			return nil
		}, nil
	}
}

// chooseTop sets top to the indices of the greatest elements of x in descending
// order. It keeps the best so far in a heap whose root is the worst of them.
func chooseTop[T number](x []T, top []int64) {
	k := len(top)
	for i := range top {
		top[i] = int64(i)
	}
	for i := k/2 - 1; i >= 0; i-- {
		sink(x, top, i)
	}
	for i := int64(k); i < int64(len(x)); i++ {
		if before(x, i, top[0]) {
			top[0] = i
			sink(x, top, 0)
		}
	}
	for end := k - 1; end > 0; end-- {
		top[0], top[end] = top[end], top[0]
		sink(x, top[:end], 0)
	}
}

// sink moves the root of a subtree down until no child stands behind it.
func sink[T number](x []T, heap []int64, root int) {
	for {
		child := 2*root + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && before(x, heap[child], heap[child+1]) {
			child++
		}
		if before(x, heap[child], heap[root]) {
			return
		}
		heap[root], heap[child] = heap[child], heap[root]
		root = child
	}
}

// takeAlong picks elements of each row: x [..., n] and int64 indices [..., k],
// which are in range, give y[..., i] = x[..., indices[..., i]].
func takeAlong(s *graph.Scope, x, indices *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "TakeAlong",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}, nil
		},
		Kernel: byDtype{f32: takeEach[float32], f64: takeEach[float64]}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{putAlong(s, grad, in[1], in[0]), nil}
		},
	}, x, indices)
}

func takeEach[T float](b *graph.Binding) (graph.Kernel, error) {
	rows, k, rowGrain := rowsOf(b.Out)
	n := b.In[0].Shape[b.In[0].Rank()-1]
	body := func(c *graph.Call, lo, hi int) {
		y, x, at := elements[T](c.Out), elements[T](c.In[0]), elements[int64](c.In[1])
		for r := lo; r < hi; r++ {
			row := x[r*n : (r+1)*n]
			for i, j := range at[r*k : (r+1)*k] {
				y[r*k+i] = row[j]
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}, nil
}

// putAlong puts the elements of each row of x [..., k] at int64 indices [..., k],
// which are in range and differ, into zeros of the shape of like [..., n]. Only
// the shape of like is used.
func putAlong(s *graph.Scope, x, indices, like *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "PutAlong",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: in[0].Dtype, Shape: in[2].Shape}, nil
		},
		ShapeOnly: []int{2},
		Kernel:    byDtype{f32: putEach[float32], f64: putEach[float64]}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{takeAlong(s, grad, in[1]), nil, nil}
		},
	}, x, indices, like)
}

func putEach[T float](b *graph.Binding) (graph.Kernel, error) {
	rows, n, rowGrain := rowsOf(b.Out)
	k := b.In[0].Shape[b.In[0].Rank()-1]
	body := func(c *graph.Call, lo, hi int) {
		y, x, at := elements[T](c.Out), elements[T](c.In[0]), elements[int64](c.In[1])
		for r := lo; r < hi; r++ {
			row := y[r*n : (r+1)*n]
			clear(row)
			for i, j := range at[r*k : (r+1)*k] {
				row[j] = x[r*k+i]
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}, nil
}
