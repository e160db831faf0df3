package graph

import (
	"slices"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/kernel"
)

// AppliesAffine says that the kernel is Out = In[0]*scale + shift and nothing else, scale
// and shift being vectors along the last axis that coefficients computes from the other
// inputs: batch normalisation by statistics that are given. An op that is LinearIn its
// weights, and TakesRow, can do that on its own.
func (b *Binding) AppliesAffine(coefficients func(c *Call, scale, shift *Array)) {
	b.affine = coefficients
}

// LinearIn says that each column of the op's value, along the last axis, is linear in that
// column of In[i], i > 0: with the columns of In[i] scaled, so are those of the value.
//
// Where the op TakesRow, and the only consumer of its value, or of that with a row
// added, AppliesAffine, the planner scales In[i] for it and lets it add what is left; but
// only if that is done once, as Binding.Prepares says: if constants, and variables that
// the plan does not write, are all that it depends on.
func (b *Binding) LinearIn(i int) { b.linear = i }

// absorbs tells whether the first op of the chain can do on its own what v does, which
// applies an affine map, by b, to the chain's value, in.
func (f *fuser) absorbs(c *chain, v, in *vertex, b *Binding) bool {
	head := &c.links[0]
	i := head.b.linear
	if i == 0 || !head.b.takesRow || c.affine > 0 || v.in[0] != in || len(f.aux[c.head]) > 0 || !b.Out.IsFloat() {
		return false
	}
	needs := append([]int{head.in[i]}, f.inputsBeside(c, i)...)
	if len(c.links) > 1 {
		row := &c.links[1]
		if len(c.links) > 2 || !c.addsRow() || len(row.b.prepares) > 0 {
			return false
		}
		needs = append(needs, row.in[row.b.row])
	}
	for _, sp := range []Spec{head.b.Out, head.b.In[i]} {
		if sp.Rank() == 0 || sp.Dtype != b.Out.Dtype || columnsOf(sp) != columnsOf(b.Out) {
			return false
		}
	}
	kept := func(x *vertex) bool { _, ok := f.keeps(x); return ok }
	return !slices.ContainsFunc(needs, func(k int) bool { return !kept(c.in[k]) }) &&
		!slices.ContainsFunc(v.in[1:], func(x *vertex) bool { return !kept(x) })
}

// inputsBeside returns what else is in the preparations that read input i of the first
// op, as inputs of the chain.
func (f *fuser) inputsBeside(c *chain, i int) (inputs []int) {
	for k, is := range c.links[0].b.prepares {
		if contains(is.inputs, i) {
			inputs = append(inputs, c.b.prepares[k].inputs...)
		}
	}
	return inputs
}

// columnsOf is the size of the last axis.
func columnsOf(sp Spec) int { return sp.Shape[len(sp.Shape)-1] }

// absorb makes v the last link, whose work the first one does: it finds its input scaled,
// and the rest as a row to add.
func (f *chain) absorb(v, in *vertex, b *Binding) {
	by := preparedBy{node: f.links[0].ni, affine: v.ni}
	row := fromBefore
	if len(f.links) > 1 {
		second := &f.links[1]
		by.row, row = second.ni, second.in[second.b.row]
	}
	ahead := f.b.prepares
	unrun := *b
	unrun.prepares = nil // its kernel does not run
	f.affine = len(f.links)
	f.add(v, in, &unrun, mainOutput)
	f.links[0].prepared = 1
	f.b.prepares = nil

	var from []int // what scale and shift depend on
	for _, k := range append(f.links[f.affine].in, row) {
		if k != fromBefore {
			from = append(from, k)
		}
	}
	add := func(index int, sp Spec, inputs []int, prepare func(c *Call, prepared *Array)) {
		by.index = index
		f.b.prepares = append(f.b.prepares, preparation{spec: sp, inputs: append(slices.Clone(inputs), from...), prepare: prepare, of: by})
	}
	add(-1, Spec{b.Out.Dtype, tensor.Shape{2 * columnsOf(b.Out)}}, nil, func(c *Call, prepared *Array) {
		shift, scale := prepared.halves()
		b.affine(&f.of(c).links[f.affine], scale, shift)
		if row >= 0 {
			addScaled(shift, c.In[row], scale)
		}
	})
	head := f.links[0].b
	i, at := head.linear, f.links[0].in[head.linear]
	scaled := func(c *Call, to *Array) {
		_, scale := c.Prepared[0].halves()
		scaleColumns(to, c.In[at], scale)
	}
	for k, is := range head.prepares {
		if !contains(is.inputs, i) {
			f.b.prepares = append(f.b.prepares, ahead[k])
			continue
		}
		add(k, is.spec, ahead[k].inputs, func(c *Call, prepared *Array) {
			call := f.of(c).links[0]
			call.In = slices.Clone(call.In)
			call.In[i] = newArray(head.In[i])
			scaled(c, call.In[i])
			is.prepare(&call, prepared)
		})
	}
	if !head.reads(i) {
		f.scaled = len(f.b.prepares)
		add(-2, head.In[i], []int{at}, scaled)
	}
}

// halves are the two rows of an array.
func (a *Array) halves() (first, second *Array) {
	half := func(k int) *Array {
		n := a.size / 2
		return &Array{dtype: a.dtype, shape: tensor.Shape{n}, size: n, ptr: a.at(k * n * int(a.dtype.Size()))}
	}
	return half(0), half(1)
}

// scaleColumns is y = x * scale along the last axis.
func scaleColumns(y, x, scale *Array) {
	switch {
	case scale.size == 0:
	case scale.dtype == tensor.Float32:
		kernel.ScaleColumns(elements[float32](y), elements[float32](x), elements[float32](scale), x.size/scale.size)
	default:
		kernel.ScaleColumns(elements[float64](y), elements[float64](x), elements[float64](scale), x.size/scale.size)
	}
}

// addScaled is y += x * scale, rounded once.
func addScaled(y, x, scale *Array) {
	if y.dtype == tensor.Float32 {
		addProducts(elements[float32](y), elements[float32](x), elements[float32](scale))
	} else {
		addProducts(elements[float64](y), elements[float64](x), elements[float64](scale))
	}
}

func addProducts[T float32 | float64](y, x, scale []T) {
	for i, v := range x {
		y[i] = T(float64(y[i]) + float64(v)*float64(scale[i]))
	}
}
