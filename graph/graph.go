package graph

import (
	"sync"
	"sync/atomic"

	_ "go4.org/unsafe/assume-no-moving-gc" // the version Gorgonia pins panics at start on newer Go
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// OnError chooses what a failing op does.
type OnError int

const (
	// StickyError keeps the first error with the graph, where Err, NewSession
	// and a Run that reaches the bad node report it. It is the default.
	StickyError OnError = iota
	// PanicOnError panics with a *BuildError at the failing op and takes back
	// the names, variables and collection entries that the op had registered.
	// It suits notebooks.
	PanicOnError
)

// Config configures a Graph. The zero value is usable.
type Config struct {
	// Seed keys every random draw and initial value together with the name of
	// the op or variable. Zero is a seed like any other.
	Seed int64
	// Dtype is the working float type, which bare Go numbers and layers take:
	// tensor.Float32 (the default) or tensor.Float64.
	Dtype tensor.Dtype
	// OnError chooses what a failing op does.
	OnError OnError
}

// Graph is a computation graph under construction: a gorgonia.ExprGraph with
// variables, collections, control edges and names. Build it from one goroutine
// at a time; Sessions may run meanwhile.
type Graph struct {
	expr *gorgonia.ExprGraph
	cfg  Config

	mu          sync.RWMutex
	info        map[*gorgonia.Node]*nodeInfo
	order       []*nodeInfo          // in order of registration
	names       map[string]*nodeInfo // every name in use
	counters    map[string]int       // the next suffix to try for a name
	collections map[string]gorgonia.Nodes
	companions  map[*gorgonia.Node]*gorgonia.Node // an update op and the node it accompanies
	constraints map[*gorgonia.Node]Constraint
	routes      []route                  // what Reroute changed
	frozen      map[*gorgonia.Node]bool  // variables, and what else Freeze was given
	pinned      [2]*gorgonia.Node        // the constants false and true, once a frozen layer reads them
	revised     atomic.Pointer[revision] // written under mu
	grown       atomic.Bool              // something was built since that frozen layers may be made of; written under mu
	draw        *gorgonia.Node           // the draw counter, once there is a random op
	err         error                    // the first build error
	serial      uint32                   // distinguishes ops in Gorgonia's node hash
	depth       int                      // of Compose calls under way
}

// New returns an empty graph. A cfg.Dtype that is neither zero nor a float type
// is the graph's first build error.
func New(cfg Config) *Graph { return wrap(gorgonia.NewGraph(), cfg) }

// Wrap adopts a graph that was built with Gorgonia alone: its inputs become
// placeholders, those with a bound value default to it. AsVariable promotes
// one to a variable. Ops of both kinds can be added afterwards. A nil graph is a
// build error.
func Wrap(expr *gorgonia.ExprGraph) *Graph {
	if expr == nil {
		g := New(Config{})
		g.Scope().Failf("Wrap", nil, "the Gorgonia graph is nil")
		return g
	}
	g := wrap(expr, Config{})
	for _, n := range expr.AllNodes() {
		g.adopt(n)
	}
	return g
}

func wrap(expr *gorgonia.ExprGraph, cfg Config) *Graph {
	if cfg.Dtype.Type == nil {
		cfg.Dtype = tensor.Float32
	}
	unusable := cfg.Dtype
	if !isFloat(cfg.Dtype) {
		cfg.Dtype = tensor.Float32
	}
	g := &Graph{
		expr:        expr,
		cfg:         cfg,
		info:        map[*gorgonia.Node]*nodeInfo{},
		names:       map[string]*nodeInfo{},
		counters:    map[string]int{},
		collections: map[string]gorgonia.Nodes{},
		companions:  map[*gorgonia.Node]*gorgonia.Node{},
		constraints: map[*gorgonia.Node]Constraint{},
		frozen:      map[*gorgonia.Node]bool{},
	}
	if !isFloat(unusable) {
		g.Scope().Failf("New", nil, "Config.Dtype is %v; want tensor.Float32 or tensor.Float64", unusable)
	}
	remember(g)
	return g
}

// Expr returns the Gorgonia graph beneath.
func (g *Graph) Expr() *gorgonia.ExprGraph { return g.expr }

// Dtype returns the working float type.
func (g *Graph) Dtype() tensor.Dtype { return g.cfg.Dtype }

// Seed returns the graph's seed.
func (g *Graph) Seed() int64 { return g.cfg.Seed }

// Err returns the first build error, a *BuildError, or nil.
func (g *Graph) Err() error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.err
}

// Scope returns the root scope, which prefixes nothing.
func (g *Graph) Scope() *Scope { return &Scope{g: g} }
