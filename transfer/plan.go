package transfer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Plan says which tensor of a file each variable gets, and what is left over. Load carries it out.
type Plan struct {
	Matched []Match
	// Filled are the variables among them that get their value from Mapping.Fills.
	Filled []string
	// Missing are the variables that no tensor is meant for, Unused the tensors that are
	// meant for no variable and not ignored, Mismatched those whose shapes do not fit.
	Missing    []string
	Unused     []string
	Mismatched []string
	// Likely are pairs of a missing variable and an unused tensor of equal sizes; where there are several, those whose names differ least.
	Likely []string
	// Notes are those of the mapping that tell of this file. They keep no plan from being complete.
	Notes []string
}

// Match is a tensor that is meant for a variable.
type Match struct {
	Variable *gorgonia.Node
	Name     string         // of the variable
	Tensor   weights.Tensor // in the variable's layout
}

// Map plans how the variables get their values from the tensors of a file. The names of variables
// count from prefix on, the scope of their network: with prefix "net", the variable net/conv1/kernel
// is called conv1/kernel. Nothing is read. An error is one of the mapping, such as a pattern that does
// not compile, two tensors that are meant for one variable, or other numbers of layers than it names; what does not match is in the Plan.
func Map(file *weights.File, variables gorgonia.Nodes, prefix string, m Mapping) (*Plan, error) {
	c, err := m.compile()
	if err != nil {
		return nil, errors.Wrap(err, "transfer: the mapping")
	}
	switch {
	case file == nil:
		return nil, errors.New("transfer: the file is nil; want one that is open")
	case len(variables) == 0 || slices.Contains(variables, nil):
		return nil, errors.New("transfer: there are no variables to map to, or nil among them")
	}
	p := &Plan{}
	tensors := slices.DeleteFunc(file.Tensors(), func(t weights.Tensor) bool { return first(c.ignore, t.Name) >= 0 })
	for i, n := range m.Notes {
		if slices.ContainsFunc(tensors, func(t weights.Tensor) bool { return c.notes[i].MatchString(t.Name) }) {
			p.Notes = append(p.Notes, n.Text)
		}
	}
	if tensors, err = c.split(tensors); err != nil {
		return nil, errors.Wrap(err, "transfer")
	}
	if tensors, err = c.join(tensors); err != nil {
		return nil, errors.Wrap(err, "transfer")
	}
	names, err := c.rename(tensors)
	if err != nil {
		return nil, errors.Wrap(err, "transfer")
	}
	if err := p.match(c, tensors, names, variables, prefix); err != nil {
		return nil, errors.Wrap(err, "transfer")
	}
	return p, nil
}

// match finds the variable of each tensor, by the names that this may become, and the tensors of the others.
func (p *Plan) match(c *mapper, tensors []weights.Tensor, names [][]string, variables gorgonia.Nodes, prefix string) error {
	byName := map[string]*gorgonia.Node{}
	called := make([]string, len(variables))
	for i, v := range variables {
		called[i] = strings.TrimPrefix(strings.TrimPrefix(v.Name(), prefix), "/")
		byName[called[i]] = v
	}
	taken := map[string]string{}
	var unused, missing []unmatched
	for i, t := range tensors {
		k := slices.IndexFunc(names[i], func(n string) bool { return byName[n] != nil })
		if k < 0 {
			unused = append(unused, unmatched{t.Name, names[i], t.Shape})
			p.Unused = append(p.Unused, fmt.Sprintf("%s %v", t.Name, t.Shape))
			continue
		}
		name := names[i][k]
		if first, twice := taken[name]; twice {
			return errors.Errorf("both %q and %q are meant for %s; want rules that tell them apart", first, t.Name, name)
		}
		taken[name] = t.Name
		laid, err := c.laidOut(t, name, graph.SpecOf(byName[name]).Shape)
		if err != nil {
			p.Mismatched = append(p.Mismatched, fmt.Sprintf("%s: %v", name, err))
			continue
		}
		p.Matched = append(p.Matched, Match{byName[name], name, laid})
	}
	for i, n := range called {
		if _, ok := taken[n]; ok {
			continue
		}
		shape := graph.SpecOf(variables[i]).Shape
		if k := first(c.fills, n); k >= 0 {
			p.Matched = append(p.Matched, Match{variables[i], n, weights.Constant(n, c.Fills[k].Value, shape...)})
			p.Filled = append(p.Filled, n)
			continue
		}
		missing = append(missing, unmatched{n, nil, shape})
		p.Missing = append(p.Missing, fmt.Sprintf("%s %v", n, []int(shape)))
	}
	p.Likely = likely(missing, unused)
	return nil
}

// Complete returns a *MismatchError of what does not match, nil where everything does.
func (p *Plan) Complete() error {
	if len(p.Missing)+len(p.Unused)+len(p.Mismatched) == 0 {
		return nil
	}
	return &MismatchError{p, "the file does not fit the variables"}
}

// Load gives the matched variables their values, after which the plan must be Complete, unless partly is
// set. All are read first: after an error no variable has changed.
func (p *Plan) Load(sess *graph.Session, partly bool) error {
	if err := p.Complete(); err != nil && !partly {
		return err
	}
	values := make(map[*gorgonia.Node]interface{}, len(p.Matched))
	for _, m := range p.Matched {
		x, err := m.read()
		if err != nil {
			return errors.Wrapf(err, "transfer: %s", m.Name)
		}
		values[m.Variable] = x
	}
	return errors.Wrap(sess.SetValues(values), "transfer")
}

// read reads a value in the variable's dtype and shape.
func (m Match) read() (*tensor.Dense, error) {
	spec := graph.SpecOf(m.Variable)
	x, err := m.Tensor.ReadAs(spec.Dtype)
	if err != nil {
		return nil, err
	}
	if !x.Shape().Eq(spec.Shape) {
		if err := x.Reshape(spec.Shape...); err != nil {
			return nil, errors.WithStack(err)
		}
	}
	return x, nil
}

// mostListed bounds what String lists of each kind, so that a report of a large network can be read. The fields have all.
const mostListed = 20

// String gives the counts and, by name, the first of what does not match.
func (p *Plan) String() string {
	return p.listed(mostListed)
}

// listed is String with so many of each kind.
func (p *Plan) listed(most int) string {
	if p == nil {
		return "no plan\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "matched %d", len(p.Matched))
	if len(p.Filled) > 0 {
		fmt.Fprintf(&b, " (%d filled)", len(p.Filled))
	}
	fmt.Fprintf(&b, ", missing %d, unused %d, mismatched %d\n", len(p.Missing), len(p.Unused), len(p.Mismatched))
	for _, list := range []struct {
		what  string
		items []string
	}{{"missing", p.Missing}, {"unused", p.Unused}, {"mismatched", p.Mismatched}, {"likely", p.Likely}, {"note", p.Notes}} {
		for _, item := range list.items[:min(most, len(list.items))] {
			fmt.Fprintf(&b, "  %s: %s\n", list.what, item)
		}
		if more := len(list.items) - most; more > 0 {
			fmt.Fprintf(&b, "  %s: %d more\n", list.what, more)
		}
	}
	return b.String()
}

// SimpleRender shows the plan in a notebook.
func (p *Plan) SimpleRender() map[string]interface{} {
	return map[string]interface{}{"text/plain": p.String()}
}
