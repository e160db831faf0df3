package tensorflow

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// initialValue is the part of the file's graph that gives a variable its first value. It is built, in a graph of its own, when the variable is
// initialised: one that is restored instead needs none of its ops.
type initialValue struct {
	im    *importer
	name  string
	value ref
	seed  int64
}

func (i *initialValue) Initialize(v *graph.Initial) error {
	x, err := i.evaluate(v)
	if err == nil {
		err = fill(v.Out, x)
	}
	return errors.Wrapf(err, "%s: the first value of the variable %s (restore a checkpoint instead, or give it one by Session.SetValue)", format, i.name)
}

// evaluate builds and runs the part.
func (i *initialValue) evaluate(v *graph.Initial) (*tensor.Dense, error) {
	order, err := needed([]ref{i.value}, nil)
	if err != nil {
		return nil, err
	}
	seed, err := i.drawSeed(v)
	if err != nil {
		return nil, err
	}
	g := graph.New(graph.Config{Seed: seed, Dtype: i.im.scope.Graph().Dtype()})
	part := &importer{file: i.im.file, scope: g.Scope(), values: map[ref]*value{}, guards: map[*node][]branch{}, order: order}
	feeds := graph.Feeds{}
	for _, n := range order {
		if isVariable(n) { // one on which this one depends
			known := i.im.values[ref{n, 0}]
			if known == nil {
				return nil, errors.Errorf("it depends on the variable %s, which no output needs", n.name)
			}
			x, err := v.Eval(known.node)
			if err != nil {
				return nil, err
			}
			p := graph.Placeholder(part.scope, network.ValidName(n.name), x.Dtype(), x.Shape()...)
			feeds[p], part.values[ref{n, 0}] = x, &value{node: p}
		}
		if err := part.build(n); err != nil {
			return nil, errors.Wrapf(err, "node %q, %s", n.name, n.op)
		}
	}
	x, err := part.node(i.value)
	if err != nil {
		return nil, err
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil { // the counter of draws
		return nil, err
	}
	out, err := sess.Run(feeds, x)
	if err != nil {
		return nil, err
	}
	return out.Tensor(0), nil
}

// drawSeed draws the seed of the part's own random ops, so that every variable draws other numbers, and others when it is initialised again.
func (i *initialValue) drawSeed(v *graph.Initial) (int64, error) {
	if dt := v.Out.Dtype(); v.Out.Size() == 0 || dt != tensor.Float32 && dt != tensor.Float64 {
		return i.seed, nil
	}
	if err := v.Uniform(0, 1); err != nil {
		return 0, err
	}
	seed := i.seed
	for k := 0; k < min(4, v.Out.Size()); k++ {
		var bits uint64
		if v.Out.Dtype() == tensor.Float32 {
			bits = uint64(math.Float32bits(v.Out.Float32s()[k]))
		} else {
			bits = math.Float64bits(v.Out.Float64s()[k])
		}
		seed = seed*1000003 ^ int64(bits)
	}
	return seed, nil
}

// fill copies a value into a variable's.
func fill(to *graph.Array, x *tensor.Dense) error {
	if to.Dtype() != x.Dtype() || !graph.Compatible(to.Shape(), x.Shape()) {
		return errors.Errorf("it is %v of shape %v; want %v of shape %v", x.Dtype(), x.Shape(), to.Dtype(), to.Shape())
	}
	if to.Size() == 0 {
		return nil
	}
	values := graph.Values{x}
	switch to.Dtype() {
	case tensor.Float32:
		copy(to.Float32s(), values.Float32s(0))
	case tensor.Float64:
		copy(to.Float64s(), values.Float64s(0))
	case tensor.Int32:
		copy(to.Int32s(), values.Int32s(0))
	case tensor.Int64:
		copy(to.Int64s(), values.Int64s(0))
	case tensor.Bool:
		copy(to.Bools(), values.Bools(0))
	default:
		return errors.Errorf("variables of %v cannot be filled", to.Dtype())
	}
	return nil
}
