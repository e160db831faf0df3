package training

import (
	"cmp"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// MovingAverageConfig configures a MovingAverage. Decay, or Uniform, is required.
type MovingAverageConfig struct {
	Decay float64 // in [0, 1), usually 0.99 to 0.9999; graph.Zero for zero
	// NumUpdates, an integer scalar such as the global step, makes the decay
	// smaller at the beginning: min(Decay, (1+n)/(10+n)).
	NumUpdates *gorgonia.Node
	// ZeroDebias lets the average begin with the first values instead of the
	// initial ones, which then have no part in it.
	ZeroDebias bool
	// Uniform gives all values the same weight, instead of Decay: the mean
	// (Polyak and Juditsky 1992; stochastic weight averaging, Izmailov et al. 2018).
	Uniform bool
	Name    string // of its ops and variables; default "ExponentialMovingAverage", or "UniformAverage"
}

// MovingAverage keeps averages of variables over the training, which often do
// better in evaluation than the last values. It is made by NewMovingAverage.
type MovingAverage struct {
	cfg   MovingAverageConfig
	err   error
	swaps map[*gorgonia.Node]*gorgonia.Node // by average, its exchange with the variable

	slots slots
}

// NewMovingAverage returns a moving average of the variables that Apply is given:
//
//	average -= (1 - decay) * (average - v)
//
// The average of hidden1/kernel is the variable
// hidden1/kernel/ExponentialMovingAverage, which starts with hidden1/kernel's
// value. With ZeroDebias, 1-decay is divided by 1 - (product of the decays so
// far), and with Uniform it is 1/(number of values so far); what they count is in
// the variable ExponentialMovingAverage/weight or UniformAverage/weight. A mistake
// in the config is reported by Apply.
//
// tf.train.ExponentialMovingAverage, which debiases averages of tensors only;
// torch.optim.swa_utils.AveragedModel, for Uniform.
func NewMovingAverage(cfg MovingAverageConfig) *MovingAverage {
	a := &MovingAverage{cfg: cfg, swaps: map[*gorgonia.Node]*gorgonia.Node{}}
	if cfg.Uniform {
		a.cfg.Name = cmp.Or(cfg.Name, "UniformAverage")
		if cfg.Decay != 0 || cfg.NumUpdates != nil || cfg.ZeroDebias {
			a.err = errors.New("Uniform excludes Decay, NumUpdates and ZeroDebias: all values weigh the same")
		}
		return a
	}
	a.cfg.Name = cmp.Or(cfg.Name, "ExponentialMovingAverage")
	a.cfg.Decay = required(&a.err, "Decay", cfg.Decay)
	fraction(&a.err, "Decay", a.cfg.Decay)
	return a
}

// Apply returns the node that moves the averages once, to be run after a step;
// fetching it gives nil. It reads the current values, and NumUpdates, so build it
// in a scope after the step's:
//
//	step := opt.Minimize(s, loss, g.Trainable())
//	train := average.Apply(s.After(step), g.Trainable())
//
// The variables are float, and enter the collection
// graph.MovingAverageVariables. A variable that comes twice is an error. Name all
// variables in one call: with Uniform and ZeroDebias, which count values, a second
// one would count them again.
func (a *MovingAverage) Apply(s *graph.Scope, vars gorgonia.Nodes) *gorgonia.Node {
	if err := a.check(s.Graph(), vars); err != nil {
		return s.Fail(a.cfg.Name, nil, graph.Spec{Dtype: tensor.Bool}, err)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node { return a.apply(s, vars) })
}

func (a *MovingAverage) check(g *graph.Graph, vars gorgonia.Nodes) error {
	if a.err != nil {
		return a.err
	}
	if len(vars) == 0 {
		return errors.Errorf("the list of variables is empty; g.Trainable() gives all trainable ones%s", namesOf(g, g.Trainable()))
	}
	seen := map[*gorgonia.Node]bool{}
	for _, v := range vars {
		if err := checkVariable(g, v); err != nil {
			return err
		}
		if seen[v] {
			return errors.Errorf("variable %s is given twice", g.NameOf(v))
		}
		seen[v] = true
	}
	n := a.cfg.NumUpdates
	if n == nil || graph.IsBad(n) {
		return nil
	}
	if n.Graph() != g.Expr() {
		return errors.New("NumUpdates belongs to another graph")
	}
	if sp := graph.SpecOf(n); !sp.IsInt() || sp.Rank() != 0 {
		return errors.Errorf("NumUpdates %s is %v; want a scalar of int, int32 or int64", g.NameOf(n), sp)
	}
	return nil
}

func (a *MovingAverage) apply(s *graph.Scope, vars gorgonia.Nodes) *gorgonia.Node {
	g := s.Graph()
	in := s.NameScope(a.cfg.Name)
	weight := a.weight(in)
	total := a.total(in, weight)
	var moves gorgonia.Nodes
	for _, v := range vars {
		at := in.NameScope(opName("average_" + g.NameOf(v)))
		average := a.slots.slot(at, v, "average", a.cfg.Name, graph.InitialValue(v))
		moves = append(moves, a.moveOp(at, average, v, weight, total))
		if a.swaps[average] == nil {
			a.swaps[average] = swapOp(g.Scope().NameScope(a.cfg.Name).NameScope(opName("swap_"+g.NameOf(v))), v, average)
		}
		g.AddToCollection(graph.MovingAverageVariables, v)
	}
	if bad := anyBad(moves...); bad != nil {
		return bad
	}
	return graph.Group(in, moves...)
}

// Average returns the variable that holds the average of v, or nil.
func (a *MovingAverage) Average(v *gorgonia.Node) *gorgonia.Node {
	for key, average := range a.slots.of {
		if v != nil && key.v == v && known(key.g, average) {
			return average
		}
	}
	return nil
}

// Variables returns the averages and what else is kept for them, in order of
// creation.
func (a *MovingAverage) Variables() gorgonia.Nodes { return a.slots.Variables() }

// Swap exchanges the values of all variables that Apply was given with their
// averages, in one Run, so that the session evaluates with the averages; a second
// Swap exchanges them back. Between the two, don't train, and don't write checkpoints.
func (a *MovingAverage) Swap(sess *graph.Session) error {
	if sess == nil {
		return errors.New("swap averages: the session is nil")
	}
	g := sess.Graph()
	var swaps gorgonia.Nodes
	for key, average := range a.slots.of {
		if key.g == g && key.v != nil && known(g, average) {
			swaps = append(swaps, a.swaps[average])
		}
	}
	if len(swaps) == 0 {
		return errors.New("swap averages: there are none in the session's graph; Apply makes them")
	}
	_, err := sess.Run(nil, swaps...)
	return errors.Wrap(err, "swap averages")
}

// VariablesToRestore returns the SaverConfig.Rename of a Saver that gives the
// variables vars of g their averages, as they stand in a checkpoint: an averaged
// variable goes by its average's name, another one by its own. In a graph where
// Apply was not called, as one for serving, all trainable variables count as averaged.
//
//	rename := average.VariablesToRestore(g, g.ModelVariables())
//	evaluation := training.NewSaver(nil, training.SaverConfig{Rename: rename})
//
// tf.train.ExponentialMovingAverage.variables_to_restore.
func (a *MovingAverage) VariablesToRestore(g *graph.Graph, vars gorgonia.Nodes) map[string]*gorgonia.Node {
	names := map[*gorgonia.Node]string{}
	for key, average := range a.slots.of {
		if key.g == g && key.v != nil && known(g, average) {
			names[key.v] = g.NameOf(average)
		}
	}
	if len(names) == 0 {
		for _, v := range g.Trainable() {
			names[v] = g.NameOf(v) + "/" + a.cfg.Name
		}
	}
	restore := map[string]*gorgonia.Node{}
	for _, v := range vars {
		name, ok := names[v]
		if !ok {
			name = g.NameOf(v)
		}
		restore[name] = v
	}
	return restore
}
