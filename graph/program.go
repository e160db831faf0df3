package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// source says where the memory of an array comes from.
type source int

const (
	fromArena   source = iota // the frame's arena, at an offset
	fromConst                 // the plan
	fromFeed                  // what was fed
	fromCell                  // a variable's value in the session
	fromForm                  // what the session keeps of a preparation
	fromNothing               // only the shape, or an absent input
)

// arrayDef describes one array of a frame.
type arrayDef struct {
	spec   Spec
	source source
	offset int // fromArena
	konst  *Array
	feed   int
	cell   *cell
	form   *form
	absent bool // for certain
}

// step is one kernel call.
type step struct {
	name     string
	op       string
	nodes    string // of a chain: the nodes that it computes
	head     *link  // of a chain: the first, which alone can fail with an error
	kernel   Kernel // nil when only presence has to be found out, or memory is shared
	in       []int
	out      int
	aux      []int
	scratch  []int
	prepared []int

	maybe    bool // may be skipped
	preds    []predRef
	requires []int // inputs that must be present
	marks    []int // arrays that are absent when it is skipped

	writes  []*cell // the variables that it writes
	names   []string
	reads   *cell // Read: the variable must have a value
	draws   bool
	isFloat bool
}

type predRef struct {
	array int
	want  bool
}

// program is a plan ready to run. It is immutable; frames hold what a Run
// changes.
type program struct {
	fetches []int // the array of each fetch, -1 for an effect
	labels  []string
	soft    []bool // the fetch may be absent: then its result is nil

	feeds      []Spec
	feedArrays [][]int

	arrays     []arrayDef
	steps      []step
	arenaBytes int
	forms      []*form // what the session keeps for it between Runs
	held       []held  // for MemoryReport: what lies in the arena, and when
	required   []*cell
	writes     bool
	draws      bool
	drawCell   *cell
	bytes      int    // of the plan itself, for the cache
	noValues   Values // the results when every fetch is an effect
	pool       framePool
	feedNodes  []*nodeInfo
}

// assembler turns a schedule into a program.
type assembler struct {
	*planner
	st    *state
	prog  *program
	steps []*vertex

	emitted  []*vertex // the vertex of each step of the program, nil for a copy
	index    map[arrayKey]int
	byVertex map[*vertex][]int
	memory   map[memoryKey]*block
	required map[*cell]bool
	assigned map[*cell]bool
}

type arrayKey struct {
	v    *vertex
	copy bool
	raw  bool // the variable's memory itself
}

// plan runs all the steps of planning.
func (p *planner) plan(fetches []*gorgonia.Node) (prog *program, err error) {
	defer func() {
		if r := recover(); r != nil {
			prog, err = nil, p.panicked(r)
		}
	}()
	if err := p.discover(fetches); err != nil {
		return nil, err
	}
	p.mark()
	if err := p.checkFeeds(); err != nil {
		return nil, err
	}
	if err := p.settle(); err != nil {
		return nil, err
	}
	if err := p.fold(); err != nil {
		return nil, err
	}
	p.undo()
	p.alias()
	p.fuse()
	steps, err := p.schedule()
	if err != nil {
		return nil, err
	}
	return p.assemble(steps)
}

// panicked reports a panic in an op's Alias.
func (p *planner) panicked(r interface{}) error {
	e := &RunError{Cause: errors.Errorf("planning panicked: %v", r)}
	if p.now != nil {
		e.Node, e.Op = p.now.ni.name, opName(p.now.ni)
	}
	return e
}

func (p *planner) assemble(steps []*vertex) (*program, error) {
	a := &assembler{
		planner:  p,
		st:       p.versions(steps),
		prog:     &program{feedArrays: make([][]int, len(p.feeds))},
		steps:    steps,
		index:    map[arrayKey]int{},
		byVertex: map[*vertex][]int{},
		memory:   map[memoryKey]*block{},
		required: map[*cell]bool{},
		assigned: map[*cell]bool{},
	}
	for i := range p.feeds {
		f := &p.feeds[i]
		a.prog.feeds = append(a.prog.feeds, Spec{f.array.dtype, f.array.shape.Clone()})
		a.prog.feedNodes = append(a.prog.feedNodes, f.ni)
	}
	bindings, err := a.bind()
	if err != nil {
		return nil, err
	}
	a.layOut(bindings)
	if err := a.emit(bindings); err != nil {
		return nil, err
	}
	a.finish()
	return a.prog, nil
}

// binding is a step with its kernel chosen.
type binding struct {
	v      *vertex
	copyOf *vertex // a copy taken of this value
	kernel Kernel
	b      *Binding
	forms  []*form // of the preparations: nil for one that is made in every Run,
	remade []int   // in this scratch
	time   int
}

