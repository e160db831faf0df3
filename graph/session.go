package graph

import (
	"slices"
	"sort"
	"sync"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/philox"
)

// SessionConfig configures a Session. The zero value is usable.
type SessionConfig struct {
	// CheckNumerics makes a Run fail at the first node, or feed, that holds a
	// NaN or an infinity, naming it. It costs one pass over every float value.
	CheckNumerics bool
	// OnWarning is called with each warning as it arises; Warnings lists them.
	OnWarning func(Warning)
	// From keeps the values that another session, of any graph, has for
	// variables of equal name, dtype and shape.
	From *Session
	// Tracer, when set, records the time of every node of every Run.
	Tracer *Tracer
	// PlanCacheBytes bounds the memory of cached plans, apart from what they share:
	// arenas, and what is prepared from variables. Default 64 MiB.
	PlanCacheBytes int
	// NoFolding and NoFusion switch those steps of planning off, to compare.
	// Without fusion every op has its own step, and writes over no input.
	NoFolding bool
	NoFusion  bool
}

// Session holds values for a graph's variables and runs parts of the graph. It
// may be used by several goroutines: Runs that change no variable run side by
// side, one that does excludes the others. Several sessions on one graph are
// independent.
type Session struct {
	g   *Graph
	cfg SessionConfig

	mu     sync.RWMutex // held by Runs, exclusively by those that write
	closed bool

	cellsMu sync.Mutex
	cells   map[*nodeInfo]*cell

	plans  planCache
	arenas arenaPool

	warnMu   sync.Mutex
	warnings []Warning
	warned   map[Warning]bool
	ablate   ablation
}

// cell is a variable's value in a session.
type cell struct {
	ni    *nodeInfo
	array *Array
	ready bool   // has a value
	draws uint64 // how often it was initialised

	// version counts the writes, each of which holds the session's lock for itself.
	version uint64
}

// written notes that the variable has a new value.
func (c *cell) written() {
	c.ready = true
	c.version++
}

// ablation switches single mechanisms of the planner off, so that tests can
// show that they notice.
type ablation struct {
	versions      bool // copies of old values
	controlOrder  bool // order of effects
	creationOrder bool // of unordered writes
	conflicts     bool // the report of unordered assignments
	early         bool // writes first instead of last
	pruning       bool // of branches that are decided before the Run
	guards        bool // skipping of what stands in an undecided branch
	companions    bool // leaving out updates below a fed node
	sharing       bool // of one draw by all its consumers
	advance       bool // of the draw counter
	cancel        bool // looking at the context
	exclusion     bool // of other Runs by one that writes

	view func(*Array) *tensor.Dense // takes the place of copying fetched values
}

