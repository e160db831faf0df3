package graph

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// form is what a preparation has made of variables and constants, kept by the session
// for the plans that use it and gone with the last of them.
type form struct {
	of    preparedBy
	from  []origin
	array *Array

	mu   sync.Mutex    // held while it is made, by one of the Runs that need it
	made atomic.Uint64 // the state of the variables then
}

// origin is where a value comes from that no plan computes.
type origin struct {
	cell  *cell // a variable's value
	konst *Array
}

// state changes when one of the variables does, to a number that it never was: versions
// only grow. It is not 0.
func (f *form) state() uint64 {
	state := uint64(1)
	for _, s := range f.from {
		if s.cell != nil {
			state += s.cell.version
		}
	}
	return state
}

// update makes the form unless it is there for the values that the variables have. The
// session's lock, which the Run holds, keeps these from changing, and so the form from
// being made anew under another Run that reads it.
func (f *form) update(c *Call, prepare func(c *Call, prepared *Array)) {
	state := f.state()
	if f.made.Load() == state {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.made.Load() != state {
		prepare(c, f.array)
		f.made.Store(state)
	}
}

// alignedArray is newArray at the beginning of a cache line.
func alignedArray(sp Spec) *Array {
	words := make([]uint64, (sizeOf(sp.Shape)*int(sp.Dtype.Size())+alignment)/8+1)
	start := unsafe.Pointer(unsafe.SliceData(words))
	return &Array{dtype: sp.Dtype, shape: sp.Shape, size: sizeOf(sp.Shape), ptr: unsafe.Add(start, (alignment-int(uintptr(start)%alignment))%alignment)}
}
