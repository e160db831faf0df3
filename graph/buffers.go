package graph

import (
	"sort"
	"unsafe"
)

// memoryKey names a piece of arena memory: a vertex's output (aux -1), an extra
// output (aux >= 0) or working memory (aux <= -2).
type memoryKey struct {
	v   *vertex
	aux int
}

// block is a piece of memory and the time during which it is in use.
type block struct {
	key        memoryKey
	bytes      int
	offset     int
	start, end int    // steps, both included
	over       *block // it is written over this block, which ends there
	old        bool   // a variable's value, copied before a write
}

// alignment of every block, a cache line.
const alignment = 64

// layOut gives every value of the program its place in the arena: two values
// share memory when one is not needed any more before the other is made, and an
// op writes over its input where it may.
func (a *assembler) layOut(bindings []*binding) {
	var blocks []*block
	make := func(key memoryKey, sp Spec, time int) {
		b := &block{key: key, bytes: sizeOf(sp.Shape) * int(sp.Dtype.Size()), start: time, end: time}
		a.memory[key] = b
		blocks = append(blocks, b)
	}
	for _, bd := range bindings {
		if bd.copyOf != nil {
			make(memoryKey{bd.v, -1}, bd.v.spec, bd.time)
			a.memory[memoryKey{bd.v, -1}].old = true
			continue
		}
		if !bd.v.computes() {
			continue
		}
		if stateOf(bd.v) == nil {
			make(memoryKey{bd.v, -1}, bd.v.spec, bd.time)
		}
		for k, sp := range bd.v.aux {
			make(memoryKey{bd.v, k}, sp, bd.time)
		}
		if bd.b != nil {
			for k, sp := range bd.b.scratch {
				make(memoryKey{bd.v, -2 - k}, sp, bd.time)
			}
		}
	}
	use := func(v *vertex, step, time int) {
		if b := a.blockOf(v, step); b != nil {
			b.end = max(b.end, time)
		}
	}
	for _, bd := range bindings {
		if bd.copyOf != nil {
			use(bd.copyOf, -1, bd.time)
			continue
		}
		bd.v.uses(func(_ int, in *vertex) { use(in, bd.v.step, bd.time) })
		for _, b := range bd.v.preds {
			use(b.pred, bd.v.step, bd.time)
		}
	}
	for _, v := range a.planner.fetches {
		if v.needed {
			use(v, len(a.steps), len(bindings))
		}
	}
	for _, bd := range bindings {
		if bd.copyOf == nil && bd.kernel != nil {
			a.writeOver(bd)
		}
	}
	a.prog.held = hold(blocks)
	a.prog.bytes += len(blocks) * int(unsafe.Sizeof(held{}))
	a.prog.arenaBytes = place(blocks)
}

// blockOf returns the memory in which a use of v at a step finds its value, nil
// when that is not in the arena.
func (a *assembler) blockOf(v *vertex, step int) *block {
	o, aux := owner(v)
	if aux < 0 && step >= 0 && a.st.late(o, step) {
		return a.memory[memoryKey{a.st.copies[o], -1}]
	}
	return a.memory[memoryKey{o, aux}]
}

// writeOver lets a step write its output, or what a chain keeps on the way to an
// update, over an input that ends there.
func (a *assembler) writeOver(bd *binding) {
	v := bd.v
	out := a.memory[memoryKey{v, -1}]
	if v.chain != nil && v.chain.value >= 0 {
		out = a.memory[memoryKey{v, -2 - v.chain.value}]
	}
	if out == nil || a.planner.sess.cfg.NoFusion {
		return
	}
	for _, i := range v.def.InPlace {
		if i >= len(v.in) || v.in[i].dead || v.in[i].spec.Dtype != v.spec.Dtype {
			continue
		}
		b := a.blockOf(v.in[i], v.step)
		if b == nil || b.end != bd.time || b.start == bd.time || b.bytes != out.bytes {
			continue
		}
		shared := false // with an input that must keep its value
		v.uses(func(k int, in *vertex) {
			shared = shared || !contains(v.def.InPlace, k) && a.blockOf(in, v.step) == b
		})
		for _, p := range v.preds {
			shared = shared || a.blockOf(p.pred, v.step) == b
		}
		if !shared {
			out.over = b
			return
		}
	}
}

// place assigns offsets and returns the size of the arena. It goes through time
// and takes the smallest free gap that is large enough.
func place(blocks []*block) int {
	roots := map[*block]*block{}
	for _, b := range blocks { // in order of start: b.over comes before b
		if b.over != nil {
			root := roots[b.over]
			roots[b] = root
			root.end = max(root.end, b.end)
			continue
		}
		roots[b] = b
	}
	var arena freeList
	var live []*block
	for _, b := range blocks {
		if b.over != nil {
			continue
		}
		kept := live[:0]
		for _, l := range live {
			if l.end < b.start {
				arena.release(l.offset, roundUp(l.bytes))
			} else {
				kept = append(kept, l)
			}
		}
		live = append(kept, b)
		b.offset = arena.take(roundUp(b.bytes))
	}
	for _, b := range blocks {
		b.offset = roots[b].offset
	}
	return arena.size
}

func roundUp(n int) int { return max(alignment, (n+alignment-1)/alignment*alignment) }

// freeList keeps the gaps of an arena that grows at its end.
type freeList struct {
	gaps []gap // by offset, never adjacent
	size int
}

type gap struct{ offset, bytes int }

func (f *freeList) take(n int) int {
	best := -1
	for i, g := range f.gaps {
		if g.bytes >= n && (best < 0 || g.bytes < f.gaps[best].bytes) {
			best = i
		}
	}
	if best < 0 {
		if k := len(f.gaps) - 1; k >= 0 && f.gaps[k].offset+f.gaps[k].bytes == f.size {
			offset := f.gaps[k].offset // grow the gap at the end
			f.gaps = f.gaps[:k]
			f.size = offset + n
			return offset
		}
		f.size += n
		return f.size - n
	}
	g := &f.gaps[best]
	offset := g.offset
	g.offset, g.bytes = g.offset+n, g.bytes-n
	if g.bytes == 0 {
		f.gaps = append(f.gaps[:best], f.gaps[best+1:]...)
	}
	return offset
}

func (f *freeList) release(offset, n int) {
	i := sort.Search(len(f.gaps), func(i int) bool { return f.gaps[i].offset > offset })
	f.gaps = append(f.gaps, gap{})
	copy(f.gaps[i+1:], f.gaps[i:])
	f.gaps[i] = gap{offset, n}
	if i+1 < len(f.gaps) && offset+n == f.gaps[i+1].offset {
		f.gaps[i].bytes += f.gaps[i+1].bytes
		f.gaps = append(f.gaps[:i+1], f.gaps[i+2:]...)
	}
	if i > 0 && f.gaps[i-1].offset+f.gaps[i-1].bytes == offset {
		f.gaps[i-1].bytes += f.gaps[i].bytes
		f.gaps = append(f.gaps[:i], f.gaps[i+1:]...)
	}
}
