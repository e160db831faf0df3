package graph

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// op makes an OpDef a Gorgonia op, so that our nodes live in an ExprGraph, can
// be differentiated by SymDiff and run on Gorgonia's own machines.
type op struct {
	def    *OpDef
	g      *Graph
	in     []Spec
	out    Spec
	serial uint32 // keeps Gorgonia from merging nodes that only look alike
	aux    int    // for an extra output: its index + 1
	name   string
}

var _ gorgonia.SDOp = (*op)(nil)

// Arity implements gorgonia.Op.
func (o *op) Arity() int { return len(o.in) }

// Type implements gorgonia.Op. Inference returns the type to a pool, so each
// call builds a fresh one.
func (o *op) Type() hm.Type {
	types := make([]hm.Type, 0, len(o.in)+1)
	for _, sp := range o.in {
		types = append(types, typeOf(sp))
	}
	types = append(types, typeOf(o.out))
	if len(types) == 1 {
		return types[0]
	}
	return hm.NewFnType(types...)
}

func typeOf(sp Spec) hm.Type {
	if sp.Rank() == 0 {
		return sp.Dtype
	}
	return gorgonia.TensorType{Dims: sp.Rank(), Of: sp.Dtype}
}

// InferShape implements gorgonia.Op.
func (o *op) InferShape(sizes ...gorgonia.DimSizer) (tensor.Shape, error) {
	shapes, err := gorgonia.DimSizersToShapes(sizes)
	if err != nil {
		return nil, err
	}
	if len(shapes) != len(o.in) {
		return nil, errors.Errorf("%s has %d inputs, but %d shapes came", o.name, len(o.in), len(shapes))
	}
	in := make([]Spec, len(shapes))
	for i, sh := range shapes {
		in[i] = Spec{o.in[i].Dtype, sh}
	}
	out, err := o.infer(in)
	return out.Shape, err
}

func (o *op) infer(in []Spec) (Spec, error) {
	if o.aux > 0 {
		aux, err := o.def.Aux(in)
		if err != nil {
			return Spec{}, err
		}
		return aux[o.aux-1], nil
	}
	return o.def.Infer(in)
}

// Do implements gorgonia.Op: it computes the op on values, for Gorgonia's
// machines. Ops with effects run in a Session only.
func (o *op) Do(values ...gorgonia.Value) (gorgonia.Value, error) {
	if o.def.effect() && !o.def.Draws || o.def.NoValue {
		return nil, errors.Errorf("%s (%s) has an effect: run it in a graph.Session", o.name, o.def.Name)
	}
	in := make([]*Array, len(values))
	for i, v := range values {
		in[i] = arrayOfValue(v)
	}
	out, aux, err := evaluate(o.def, o.name, o.g.cfg.Seed, in)
	if err != nil {
		return nil, errors.Wrapf(err, "%s (%s)", o.name, o.def.Name)
	}
	if o.aux > 0 {
		out = aux[o.aux-1]
	}
	return nativeValue(out), nil
}

// evaluate computes one op on its own, outside any plan.
func evaluate(def *OpDef, name string, seed int64, in []*Array) (out *Array, aux []*Array, err error) {
	defer recoverKernel(&err)
	b := &Binding{In: make([]Spec, len(in)), Name: name, Seed: seed}
	for i, a := range in {
		b.In[i] = Spec{a.dtype, a.shape}
	}
	if b.Out, err = def.Infer(b.In); err != nil {
		return nil, nil, err
	}
	if def.Aux != nil {
		if b.Aux, err = def.Aux(b.In); err != nil {
			return nil, nil, err
		}
	}
	kernel, err := def.Kernel(b)
	if err != nil {
		return nil, nil, err
	}
	c := &Call{In: in, Out: newArray(b.Out)}
	for _, sp := range b.Aux {
		c.Aux = append(c.Aux, newArray(sp))
	}
	for _, sp := range b.scratch {
		c.Scratch = append(c.Scratch, newArray(sp))
	}
	for _, p := range b.prepares {
		c.Prepared = append(c.Prepared, newArray(p.spec))
		p.prepare(c, c.Prepared[len(c.Prepared)-1])
	}
	if err := kernel(c); err != nil {
		return nil, nil, err
	}
	return c.Out, c.Aux, nil
}

// recoverKernel turns a panic in an op's code into an error.
func recoverKernel(err *error) {
	if r := recover(); r != nil {
		*err = errors.Errorf("the op panicked: %v", r)
	}
}

// ReturnsPtr implements gorgonia.Op.
func (o *op) ReturnsPtr() bool { return false }

// CallsExtern implements gorgonia.Op.
func (o *op) CallsExtern() bool { return false }

// OverwritesInput implements gorgonia.Op: none is.
func (o *op) OverwritesInput() int { return -1 }

// WriteHash implements gorgonia.Op. The serial number makes every node its own.
func (o *op) WriteHash(h hash.Hash) { fmt.Fprintf(h, "plexaura %s %d", o.def.Name, o.serial) }

// Hashcode implements gorgonia.Op.
func (o *op) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// String returns the op's name.
func (o *op) String() string {
	if o.aux > 0 {
		return fmt.Sprintf("%s:%d", o.def.Name, o.aux)
	}
	return o.def.Name
}

// DiffWRT implements gorgonia.SDOp.
func (o *op) DiffWRT(inputs int) []bool {
	wrt := make([]bool, inputs)
	if o.def.Gradient == nil && o.def.Composite == nil {
		return wrt
	}
	for i := range wrt {
		wrt[i] = i < len(o.in) && o.in[i].IsFloat()
	}
	return wrt
}

// SymDiff implements gorgonia.SDOp.
func (o *op) SymDiff(inputs gorgonia.Nodes, output, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	s := o.g.Scope().NameScope("gradients")
	before := o.g.Err()
	grads := s.opGradient(o.g.lookup(output), grad)
	if err := o.g.Err(); err != nil && before == nil {
		return nil, err
	}
	return grads, nil
}
