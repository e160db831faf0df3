package dataset

import "math/rand/v2"

// Source is a number of examples that can be read one by one and in any order,
// such as a Set or a folder of images. Order, batches and repetition are the
// business of Batches, so a Source holds no position and needs no state.
type Source interface {
	// Len returns the number of examples.
	Len() int
	// Read fills e with example e.Index, from 0 to Len()-1. It is called by
	// several goroutines at once, each with an Example of its own. An error
	// names the example by what a user knows of it, such as its path.
	Read(e *Example) error
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

	// Rand draws numbers that follow from the seed of the Batches, the epoch
	// and the Index alone, whichever goroutine reads the example.
	Rand *rand.Rand
}

// Resize gives the example a shape and returns X with as many elements. They
// hold anything: what was in X before is lost.
func (e *Example) Resize(shape ...int) []float32 {
	n := 1
	for _, d := range shape {
		n *= d
	}
	e.Shape = append(e.Shape[:0], shape...)
	if cap(e.X) < n {
		e.X = make([]float32, n)
	}
	e.X = e.X[:n]
	return e.X
}

// Transform changes an example after it was read, such as an augmentation of
// images. It is called by several goroutines at once, so what it draws comes
// from e.Rand.
type Transform func(e *Example) error