// bind chooses the kernels, and puts the copies in their place.
func (a *assembler) bind() ([]*binding, error) {
	var out []*binding
	for k, v := range a.steps {
		for _, o := range a.st.before[k] {
			out = append(out, &binding{v: a.st.copies[o], copyOf: o, time: len(out)})
		}
		bd := &binding{v: v, time: len(out)}
		if v.computes() && v.ni.kind == kindOp {
			is := a.bound(v)
			if is.err != nil {
				return nil, &RunError{Node: v.ni.name, Op: v.def.Name, Cause: errors.Wrapf(is.err, "with inputs %s", formatSpecs(is.b.In))}
			}
			bd.b, bd.kernel = is.b, is.kernel
			a.prepare(bd)
		}
		out = append(out, bd)
	}
	return out, nil
}

// prepare finds a place for what the kernel works from.
func (a *assembler) prepare(bd *binding) {
	all := bd.b.prepares
	if len(all) == 0 {
		return
	}
	bd.forms, bd.remade = make([]*form, len(all)), make([]int, len(all))
	for k := range all {
		if f := a.form(bd.v, &all[k]); f != nil {
			bd.forms[k] = f
			a.prog.forms = append(a.prog.forms, f)
		} else {
			bd.remade[k] = bd.b.Scratch(all[k].spec.Dtype, sizeOf(all[k].spec.Shape))
		}
	}
	bd.kernel = prepared(bd.kernel, all, bd.forms)
}

func bindKernel(def *OpDef, b *Binding) (k Kernel, err error) {
	defer recoverKernel(&err)
	k, err = def.Kernel(b)
	if err == nil && k == nil {
		err = errors.New("the op's Kernel returned nil")
	}
	b.returned(k)
	return k, err
}

// emit writes the steps down.
func (a *assembler) emit(bindings []*binding) error {
	for _, bd := range bindings {
		if bd.copyOf != nil {
			src := a.value(bd.copyOf, -1)
			dst := a.array(arrayKey{v: bd.copyOf, copy: true}, bd.copyOf.spec)
			a.prog.steps = append(a.prog.steps, step{
				name: bd.copyOf.ni.name, op: "copy", in: []int{src}, out: dst,
				kernel: func(c *Call) error { c.Out.copyFrom(c.In[0]); return nil },
			})
			a.emitted = append(a.emitted, nil)
			continue
		}
		a.emitStep(bd)
	}
	for _, v := range a.fetches {
		k := -1
		hasValue := !(v.ni.kind == kindOp && v.def.NoValue) && !v.dead
		if hasValue {
			k = a.value(v, len(a.steps))
		}
		a.prog.fetches = append(a.prog.fetches, k)
		a.prog.labels = append(a.prog.labels, v.ni.name)
		a.prog.soft = append(a.prog.soft, v.forEffect())
	}
	return nil
}

func (a *assembler) emitStep(bd *binding) {
	v := bd.v
	s := step{name: v.ni.name, op: opName(v.ni), kernel: bd.kernel, maybe: v.maybe, out: -1}
	if v.chain != nil {
		s.op, s.nodes, s.head = v.chain.name(), v.chain.nodes(), &v.chain.links[0]
	}
	for _, b := range v.preds {
		s.preds = append(s.preds, predRef{a.value(b.pred, v.step), b.want})
	}
	v.uses(func(i int, in *vertex) {
		if in.maybe && !(v.ni.kind == kindOp && v.sole == nil && contains(v.def.Optional, i)) {
			s.requires = append(s.requires, a.value(in, v.step))
		}
	})
	if v.computes() {
		a.emitKernel(&s, bd)
	} else if v.ni.kind == kindOp && v.sole == nil && len(v.def.Reads) > 0 {
		s.reads = a.cellOf(stateOf(v))
		a.read(s.reads)
	}
	a.prog.steps = append(a.prog.steps, s)
	a.emitted = append(a.emitted, v)
}

func (a *assembler) emitKernel(s *step, bd *binding) {
	v := bd.v
	if v.ni.kind == kindNative {
		for _, in := range v.in {
			s.in = append(s.in, a.value(in, v.step))
		}
		s.kernel = nativeKernel(v.ni)
		s.out = a.array(arrayKey{v: v}, v.spec)
		s.isFloat = v.spec.IsFloat()
		return
	}
	for i, in := range v.in {
		switch {
		case v.touches(i):
			s.in = append(s.in, a.array(arrayKey{v: in, raw: true}, in.spec))
		case contains(v.def.ShapeOnly, i), in.dead:
			s.in = append(s.in, a.shapeOnly(in))
		default:
			s.in = append(s.in, a.value(in, v.step))
		}
	}
	for _, i := range v.def.Reads {
		a.read(a.cellOf(v.in[i]))
	}
	for _, i := range v.def.Updates {
		a.read(a.cellOf(v.in[i]))
	}
	for _, i := range append(append([]int(nil), v.def.Assigns...), v.def.Updates...) {
		c := a.cellOf(v.in[i])
		s.writes = append(s.writes, c)
		s.names = append(s.names, v.in[i].ni.name)
		if !v.maybe {
			a.assigned[c] = true
		}
	}
	if variable := stateOf(v); variable != nil {
		s.out = a.array(arrayKey{v: variable, raw: true}, variable.spec)
		a.value(v, v.step) // the result as a value of its own, which may be absent
	} else {
		s.out = a.array(arrayKey{v: v}, v.spec)
	}
	for k, sp := range v.aux {
		s.aux = append(s.aux, a.memoryArray(memoryKey{v: v, aux: k}, sp))
	}
	for k, sp := range bd.b.scratch {
		s.scratch = append(s.scratch, a.memoryArray(memoryKey{v: v, aux: -2 - k}, sp))
	}
	for k, f := range bd.forms {
		if f != nil {
			s.prepared = append(s.prepared, a.add(arrayDef{spec: bd.b.prepares[k].spec, source: fromForm, form: f}))
		} else {
			s.prepared = append(s.prepared, s.scratch[bd.remade[k]])
		}
	}
	s.draws = v.def.Draws
	s.isFloat = a.prog.arrays[s.out].spec.IsFloat()
	a.prog.draws = a.prog.draws || s.draws
}

