package dataset

import "math/rand/v2"

// Source is a number of examples that can be read one by one and in any order,
// such as a Set or a folder of images. Order, batches and repetition are the
// business of Batches, so a Source holds no position and needs no state.
type Source interface {
	// Len returns the number of examples.
	Len() int
	// Read fills e with example e.Index, from 0 to Len()-1. It is called by
	// several goroutines at once, each with an Example of its own. It copies,
	// since Transforms change X in place. An error names the example by what a
	// user knows of it, such as its path.
	Read(e *Example) error
}

// Labelled is a Source that knows its class ids without reading its examples. A
// stratified Split, Partition or KFold needs one.
type Labelled interface {
	Source
	// Labels returns the class id of every example, [n], or nil where there are
	// none. It is not to be changed.
	Labels() []int64
}

// Example is one example on its way into a batch. Examples are used again:
// Read and Transforms set what is below and keep nothing of it.
type Example struct {
	Index int // in the Source
	Epoch int // from 0

	X      []float32 // values, row-major; Resize makes room for them
	Shape  []int     // of X, such as 28, 28, 1
	Label  int64     // class id; -1 where there is none
	Target []float32 // what is to be predicted where that is no class; nil for none

	// TargetShape is the shape of Target; ResizeTarget sets it. Where it is empty,
	// one number is a scalar and several are a vector.
	TargetShape []int

	// Rand draws numbers that follow from the seed of the Batches, the epoch
	// and the Index alone, whichever goroutine reads the example. (Where Weights
	// draw an example several times an epoch, they follow from its place in the
	// epoch instead of the Index.)
	Rand *rand.Rand

	target []float32 // memory of Target
}

// Resize gives the example a shape and returns X with as many elements. They
// hold anything: what was in X before is lost.
func (e *Example) Resize(shape ...int) []float32 {
	e.Shape = append(e.Shape[:0], shape...)
	e.X = resized(e.X, product(shape))
	return e.X
}

// ResizeTarget gives the example a target of a shape (none for a scalar) and
// returns Target with as many elements, which hold anything.
func (e *Example) ResizeTarget(shape ...int) []float32 {
	e.TargetShape = append(e.TargetShape[:0], shape...)
	e.target = resized(e.target, product(shape))
	e.Target = e.target
	return e.Target
}

// targetShape is the shape of Target with the rule for an empty TargetShape applied.
func (e *Example) targetShape() []int {
	if len(e.TargetShape) == 0 && len(e.Target) != 1 {
		e.TargetShape = append(e.TargetShape, len(e.Target))
	}
	return e.TargetShape
}

// clear leaves the memory of an example and nothing else of it.
func (e *Example) clear() {
	e.X, e.Shape, e.Label, e.Target, e.TargetShape = e.X[:0], e.Shape[:0], -1, nil, e.TargetShape[:0]
}

// Transform changes an example after it was read, such as an augmentation of
// images. It is called by several goroutines at once, so what it draws comes
// from e.Rand. A panic in it, or t.Fatal of a test, is an error of the example.
type Transform func(e *Example) error

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// resized is a slice of n elements, not nil, on the memory of x where that is enough.
func resized(x []float32, n int) []float32 {
	if x == nil || cap(x) < n {
		return make([]float32, n)
	}
	return x[:n]
}
