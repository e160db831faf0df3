package tensorflow

import (
	"bytes"
	"io"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/weights"
)

// value is an output of a node: computed, stored in the file, or known from shapes. What has no node gets it when an op asks for it.
type value struct {
	node   *gorgonia.Node
	tensor *tffile.Tensor
	sizes  *sizes
	later  func() *gorgonia.Node // makes the node
	scope  *graph.Scope          // where it is made
	after  gorgonia.Nodes        // the writes that what uses it runs after: a value without a node of its own cannot wait
}

// gorgonia returns the value as a node.
func (v *value) gorgonia() (*gorgonia.Node, error) {
	var err error
	switch {
	case v.node != nil:
	case v.later != nil:
		v.node = v.later()
	case v.tensor != nil:
		v.node, err = constant(v.scope, v.tensor)
	case v.sizes != nil:
		if n, ok := v.sizes.known(); ok {
			v.node = graph.Const(v.scope, v.sizes.dense(n))
		} else {
			v.node = v.sizes.node(v.scope)
		}
	default:
		err = errors.New("an output of the op is not supported")
	}
	return v.node, err
}

// integers returns the value as sizes, where it is a scalar or vector of integers that are known or follow from shapes.
func (v *value) integers() (*sizes, bool) {
	if v.sizes != nil || v.tensor == nil {
		return v.sizes, v.sizes != nil
	}
	t := v.tensor
	if len(t.Shape) > 1 || len(t.Shape) == 1 && t.Shape[0] > maxTerms || t.DType != tffile.Int32 && t.DType != tffile.Int64 {
		return nil, false
	}
	whole, err := t.Whole()
	if err != nil {
		return nil, false
	}
	z := &sizes{scalar: len(t.Shape) == 0, dtype: tensor.Int32}
	if t.DType == tffile.Int64 {
		z.dtype = tensor.Int64
		list, err := tffile.Values[int64](whole)
		for _, n := range list {
			z.of = append(z.of, fixed(int(n)))
		}
		v.sizes = z
		return z, err == nil
	}
	list, err := tffile.Values[int32](whole)
	for _, n := range list {
		z.of = append(z.of, fixed(int(n)))
	}
	v.sizes = z
	return z, err == nil
}

// dense is a tensor of known sizes.
func (z *sizes) dense(n []int) *tensor.Dense {
	shape := []int{len(n)}
	if z.scalar {
		shape = nil
	}
	opts := []tensor.ConsOpt{tensor.WithShape(shape...)}
	if z.dtype == tensor.Int64 {
		list := make([]int64, len(n))
		for i, v := range n {
			list[i] = int64(v)
		}
		if z.scalar {
			return tensor.New(tensor.FromScalar(list[0]))
		}
		return tensor.New(append(opts, tensor.WithBacking(list))...)
	}
	list := make([]int32, len(n))
	for i, v := range n {
		list[i] = int32(v)
	}
	if z.scalar {
		return tensor.New(tensor.FromScalar(list[0]))
	}
	return tensor.New(append(opts, tensor.WithBacking(list))...)
}

// constant makes a node of a stored tensor. One that the file holds shortened, since all its elements are equal, is filled when it
// is needed, so that building a graph takes no more memory than its file.
func constant(s *graph.Scope, t *tffile.Tensor) (*gorgonia.Node, error) {
	const short = 1 << 10
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	if size := t.DType.Size(); size > 0 && n > short && t.Stored() <= int64(size) {
		one := *t
		one.Shape = nil
		x, err := stored("", &one).Read()
		if err != nil {
			return nil, err
		}
		return ops.Fill(s, graph.Const(s.NameScope("value"), x), t.Shape...), nil
	}
	return stored("", t).Const(s)
}

// maxFilled bounds the bytes that a tensor which the file holds shortened may take.
const maxFilled = 1 << 28

// stored describes a tensor of the graph as those of files of weights are.
func stored(name string, t *tffile.Tensor) weights.Tensor {
	size := int64(t.DType.Size())
	for _, d := range t.Shape {
		size *= int64(d)
	}
	out := weights.Tensor{Name: name, DType: dtypes[t.DType], Shape: t.Shape, Held: t.Stored()}
	if t.InFile != nil && size == out.Held {
		out.Open = weights.Section(t.InFile, 0, size)
		return out
	}
	if size != out.Held {
		out.Held = -1
	}
	out.Open = func() (io.Reader, error) {
		if size != t.Stored() && (size > maxFilled || size < 0) {
			return nil, errors.Errorf("the constant %q of shape %v is held shortened and would take more than %d bytes", name, t.Shape, maxFilled)
		}
		whole, err := t.Whole()
		return bytes.NewReader(whole.Data), err
	}
	return out
}
