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
	// Missing are the variables that no tensor is meant for, Unused the tensors that are
	// meant for no variable and not ignored, Mismatched those whose shapes do not fit.
	Missing    []string
	Unused     []string
	Mismatched []string
	// Likely are pairs of a missing variable and an unused tensor of equal sizes, where each has but one partner.
	Likely []string
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
// not compile, or two tensors that are meant for one variable; what does not match is in the Plan.
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
	byName := map[string]*gorgonia.Node{}
	names := make([]string, len(variables))
	for i, v := range variables {
		names[i] = strings.TrimPrefix(strings.TrimPrefix(v.Name(), prefix), "/")
		byName[names[i]] = v
	}
	p := &Plan{}
	taken := map[string]string{}
	var unused []weights.Tensor
	for _, t := range file.Tensors() {
		if c.ignored(t.Name) {
			continue
		}
		i := slices.IndexFunc(c.names(t.Name), func(n string) bool { return byName[n] != nil })
		if i < 0 {
			unused = append(unused, t)
			p.Unused = append(p.Unused, fmt.Sprintf("%s %v", t.Name, t.Shape))
			continue
		}
		name := c.names(t.Name)[i]
		if first, twice := taken[name]; twice {
			return nil, errors.Errorf("transfer: both %q and %q are meant for %s; want rules that tell them apart", first, t.Name, name)
		}
		taken[name] = t.Name
		v := byName[name]
		laid, err := c.laidOut(t, name, graph.SpecOf(v).Shape)
		if err != nil {
			p.Mismatched = append(p.Mismatched, fmt.Sprintf("%s: %v", name, err))
			continue
		}
		p.Matched = append(p.Matched, Match{v, name, laid})
	}
	var missing []int
	for i, n := range names {
		if taken[n] == "" {
			missing = append(missing, i)
			p.Missing = append(p.Missing, fmt.Sprintf("%s %v", n, []int(graph.SpecOf(variables[i]).Shape)))
		}
	}
	p.suggest(missing, names, variables, unused)
	return p, nil
}

// suggest finds the pairs that only their sizes tell.
func (p *Plan) suggest(missing []int, names []string, variables gorgonia.Nodes, unused []weights.Tensor) {
	key := func(shape []int) string { s := slices.Clone(shape); slices.Sort(s); return fmt.Sprint(s) }
	want, have := map[string][]string{}, map[string][]string{}
	var order []string
	for _, i := range missing {
		k := key(graph.SpecOf(variables[i]).Shape)
		if want[k] == nil {
			order = append(order, k)
		}
		want[k] = append(want[k], names[i])
	}
	for _, t := range unused {
		have[key(t.Shape)] = append(have[key(t.Shape)], t.Name)
	}
	for _, k := range order {
		if len(want[k]) == 1 && len(have[k]) == 1 {
			p.Likely = append(p.Likely, want[k][0]+" from "+have[k][0])
		}
	}
}

// Complete returns an error that lists what does not match, nil where everything does.
func (p *Plan) Complete() error {
	if len(p.Missing)+len(p.Unused)+len(p.Mismatched) == 0 {
		return nil
	}
	return errors.Errorf("transfer: the file does not fit the variables:\n%v(Mapping has rules for names, layouts and what to ignore)", p)
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

// String lists the counts, and by name what does not match.
func (p *Plan) String() string {
	if p == nil {
		return "no plan\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "matched %d, missing %d, unused %d, mismatched %d\n", len(p.Matched), len(p.Missing), len(p.Unused), len(p.Mismatched))
	for _, list := range []struct {
		what  string
		items []string
	}{{"missing", p.Missing}, {"unused", p.Unused}, {"mismatched", p.Mismatched}, {"likely", p.Likely}} {
		for _, item := range list.items {
			fmt.Fprintf(&b, "  %s: %s\n", list.what, item)
		}
	}
	return b.String()
}

// SimpleRender shows the plan in a notebook.
func (p *Plan) SimpleRender() map[string]interface{} {
	return map[string]interface{}{"text/plain": p.String()}
}