// read notes that the variable must have a value when the Run begins, unless
// the Run itself has given it one by then.
func (a *assembler) read(c *cell) {
	if !a.assigned[c] {
		a.require(c)
	}
}

// require notes that the variable must have a value when the Run begins.
func (a *assembler) require(c *cell) {
	if !a.required[c] {
		a.required[c] = true
		a.prog.required = append(a.prog.required, c)
	}
}

// value returns the array that holds the value of v as a use at a step sees it;
// step -1 is the value's own memory.
func (a *assembler) value(v *vertex, at int) int {
	o, aux := owner(v)
	key := arrayKey{v: v}
	if aux < 0 && at >= 0 {
		key.copy = a.st.late(o, at)
	}
	if o.ni.kind == kindVariable && !o.fed {
		a.require(a.cellOf(o))
	}
	return a.array(key, v.spec)
}

// array returns the index of an array, entering it at first use.
func (a *assembler) array(key arrayKey, sp Spec) int {
	if k, ok := a.index[key]; ok {
		return k
	}
	d := arrayDef{spec: sp}
	o, aux := owner(key.v)
	variable := stateOf(o)
	switch {
	case key.raw:
		d.source, d.cell = fromCell, a.cellOf(key.v)
	case key.copy:
		d.source, d.offset = fromArena, a.memory[memoryKey{v: a.st.copies[o], aux: -1}].offset
	case o.konst != nil:
		d.source, d.konst = fromConst, o.konst
		if o.ni.kind == kindOp && !o.fed { // folded; others belong to the graph
			a.prog.bytes += o.konst.size * int(o.konst.dtype.Size())
		}
	case o.fed:
		d.source, d.feed = fromFeed, a.feedIndex(o)
	case variable != nil:
		d.source, d.cell = fromCell, a.cellOf(variable)
	default:
		d.source, d.offset = fromArena, a.memory[memoryKey{v: o, aux: aux}].offset
	}
	k := a.add(d)
	a.index[key] = k
	if !key.raw {
		a.byVertex[key.v] = append(a.byVertex[key.v], k)
	}
	if d.source == fromFeed {
		a.prog.feedArrays[d.feed] = append(a.prog.feedArrays[d.feed], k)
	}
	return k
}

func (a *assembler) add(d arrayDef) int {
	a.prog.arrays = append(a.prog.arrays, d)
	return len(a.prog.arrays) - 1
}

// memoryArray enters working memory or an extra output.
func (a *assembler) memoryArray(key memoryKey, sp Spec) int {
	return a.add(arrayDef{spec: sp, source: fromArena, offset: a.memory[key].offset})
}

func (a *assembler) shapeOnly(v *vertex) int {
	return a.add(arrayDef{spec: v.spec, source: fromNothing, absent: v.dead})
}

func (a *assembler) feedIndex(v *vertex) int {
	for i := range a.feeds {
		if a.feeds[i].ni.node == v.ni.node {
			return i
		}
	}
	return -1
}

func (a *assembler) cellOf(v *vertex) *cell { return a.sess.cell(v.ni) }

// feedOf returns the place of a feed among those of the plan.
func (p *program) feedOf(f *feedValue) int {
	for i, ni := range p.feedNodes {
		if ni.node == f.ni.node {
			return i
		}
	}
	return -1
}

// finish fills in what the Run loop looks up.
func (a *assembler) finish() {
	p := a.prog
	p.noValues = make(Values, len(p.fetches))
	for _, k := range p.fetches {
		if k >= 0 {
			p.noValues = nil
		}
	}
	for k := range p.steps {
		p.writes = p.writes || len(p.steps[k].writes) > 0
	}
	for k, v := range a.emitted {
		if v != nil && v.maybe {
			p.steps[k].marks = a.byVertex[v]
		}
	}
	if p.draws {
		p.writes = true
		p.drawCell = a.sess.cell(a.g.lookup(a.g.drawNode()))
	}
	p.bytes += 200*len(p.arrays) + 400*len(p.steps)
}
