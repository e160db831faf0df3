package graph

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/parallel"
)

// OpDef declares one operation: what it is called, what comes out of what goes
// in, how it is computed and how it is differentiated. Apply makes a node of
// it. Everything that the planner must know of an op is declared here, or told
// by the kernel when it is chosen (Binding): no op is known to it by name.
//
// Name, Infer and Kernel are required. Parameters (an axis, an alpha) are
// captured by the functions; Attrs repeats them for people and exporters.
type OpDef struct {
	// Name is the op's type and the default name of its nodes, which Apply
	// makes unique within their scope.
	Name string

	// Attrs are the parameters, for Graphviz, errors and exporters.
	Attrs map[string]interface{}

	// Infer is the shape rule. It is called when the node is built, with
	// unknown sizes as -1, and again with known sizes for every new set of feed
	// shapes. An error says what was wanted and what came; the Spec returned
	// beside an error is the intended one as far as it is known.
	Infer func(in []Spec) (Spec, error)

	// Kernel returns the function that computes the node for the known shapes
	// in b. It runs once for every plan, so work that depends only on shapes
	// (strides, the choice between float32 and float64) belongs here. What it
	// tells b of the kernel (Binding.Pointwise, Finishes, FinishesAux,
	// Accumulates) lets the planner put several ops into one step, and
	// (Binding.Prepares) keep between Runs what depends on variables alone.
	Kernel func(b *Binding) (Kernel, error)

	// Gradient returns, for each input, the gradient node built from the
	// inputs, the output and the gradient with respect to the output; nil where
	// the op does not depend on that input in a differentiable way. Fail
	// through the scope. Without Gradient and Composite the op has none: see
	// NotDifferentiable.
	Gradient func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes

	// Composite expresses the op in other ops: the output first, then the extra
	// outputs. Gradients differentiates it where Gradient is nil or an extra
	// output is concerned, so that fused ops have second derivatives.
	Composite func(s *Scope, in gorgonia.Nodes) gorgonia.Nodes

	// NotDifferentiable says that a float-valued op without Gradient has
	// derivative zero or none (floor, a random draw): Gradients stops there
	// instead of reporting a missing gradient.
	NotDifferentiable bool

	// Aux gives the specs of extra outputs, which Aux selects.
	Aux func(in []Spec) ([]Spec, error)

	// ShapeOnly lists inputs of which only the shape is used. They are not
	// computed for this op, and their Array has no elements to read.
	ShapeOnly []int

	// Optional lists inputs that may be absent in a Run because they stand in a
	// branch that is not taken. When exactly one of them is present the op
	// must equal that input; when several are, Kernel sees Array.Absent.
	Optional []int

	// Alias returns the input whose memory the output shares unchanged (a
	// reshape), or -1 when for these specs it shares none. It is not asked of an
	// op that draws, acts or writes, whose kernel has to run.
	Alias func(in []Spec, out Spec) int

	// Undoes tells whether this op of one input, applied to the value of inner, another op of
	// one input, gives inner's input back: a transposition that puts the axes where they
	// were. A plan then takes that input, and computes neither op for it. nil is never.
	Undoes func(inner *OpDef) bool

	// InPlace lists inputs over which the kernel may write its output, element
	// i from element i, when they have its size and are not needed any more. A
	// pointwise op follows in the step of what computes one of them.
	InPlace []int

	// Assigns lists inputs, each a variable, whose value is replaced. In the
	// kernel that input is the variable's storage, and so is the output for the
	// first variable written.
	Assigns []int

	// Updates lists inputs, each a variable, whose current value is read,
	// changed and written as one step (AssignAdd, an optimizer's update).
	Updates []int

	// Reads lists inputs, each a variable, whose current value is read: it sees
	// the writes ordered before this op. Any other use of a variable sees the
	// value that it had when the Run began.
	Reads []int

	// Draws says that the op draws random numbers, from Binding.Seed,
	// Binding.Name and Call.Draw.
	Draws bool

	// Acts says that the op has another effect (Print, Assert), so that it
	// keeps its place among the effects that control edges order.
	Acts bool

	// MultiplyAdds counts the multiplications with an addition that the op takes for
	// known shapes. Those of ops without it are not counted; nothing is computed by it.
	MultiplyAdds func(in []Spec, out Spec) int64

	// NoValue says that the node is run for its effect only: fetching it gives
	// nil. Its spec is a scalar bool.
	NoValue bool
}

// effect tells whether control edges order the op.
func (d *OpDef) effect() bool {
	return len(d.Assigns)+len(d.Updates)+len(d.Reads) > 0 || d.Draws || d.Acts
}

// writes tells whether the op changes a variable.
func (d *OpDef) writes() bool { return len(d.Assigns)+len(d.Updates) > 0 }

// Kernel computes one node from the arrays in the call. It must not keep them.
// One that returns an error must not have changed a variable by then: what a
// failed Run reports as partially applied rests on it.
type Kernel func(c *Call) error

// Binding is what an op knows when its Kernel is chosen: the known specs of
// its inputs and outputs.
type Binding struct {
	In   []Spec
	Out  Spec
	Aux  []Spec
	Name string // the node's name, which with Seed keys a random op
	Seed int64  // the graph's seed

	scratch  []Spec
	prepares []preparation

	// What the kernel said of itself: see Pointwise and what follows it.
	loop        Loop
	pointwise   Kernel // that loop's
	finishes    bool
	finishesAux []int
	accumulates bool
	addend      int
	factor      func(c *Call) float64
	takesRow    bool
	row         int
	affine      func(c *Call, scale, shift *Array)
	linear      int

	takesRectifier bool
	rectifies      float64
}

// Scratch reserves working memory of n elements, and returns its index in
// Call.Scratch. Its content is undefined at every call.
func (b *Binding) Scratch(dtype tensor.Dtype, n int) int {
	b.scratch = append(b.scratch, Spec{dtype, tensor.Shape{n}})
	return len(b.scratch) - 1
}

// Call holds the arrays of one execution of a Kernel.
type Call struct {
	In       []*Array
	Out      *Array
	Aux      []*Array
	Scratch  []*Array
	Prepared []*Array // what Binding.Prepares declared
	Draw     uint64   // the number of this draw, for random ops

	body   func(c *Call, lo, hi int)
	stages []stage     // the ops that follow in the same step
	chain  *chainCalls // of a step that is a chain
	adds   bool        // Scale returns factor and 1
	factor float64
	row    *Array
	most   float64 // that a rectifier leaves, 0 where there is none
}

// Split runs body over disjoint ranges that cover [0, n), in parallel when n
// exceeds grain. The ranges depend on n and grain only, so the result does not
// depend on the number of workers. To keep a step free of allocations, pass a
// body made once, when the Kernel was chosen.
func (c *Call) Split(n, grain int, body func(c *Call, lo, hi int)) {
	if n <= grain {
		if n > 0 {
			body(c, 0, n)
		}
		return
	}
	c.body = body
	parallel.For(n, grain, c)
	c.body = nil
}

// Do runs a part of a Split; it satisfies internal/parallel's Body.
func (c *Call) Do(lo, hi int) { c.body(c, lo, hi) }

// SameAs is the shape rule of an op whose output has the spec of its first
// input.
func SameAs(in []Spec) (Spec, error) { return in[0], nil }

// AliasFirst is the Alias of an op whose output always shares its first
// input's memory.
func AliasFirst(in []Spec, out Spec) int { return 0 }
