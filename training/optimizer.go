package training

import (
	"strings"
	"unicode"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Optimizer is the method set of every optimizer (tf.train.Optimizer,
// torch.optim.Optimizer). A mistake in the optimizer's config is reported by
// ApplyGradients and Minimize, through the scope.
type Optimizer interface {
	// ComputeGradients returns the gradient of loss (of its sum, when it is not
	// a scalar) with respect to each variable, in the order of vars; a Grad is
	// nil where loss does not depend on the variable. An empty list is an
	// error: g.Trainable() gives all trainable variables.
	ComputeGradients(s *graph.Scope, loss *gorgonia.Node, vars gorgonia.Nodes) []GradVar

	// ApplyGradients returns the node that makes one step: it updates every
	// variable whose gradient is not nil, applies the variable's constraint to
	// the new value, and then increments the config's GlobalStep once. All
	// gradients are those of the values before the step. Fetching the node
	// gives nil. That every gradient is nil, and that a variable comes twice,
	// are errors.
	ApplyGradients(s *graph.Scope, grads []GradVar) *gorgonia.Node

	// Minimize is ComputeGradients and ApplyGradients in one.
	Minimize(s *graph.Scope, loss *gorgonia.Node, vars gorgonia.Nodes) *gorgonia.Node

	// Slot returns the variable that the optimizer keeps beside v under a name,
	// as "Momentum" or "Adam_1", or nil.
	Slot(v *gorgonia.Node, name string) *gorgonia.Node

	// Variables returns what the optimizer keeps: its slots and Adam's powers,
	// in order of creation. Pass them to Session.Init when the optimizer was
	// applied after the Session's.
	Variables() gorgonia.Nodes
}

// optimizer is what all optimizers share. An optimizer adds how one variable is
// updated, and what follows the updates of a step.
type optimizer struct {
	name       string // of its ops and slots
	rate       rate
	globalStep *gorgonia.Node
	err        error // what is wrong with the config

	multipliers []Multiplier
	factors     map[*gorgonia.Node]float64 // of the step that is built

	noDecay  []string                // patterns of variables without weight decay
	constant map[*gorgonia.Node]bool // those variables, of the step that is built

	// prepare makes what the updates of a step share; it may be nil.
	prepare func(s *graph.Scope, grads []GradVar)
	// update builds the op that changes gv.Var once.
	update func(s *graph.Scope, gv GradVar) *gorgonia.Node
	// finish builds what is done once a step, after the updates; it may be nil.
	finish func(s *graph.Scope) *gorgonia.Node

	slots
}

// ComputeGradients implements Optimizer.
func (o *optimizer) ComputeGradients(s *graph.Scope, loss *gorgonia.Node, vars gorgonia.Nodes) []GradVar {
	g := s.Graph()
	if loss == nil {
		s.Failf("ComputeGradients", nil, "the loss is nil")
		return nil
	}
	if len(vars) == 0 {
		s.Failf("ComputeGradients", gorgonia.Nodes{loss}, "the list of variables is empty; g.Trainable() gives all trainable ones%s", namesOf(g, g.Trainable()))
		return nil
	}
	grads := make([]GradVar, len(vars))
	for i, v := range vars {
		grads[i].Var = v
	}
	for _, v := range vars {
		if err := checkVariable(g, v); err != nil {
			s.Fail("ComputeGradients", gorgonia.Nodes{loss}, graph.Spec{}, err)
			return grads
		}
	}
	for i, grad := range graph.Gradients(s.NameScope("gradients"), gorgonia.Nodes{loss}, vars, nil) {
		grads[i].Grad = grad
	}
	return grads
}

// Minimize implements Optimizer.
func (o *optimizer) Minimize(s *graph.Scope, loss *gorgonia.Node, vars gorgonia.Nodes) *gorgonia.Node {
	return o.ApplyGradients(s, o.ComputeGradients(s, loss, vars))
}

// ApplyGradients implements Optimizer.
func (o *optimizer) ApplyGradients(s *graph.Scope, grads []GradVar) *gorgonia.Node {
	effect := graph.Spec{Dtype: tensor.Bool}
	err := o.check(s.Graph(), grads)
	if err == nil {
		err = o.match(s.Graph())
	}
	if err != nil {
		return s.Fail(o.name, nil, effect, err)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node { return o.apply(s, grads) })
}

func (o *optimizer) apply(s *graph.Scope, grads []GradVar) *gorgonia.Node {
	g := s.Graph()
	in := s.NameScope(o.name)
	if o.prepare != nil {
		o.prepare(in, grads)
	}
	var updates, done gorgonia.Nodes
	for _, gv := range grads {
		if gv.Grad == nil {
			continue
		}
		at := in.NameScope(opName("update_" + g.NameOf(gv.Var)))
		update := o.update(at, gv)
		updates = append(updates, update)
		done = append(done, constrain(at, gv.Var, update))
	}
	if o.finish != nil {
		update := o.finish(in)
		updates, done = append(updates, update), append(done, update)
	}
	if o.globalStep != nil && !graph.IsBad(o.globalStep) {
		one := graph.ConstOf(in, o.globalStep.Dtype(), 1)
		done = append(done, graph.AssignAdd(in.After(done...), o.globalStep, one))
	}
	if bad := anyBad(append(updates, done...)...); bad != nil {
		return bad
	}
	return trainOp(s, o.name, done...)
}

// trainOp makes the node that is fetched to make a step, which consists of the
// given effects. As in TensorFlow, it has the optimizer's name.
func trainOp(s *graph.Scope, name string, done ...*gorgonia.Node) *gorgonia.Node {
	step := graph.Apply(s.After(done...), graph.OpDef{
		Name:    name,
		Infer:   func([]graph.Spec) (graph.Spec, error) { return graph.Spec{Dtype: tensor.Bool}, nil },
		Kernel:  func(*graph.Binding) (graph.Kernel, error) { return func(*graph.Call) error { return nil }, nil },
		NoValue: true,
	})
	s.Graph().AddToCollection(graph.TrainOp, step)
	return step
}

// anyBad returns the first node that could not be built, or nil.
func anyBad(nodes ...*gorgonia.Node) *gorgonia.Node {
	for _, n := range nodes {
		if graph.IsBad(n) {
			return n
		}
	}
	return nil
}

// constrain applies the variable's constraint, if it has one, to the value that
// the update left, and returns what has to run.
func constrain(s *graph.Scope, v, update *gorgonia.Node) *gorgonia.Node {
	constraint := s.Graph().ConstraintOf(v)
	if constraint == nil || graph.IsBad(update) {
		return update
	}
	at := s.NameScope("constraint").After(update)
	return graph.Assign(at, v, constraint(at, graph.Read(at, v)))
}

// check reports what is wrong with the config or the gradients.
func (o *optimizer) check(g *graph.Graph, grads []GradVar) error {
	if err := o.checkConfig(g); err != nil {
		return err
	}
	return checkGradients(g, grads)
}

func (o *optimizer) checkConfig(g *graph.Graph) error {
	if o.err != nil {
		return o.err
	}
	if err := o.rate.check(g); err != nil {
		return err
	}
	return checkGlobalStep(g, o.globalStep)
}

// checkGradients reports what cannot be applied.
func checkGradients(g *graph.Graph, grads []GradVar) error {
	if len(grads) == 0 {
		return errors.New("no gradients were given")
	}
	var without gorgonia.Nodes
	seen := map[*gorgonia.Node]bool{}
	for _, gv := range grads {
		if err := checkVariable(g, gv.Var); err != nil {
			return err
		}
		if seen[gv.Var] {
			return errors.Errorf("variable %s is given twice: a step updates each variable once", g.NameOf(gv.Var))
		}
		seen[gv.Var] = true
		if gv.Grad == nil {
			without = append(without, gv.Var)
		}
	}
	if len(without) == len(grads) {
		return errors.Errorf("No gradients provided for any variable: the loss depends on none of them in a differentiable way%s", namesOf(g, without))
	}
	return nil
}

// checkVariable reports what cannot be trained.
func checkVariable(g *graph.Graph, v *gorgonia.Node) error {
	switch {
	case v == nil:
		return errors.New("one of the variables is nil")
	case graph.IsBad(v):
		return nil // reported where it was made
	case !g.IsVariable(v):
		return errors.Errorf("%s is not a variable of this graph", v.Name())
	case !graph.SpecOf(v).IsFloat():
		return errors.Errorf("variable %s is %v; only float variables have a gradient", g.NameOf(v), graph.SpecOf(v))
	}
	return nil
}

// opName makes a scope's name of a variable's, which in an adopted Gorgonia
// graph may have any characters.
func opName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_.-/", r)) {
			return r
		}
		return '_'
	}, name)
}

// namesOf lists a few variables at the end of a message.
func namesOf(g *graph.Graph, vars gorgonia.Nodes) string {
	if len(vars) == 0 {
		return "; the graph has none"
	}
	var names []string
	for _, v := range vars[:min(len(vars), 4)] {
		names = append(names, g.NameOf(v))
	}
	if len(vars) > len(names) {
		names = append(names, "...")
	}
	return ": " + strings.Join(names, ", ")
}
