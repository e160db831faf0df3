package graph

import (
	"sync"
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// frame is a program's working state for one Run: its arrays, placed in an
// arena, and the calls made of them. Frames are reused, so that a Run allocates
// nothing.
type frame struct {
	prog   *program
	arrays []Array
	calls  []Call
	arena  *arena
	gen    int // of the arena, when the arrays were placed
	next   *frame

	step  int  // under way
	drew  bool // a random op has run
	wrote bool // a variable has changed
}

// arena is the memory of the intermediate values of one Run at a time.
type arena struct {
	words []uint64
	base  unsafe.Pointer
	bytes int
	gen   int // changes when the memory is replaced
	next  *arena
}

func (a *arena) grow(bytes int) {
	if bytes <= a.bytes && a.base != nil {
		return
	}
	a.words = make([]uint64, capacity(bytes)/8)
	start := unsafe.Pointer(unsafe.SliceData(a.words))
	a.base = unsafe.Add(start, (alignment-int(uintptr(start)%alignment))%alignment)
	a.bytes = bytes
	a.gen++
}

// arenaPool holds the arenas of a session, shared by all its plans.
type arenaPool struct {
	mu          sync.Mutex
	free        *arena
	made, bytes int // of all arenas, those in use too
}

// capacity is the memory of an arena for so many bytes.
func capacity(bytes int) int { return bytes + 2*alignment }

func (p *arenaPool) take(bytes int) *arena {
	p.mu.Lock()
	a := p.free
	if a != nil {
		p.free = a.next
	} else {
		a = &arena{}
		p.made++
		p.bytes += capacity(0)
	}
	p.bytes += max(0, bytes-a.bytes)
	p.mu.Unlock()
	a.grow(bytes)
	return a
}

func (p *arenaPool) give(a *arena) {
	p.mu.Lock()
	a.next = p.free
	p.free = a
	p.mu.Unlock()
}

func (p *arenaPool) clear() {
	p.mu.Lock()
	p.free, p.made, p.bytes = nil, 0, 0
	p.mu.Unlock()
}

// size returns how many arenas there are, and their bytes.
func (p *arenaPool) size() (arenas, bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made, p.bytes
}

// framePool holds the frames of a program that are not in use.
type framePool struct {
	mu   sync.Mutex
	free *frame
	made int // frames, those in use too
}

// frame returns a frame with an arena.
func (p *program) frame(arenas *arenaPool) *frame {
	a := arenas.take(p.arenaBytes)
	p.pool.mu.Lock()
	f := p.pool.free
	if f != nil {
		p.pool.free = f.next
	} else {
		p.pool.made++
	}
	p.pool.mu.Unlock()
	if f == nil {
		f = p.newFrame()
	}
	if f.arena != a || f.gen != a.gen {
		f.bind(a)
	}
	return f
}

func (p *program) giveBack(f *frame, arenas *arenaPool) {
	for _, list := range p.feedArrays {
		for _, k := range list {
			f.arrays[k].ptr = nil // hold no fed memory
		}
	}
	arenas.give(f.arena)
	p.pool.mu.Lock()
	f.next = p.pool.free
	p.pool.free = f
	p.pool.mu.Unlock()
}

func (p *program) newFrame() *frame {
	f := &frame{prog: p, arrays: make([]Array, len(p.arrays)), calls: make([]Call, len(p.steps))}
	for i := range p.arrays {
		d := &p.arrays[i]
		f.arrays[i] = Array{dtype: d.spec.Dtype, shape: d.spec.Shape, size: sizeOf(d.spec.Shape), absent: d.absent}
		switch d.source {
		case fromConst:
			f.arrays[i].ptr = d.konst.ptr
		case fromCell:
			f.arrays[i].ptr = d.cell.array.ptr
		case fromForm:
			f.arrays[i].ptr = d.form.array.ptr
		}
	}
	refs := func(list []int) []*Array {
		out := make([]*Array, len(list))
		for i, k := range list {
			out[i] = &f.arrays[k]
		}
		return out
	}
	for i := range p.steps {
		st := &p.steps[i]
		f.calls[i] = Call{In: refs(st.in), Aux: refs(st.aux), Scratch: refs(st.scratch), Prepared: refs(st.prepared)}
		if st.out >= 0 {
			f.calls[i].Out = &f.arrays[st.out]
		}
	}
	return f
}

// bind places the frame's arrays in an arena.
func (f *frame) bind(a *arena) {
	for i := range f.prog.arrays {
		if d := &f.prog.arrays[i]; d.source == fromArena {
			f.arrays[i].ptr = unsafe.Add(a.base, d.offset)
		}
	}
	f.arena, f.gen = a, a.gen
}

// present finds out whether a step that stands in an undecided branch runs, and
// marks its results accordingly.
func (f *frame) present(st *step) bool {
	present := true
	for _, p := range st.preds {
		if a := &f.arrays[p.array]; a.absent || *(*bool)(a.ptr) != p.want {
			present = false
			break
		}
	}
	for _, k := range st.requires {
		if !present {
			break
		}
		present = !f.arrays[k].absent
	}
	for _, k := range st.marks {
		f.arrays[k].absent = !present
	}
	return present
}

// results copies the fetched values.
func (f *frame) results(copied func(*Array) *tensor.Dense) Values {
	p := f.prog
	if p.noValues != nil {
		return p.noValues
	}
	out := make(Values, len(p.fetches))
	for i, k := range p.fetches {
		if k >= 0 && !f.arrays[k].absent {
			out[i] = copied(&f.arrays[k])
		}
	}
	return out
}

// nativeKernel runs a Gorgonia op by fallback.
func nativeKernel(ni *nodeInfo) Kernel {
	return func(c *Call) error {
		out, err := runNative(ni, c.In)
		if err != nil {
			return err
		}
		if out.dtype != c.Out.dtype || out.size != c.Out.size {
			return errors.Errorf("Gorgonia's op gave %v where %v was planned", Spec{out.dtype, out.shape}, Spec{c.Out.dtype, c.Out.shape})
		}
		c.Out.copyFrom(out)
		return nil
	}
}

// runs are reused to keep a Run free of allocations.
var runs sync.Pool

func takeRun() *run {
	if r, ok := runs.Get().(*run); ok {
		return r
	}
	return &run{}
}

func (r *run) release() {
	for i := range r.feeds {
		r.feeds[i].ni = nil
		r.feeds[i].array = Array{}
	}
	runs.Put(r)
}