// NewSession returns a session on g. A build error of the graph surfaces here.
// Variables have no values until Init, SetValue or a Saver gives them some.
func NewSession(g *Graph, cfg SessionConfig) (*Session, error) {
	if g == nil {
		return nil, errors.New("graph.NewSession: the graph is nil")
	}
	if err := g.Err(); err != nil {
		return nil, err
	}
	if cfg.PlanCacheBytes == 0 {
		cfg.PlanCacheBytes = 64 << 20
	}
	s := &Session{g: g, cfg: cfg, cells: map[*nodeInfo]*cell{}, warned: map[Warning]bool{}}
	s.plans.limit = cfg.PlanCacheBytes
	if cfg.From != nil {
		if err := s.keep(cfg.From); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Graph returns the session's graph.
func (s *Session) Graph() *Graph { return s.g }

// Close frees the session's memory. Later calls fail.
func (s *Session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.plans.clear()
	s.arenas.clear()
	s.cellsMu.Lock()
	defer s.cellsMu.Unlock()
	s.cells = map[*nodeInfo]*cell{}
	return nil
}

var errClosed = errors.New("the session is closed")

// cell returns the place of a variable's value.
func (s *Session) cell(ni *nodeInfo) *cell {
	s.cellsMu.Lock()
	defer s.cellsMu.Unlock()
	c := s.cells[ni]
	if c == nil {
		c = &cell{ni: ni, array: newArray(ni.spec)}
		c.ready = ni.node == s.g.drawNode() // the draw counter starts at zero by itself
		s.cells[ni] = c
	}
	return c
}

func (g *Graph) drawNode() *gorgonia.Node {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.draw
}

// keep copies the values that another session has for equal variables.
func (s *Session) keep(from *Session) error {
	from.mu.RLock()
	defer from.mu.RUnlock()
	if from.closed {
		return errors.New("graph.NewSession: the session in SessionConfig.From is closed and has no values any more; close it after this call")
	}
	from.cellsMu.Lock()
	defer from.cellsMu.Unlock()
	for _, v := range s.g.Variables() {
		ni := s.g.lookup(v)
		var kept *cell
		for other, c := range from.cells {
			if other.name != ni.name || !c.ready || other.spec.Dtype != ni.spec.Dtype || !slices.Equal(other.spec.Shape, ni.spec.Shape) {
				continue
			}
			// After Scope.Fresh there may be several of a name: the youngest counts.
			if kept == nil || other == ni || kept.ni != ni && other.node.ID() > kept.ni.node.ID() {
				kept = c
			}
		}
		if kept != nil {
			mine := s.cell(ni)
			mine.array.copyFrom(kept.array)
			mine.written()
		}
	}
	return nil
}

// Init gives the named variables a new initial value; without arguments, all
// variables that have none. So Init after a Restore wipes nothing.
func (s *Session) Init(vars ...*gorgonia.Node) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	if err := s.g.Err(); err != nil {
		return err
	}
	in := &initialisation{s: s, pending: map[*cell]bool{}}
	if len(vars) == 0 {
		for _, v := range s.g.Variables() {
			if c := s.cell(s.g.lookup(v)); !c.ready {
				if err := in.draw(c); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, v := range vars {
		c, err := s.variableCell(v)
		if err != nil {
			return err
		}
		if err := in.draw(c); err != nil {
			return err
		}
	}
	return nil
}

// initialisation draws initial values, those that others depend on first.
type initialisation struct {
	s       *Session
	pending map[*cell]bool
}

func (in *initialisation) draw(c *cell) (err error) {
	if in.pending[c] {
		return errors.Errorf("the initial value of variable %s depends on itself", c.ni.name)
	}
	in.pending[c] = true
	defer delete(in.pending, c)
	defer func() {
		if err != nil && !c.ready {
			clear(c.array.bytes()) // for the next try
		}
		err = errors.Wrapf(err, "initial value of variable %s", c.ni.name)
	}()
	defer recoverKernel(&err)
	out := c.array // which nobody reads before it has a value,
	if c.ready {
		out = newArray(c.ni.spec) // or as the old one stays where there is an error
	}
	v := &Initial{
		Name:   c.ni.name,
		Out:    out,
		random: philox.New(philox.Key(in.s.g.cfg.Seed, c.ni.name), c.draws),
		eval:   in.eval,
	}
	if err := c.ni.variable.initializer.Initialize(v); err != nil {
		return err
	}
	if c.ready {
		c.array.copyFrom(out)
	}
	c.written()
	c.draws++
	return nil
}

// eval computes a node with the variables it needs initialised.
func (in *initialisation) eval(n *gorgonia.Node) (*tensor.Dense, error) {
	if IsBad(n) || n.Graph() != in.s.g.expr {
		return nil, errors.New("the node is not of this graph")
	}
	needed := in.s.g.ancestors(gorgonia.Nodes{n})
	for _, v := range in.s.g.Variables() {
		if needed[v] {
			if c := in.s.cell(in.s.g.lookup(v)); !c.ready {
				if err := in.draw(c); err != nil {
					return nil, err
				}
			}
		}
	}
	var r run
	out, err := in.s.runHoldingLock(&r, nil, gorgonia.Nodes{n})
	if err != nil {
		return nil, err
	}
	return out.Tensor(0), nil
}

func (s *Session) variableCell(v *gorgonia.Node) (*cell, error) {
	if v == nil || v.Graph() != s.g.expr {
		return nil, errors.New("the node is not a variable of this session's graph")
	}
	ni := s.g.lookup(v)
	if ni.kind != kindVariable {
		return nil, errors.Errorf("%s is not a variable", ni.name)
	}
	return s.cell(ni), nil
}

// Value returns a copy of a variable's value.
func (s *Session) Value(v *gorgonia.Node) (tensor.Tensor, error) {
	out, err := s.Values(v)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// Values returns copies of the values that variables have at one moment.
func (s *Session) Values(vars ...*gorgonia.Node) ([]*tensor.Dense, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, errClosed
	}
	out := make([]*tensor.Dense, len(vars))
	for i, v := range vars {
		c, err := s.variableCell(v)
		if err != nil {
			return nil, err
		}
		if !c.ready {
			return nil, uninitialised(c)
		}
		out[i] = tensorOf(c.array)
	}
	return out, nil
}

func uninitialised(c *cell) error {
	return errors.Errorf("variable %s has no value: call sess.Init() or restore it", c.ni.name)
}

// SetValue replaces a variable's value by a Go number, slice or tensor of its
// dtype and shape, which is copied.
func (s *Session) SetValue(v *gorgonia.Node, value interface{}) error {
	return s.SetValues(map[*gorgonia.Node]interface{}{v: value})
}

// SetValues replaces the values of several variables at one moment: when one of
// them does not fit, none is changed.
func (s *Session) SetValues(values map[*gorgonia.Node]interface{}) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	fed := make(map[*cell]*feedValue, len(values))
	for v, value := range values {
		c, err := s.variableCell(v)
		if err != nil {
			return err
		}
		f := &feedValue{}
		if err := f.resolve(c.ni, value); err != nil {
			return err
		}
		fed[c] = f
	}
	for c, f := range fed {
		c.array.copyFrom(&f.array)
		c.written()
	}
	return nil
}

// Uninitialized returns the variables that have no value yet, by name.
func (s *Session) Uninitialized() gorgonia.Nodes {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out gorgonia.Nodes
	for _, v := range s.g.Variables() {
		if !s.cell(s.g.lookup(v)).ready {
			out = append(out, v)
		}
	}
	sort.Slice(out, func(i, j int) bool { return s.g.NameOf(out[i]) < s.g.NameOf(out[j]) })
	return out
}

// Bind copies the variables' values to their Gorgonia nodes, so that the graph
// can be run on Gorgonia's machines.
func (s *Session) Bind() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return errClosed
	}
	for _, v := range s.g.Variables() {
		if c := s.cell(s.g.lookup(v)); c.ready {
			if err := gorgonia.Let(v, nativeValue(c.array)); err != nil {
				return errors.Wrapf(err, "binding variable %s", c.ni.name)
			}
		}
	}
	return nil
}
