package graph

import (
	"slices"
	"unsafe"
)

// Loop computes the elements [lo, hi) of c.Out.
type Loop func(c *Call, lo, hi int)

// Pointwise returns the kernel of an op that goes from element to element: of
// an input that has Out's shape and is listed in OpDef.InPlace, loop reads only
// the elements [lo, hi), and it may find Out in that input's place; other inputs
// it may read anywhere. An element's bits must not depend on the range in which it
// is computed.
//
// The kernel walks over large arrays in parallel. The planner may also let the
// loop follow the op that computes an input over which it may write (an update's
// need not be listed), piece by piece while the pieces are in the cache; so
// chains of pointwise ops, and those behind an op that Finishes, are one pass.
// That is so only if the op's Kernel returns this kernel itself: around one that
// it puts a function of its own, nothing is known.
func (b *Binding) Pointwise(loop Loop) Kernel {
	blocks := func(c *Call, lo, hi int) {
		for ; lo < hi; lo += pointwiseBlock {
			end := min(hi, lo+pointwiseBlock)
			loop(c, lo, end)
			c.Finish(lo, end)
		}
	}
	b.loop = loop
	b.pointwise = func(c *Call) error {
		body := loop
		if c.Followed() {
			body = blocks
		}
		c.Split(c.Out.size, pointwiseGrain, body)
		return nil
	}
	return b.pointwise
}

// returned notes what the op's Kernel returned. Functions cannot be compared,
// but what they point to can.
func (b *Binding) returned(k Kernel) {
	if *(*unsafe.Pointer)(unsafe.Pointer(&k)) == *(*unsafe.Pointer)(unsafe.Pointer(&b.pointwise)) {
		b.finishes = true
	} else {
		b.loop = nil
	}
}

const (
	// pointwiseGrain is how many elements of a pointwise op one goroutine takes:
	// less is not worth handing over.
	pointwiseGrain = 32768

	// pointwiseBlock is how many elements go through the loops of a chain at a
	// time: so few that they stay in the first-level cache, and enough that the
	// calls cost nothing.
	pointwiseBlock = 2048
)

// Finishes says that the kernel calls Call.Finish for every element of Out once
// its value is final, so that pointwise ops may follow it in the same step.
func (b *Binding) Finishes() { b.finishes = true }

// FinishesAux says of extra output k what Finishes says of Out: that the kernel
// calls Call.FinishAux for every element of it.
func (b *Binding) FinishesAux(k int) { b.finishesAux = append(b.finishesAux, k) }

// Accumulates says that the kernel computes Out = alpha*y + beta*Out, y being
// the op's value, with the numbers that Call.Scale returns.
func (b *Binding) Accumulates() { b.accumulates = true }

// Adds says that the kernel is Out += factor(c) * In[i] and nothing else, which
// an op that Accumulates can do on its own.
func (b *Binding) Adds(i int, factor func(c *Call) float64) { b.addend, b.factor = i, factor }

// TakesRow says that the kernel adds Call.Row, where there is one, to every row
// of the op's value, the rounded one.
func (b *Binding) TakesRow() { b.takesRow = true }

// AddsRow says that the kernel is Out = In[0] + In[i] and nothing else, In[i]
// being a vector along the last axis: what an op that TakesRow can do on its
// own.
func (b *Binding) AddsRow(i int) { b.row = i }

// Rectifies says that the kernel is Out = min(max(In[0], 0), most) and nothing else, that
// NaN stays NaN and -0 becomes 0: what an op that TakesRectifier can do on its own. most is
// positive, and may be +Inf.
func (b *Binding) Rectifies(most float64) { b.rectifies = most }

// TakesRectifier says that the kernel bounds the op's value, after adding a row where it
// TakesRow, as Call.Rectifier says.
func (b *Binding) TakesRectifier() { b.takesRectifier = true }

// Finish tells that the elements [lo, hi) of Out have their values. Every
// element is told once, by any goroutine; Out may be changed by the call, and
// what depends on its elements has to be done before.
func (c *Call) Finish(lo, hi int) { c.finish(mainOutput, lo, hi) }

// FinishAux tells of extra output k what Finish tells of Out.
func (c *Call) FinishAux(k, lo, hi int) { c.finish(k, lo, hi) }

func (c *Call) finish(output, lo, hi int) {
	for ; lo < hi; lo += pointwiseBlock {
		end := min(hi, lo+pointwiseBlock)
		for i := range c.stages {
			if s := &c.stages[i]; s.output == output {
				s.loop(s.call, lo, end)
			}
		}
	}
}

// Followed tells whether Finish has anything to do.
func (c *Call) Followed() bool {
	return slices.ContainsFunc(c.stages, func(s stage) bool { return s.output == mainOutput })
}

// Scale returns the numbers by which a kernel that Accumulates multiplies its
// value and what Out holds: 1 and 0 unless an update is part of the step.
func (c *Call) Scale() (alpha, beta float64) {
	if c.adds {
		return c.factor, 1
	}
	return 1, 0
}

// Row returns the vector that a kernel which TakesRow adds, nil where there is
// none.
func (c *Call) Row() *Array { return c.row }

// Rectifier tells whether a kernel that TakesRectifier is to set what is 0 or less to 0, and
// what is most or more to most.
func (c *Call) Rectifier() (most float64, ok bool) { return c.most, c.most > 0 }

// stage is a pointwise op that follows in the same step.
type stage struct {
	loop   Loop
	call   *Call
	output int // which one it changes: an extra one, or mainOutput
}
