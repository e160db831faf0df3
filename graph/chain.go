package graph

import (
	"slices"
	"strings"
	"unsafe"
)

// chain is several ops in one step: a first that Finishes, and pointwise ones,
// each of which takes the value of the one before and of which the last may
// update a variable. The first hands its output on piece by piece, and the
// others change the pieces in place: one walk over memory computes what the ops
// compute one by one, to the bit. Extra outputs of the first may be handed on and
// changed as well, each by links of its own.
type chain struct {
	links []link
	head  *vertex // the first link as a vertex

	// The chain as one op: its inputs, those of the links one after the other.
	def    *OpDef
	in     []*vertex
	b      *Binding
	kernel Kernel

	// adds says that the first adds its value to the variable on its own,
	// multiplied by the factor of the second: a product that goes straight into
	// gradient descent. Bits differ.
	adds bool

	// affine is the link, if not 0, that the first one does the work of by scaling an
	// input, which is what Call.Prepared has at scaled unless that is 0. Bits differ.
	affine, scaled int

	// beside are the inputs that links after the first read element by element, each
	// before that element of the output is written.
	beside []int

	// value is the working memory that holds the value on its way to an update
	// that does not add it so; -1 where it lies in Out.
	value int
}

// link is one op of a chain.
type link struct {
	def      *OpDef
	ni       *nodeInfo
	b        *Binding
	in       []int // where its inputs are among the chain's; fromBefore for the value of the link before
	scratch  int   // where its working memory begins among the chain's,
	prepared int   // and what it works from
	output   int   // which output of the first it changes: an extra one, or mainOutput
}

const (
	fromBefore = -1
	mainOutput = -1
)

// newChain begins a chain with an op.
func newChain(v *vertex, is *bound) *chain {
	f := &chain{
		head:  v,
		def:   &OpDef{Aux: v.def.Aux, InPlace: v.def.InPlace, Optional: v.def.Optional},
		b:     &Binding{finishes: is.b.finishes, finishesAux: is.b.finishesAux},
		value: -1,
	}
	f.kernel = func(c *Call) error { return is.kernel(f.of(c).head(c)) }
	f.add(v, nil, is.b, mainOutput)
	return f
}

// add makes v the last link of an output; its inputs that are in take the value
// of the link before.
func (f *chain) add(v, in *vertex, b *Binding, output int) {
	p := link{def: v.def, ni: v.ni, b: b, in: make([]int, len(v.in)), scratch: len(f.b.scratch), prepared: len(f.b.prepares), output: output}
	for i, x := range v.in {
		if x == in && !contains(v.def.ShapeOnly, i) {
			p.in[i] = fromBefore
			continue
		}
		p.in[i] = len(f.in)
		f.in, f.b.In = append(f.in, x), append(f.b.In, b.In[i])
		if len(f.links) > 0 && contains(v.def.InPlace, i) && !b.reads(i) && slices.Equal(x.spec.Shape, v.spec.Shape) {
			f.beside = append(f.beside, p.in[i])
		}
	}
	for _, i := range v.def.ShapeOnly {
		f.def.ShapeOnly = append(f.def.ShapeOnly, p.in[i])
	}
	for _, i := range v.def.Updates {
		f.def.Updates = append(f.def.Updates, p.in[i])
	}
	f.b.scratch = append(f.b.scratch, b.scratch...)
	for _, is := range b.prepares {
		f.b.prepares = append(f.b.prepares, f.prepares(len(f.links), is, p.in))
	}
	f.links = append(f.links, p)
}

// prepares makes a preparation of a link, whose inputs are where in says, one of the chain.
func (f *chain) prepares(link int, is preparation, in []int) preparation {
	prepare, inputs := is.prepare, make([]int, len(is.inputs))
	for k, i := range is.inputs {
		inputs[k] = in[i]
	}
	is.inputs = inputs
	is.prepare = func(c *Call, prepared *Array) { prepare(&f.of(c).links[link], prepared) }
	return is
}

// name is what the chain is called as an op.
func (f *chain) name() string { return f.join("+", func(p *link) string { return p.def.Name }) }

// nodes names the nodes that the chain computes.
func (f *chain) nodes() string { return f.join(", ", func(p *link) string { return p.ni.name }) }

func (f *chain) join(with string, of func(p *link) string) string {
	names := make([]string, len(f.links))
	for i := range f.links {
		names[i] = of(&f.links[i])
	}
	return strings.Join(names, with)
}

// addsRow tells whether the first does the work of the second, which adds a row.
func (f *chain) addsRow() bool {
	head, second := &f.links[0], &f.links[1]
	if !head.b.takesRow || second.output != mainOutput || second.b.row == 0 || second.in[0] != fromBefore || second.in[second.b.row] == fromBefore {
		return false
	}
	row := second.b.In[second.b.row].Shape
	alongLast := func(sp Spec) bool { return sp.Rank() > 0 && slices.Equal(row, sp.Shape[sp.Rank()-1:]) }
	return alongLast(head.b.Out) && alongLast(second.b.Out)
}

// rectifies tells whether the first does the work of link k, which comes right after it and
// rectifies.
func (f *chain) rectifies(k int) bool {
	p := &f.links[k]
	return f.links[0].b.takesRectifier && p.b.rectifies > 0 && p.output == mainOutput && p.in[0] == fromBefore
}

// chainCalls are the calls of a chain's links in one frame.
type chainCalls struct {
	links  []Call
	value  *Array                // the chain's value
	views  []view                // what the links see of it, and of extra outputs
	at     unsafe.Pointer        // where the value was when the views were placed
	factor func(c *Call) float64 // by which the first multiplies what it adds
}

// view is an output of the first link in the shape that another link sees.
type view struct{ as, of *Array }

// head returns the first link's call, ready to run.
func (r *chainCalls) head(c *Call) *Call {
	if r.at != r.value.ptr { // which moves with the frame's arena
		for _, v := range r.views {
			v.as.ptr = v.of.ptr
		}
		r.at = r.value.ptr
	}
	if r.factor != nil {
		r.links[0].factor = r.factor(&r.links[1])
	}
	return &r.links[0]
}

// of returns the calls of the links, made at the chain's first one.
func (f *chain) of(c *Call) *chainCalls {
	if c.chain == nil {
		c.chain = f.calls(c)
	}
	return c.chain
}

// calls makes the calls of the links out of the chain's.
func (f *chain) calls(c *Call) *chainCalls {
	r := &chainCalls{links: make([]Call, len(f.links)), value: c.Out}
	if f.value >= 0 {
		r.value = c.Scratch[f.value]
	}
	for k := range f.links {
		p, call := &f.links[k], &r.links[k]
		output := r.value
		if p.output != mainOutput {
			output = c.Aux[p.output]
		}
		see := func(sp Spec) *Array {
			a := shapeOnly(sp)
			r.views = append(r.views, view{a, output})
			return a
		}
		for i, at := range p.in {
			if at == fromBefore {
				call.In = append(call.In, see(p.b.In[i]))
			} else {
				call.In = append(call.In, c.In[at])
			}
		}
		call.Scratch = c.Scratch[p.scratch : p.scratch+len(p.b.scratch)]
		call.Prepared = c.Prepared[p.prepared : p.prepared+len(p.b.prepares)]
		call.Out = c.Out
		if !p.def.writes() {
			call.Out = see(p.b.Out)
		}
	}
	head := &r.links[0]
	head.Aux = c.Aux
	if f.adds {
		head.adds, r.factor = true, f.links[1].b.factor
		return r
	}
	next := 1
	switch {
	case f.affine > 0:
		row, _ := c.Prepared[0].halves()
		r.views = append(r.views, view{row, c.Prepared[0]})
		head.row, next = row, f.affine+1
		if f.scaled > 0 {
			head.In[f.links[0].b.linear] = c.Prepared[f.scaled]
		}
	case f.addsRow():
		second := &f.links[1]
		head.row, next = r.links[1].In[second.b.row], 2
	}
	if next < len(f.links) && f.rectifies(next) {
		head.most = f.links[next].b.rectifies
		next++
	}
	for k := next; k < len(f.links); k++ {
		p := &f.links[k]
		head.stages = append(head.stages, stage{p.b.loop, &r.links[k], p.output})
	}
	return r
}
