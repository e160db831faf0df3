package transfer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/editdistance"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Reuse plans how variables get their values from a file that was made of another model, of which only some is wanted: the lower layers, say.
// assignment leads from names in the file to names in the graph, scopes by a slash at the end:
//
//	{"hidden1/": "net/hidden1/"}         // every variable beneath net/hidden1
//	{"hidden1/kernel": "first/weights"}  // this one
//	{"/": "net/"}                        // all that the file has, in a scope of its own
//
// Of several that fit a variable the longest counts. nil means equal names. A variable that no entry speaks of is left alone, as are tensors that
// no variable wants; one that has no tensor is in Plan.Missing, and keeps Plan.Load from doing anything. Tensors are laid out as the variables are; where
// that is not so, as in PyTorch's files, Map with a subset of the variables takes a Mapping, and Plan.Covered tells whether each has its tensor. An entry
// that fits no variable, and one that leads from a scope to a name, are errors.
//
// tf.train.init_from_checkpoint, for all formats that Open reads.
func Reuse(file *weights.File, variables gorgonia.Nodes, assignment map[string]string) (*Plan, error) {
	switch {
	case file == nil:
		return nil, errors.New("transfer: the file is nil; want one that is open")
	case len(variables) == 0 || slices.Contains(variables, nil):
		return nil, errors.New("transfer: there are no variables to give values to, or nil among them")
	}
	if assignment == nil {
		assignment = map[string]string{"/": "/"}
	}
	fits := map[string]bool{}
	p := &Plan{}
	for _, v := range variables {
		from, to := assigned(assignment, v.Name())
		if to == "" {
			continue
		}
		fits[from] = true
		name := from
		if strings.HasSuffix(from, "/") {
			name = strings.TrimPrefix(from, "/") + strings.TrimPrefix(v.Name(), strings.TrimPrefix(to, "/"))
		}
		p.assign(file, v, name)
	}
	for _, from := range slices.Sorted(maps.Keys(assignment)) {
		to := assignment[from]
		switch {
		case from == "" || to == "":
			return nil, errors.Errorf("transfer: the assignment %q: %q has an empty name; the root is \"/\"", from, to)
		case strings.HasSuffix(from, "/") != strings.HasSuffix(to, "/"):
			return nil, errors.Errorf("transfer: the assignment %q: %q leads from a scope to a name; want a slash at the end of both, or of none", from, to)
		case !fits[from]:
			return nil, errors.Errorf("transfer: the assignment %q: %q fits none of the variables%s", from, to, near(to, namesOf(variables)))
		}
	}
	return p, nil
}

// assigned returns the entry that says most of a variable; "" where none speaks of it.
func assigned(assignment map[string]string, variable string) (from, to string) {
	for _, f := range slices.Sorted(maps.Keys(assignment)) {
		t := assignment[f]
		if (t == variable || strings.HasSuffix(t, "/") && strings.HasPrefix("/"+variable, "/"+strings.TrimPrefix(t, "/"))) && len(t) > len(to) {
			from, to = f, t
		}
	}
	return from, to
}

// assign notes which tensor a variable gets.
func (p *Plan) assign(file *weights.File, v *gorgonia.Node, name string) {
	t, ok := file.Lookup(name)
	want := graph.SpecOf(v).Shape
	switch {
	case !ok:
		p.Missing = append(p.Missing, fmt.Sprintf("%s %v: the file has no %q%s", v.Name(), []int(want), name, near(name, file.Names())))
	case !slices.Equal(t.Shape, []int(want)):
		p.Mismatched = append(p.Mismatched, fmt.Sprintf("%s: %q is %v in the file; want %v", v.Name(), name, t.Shape, []int(want)))
	default:
		p.Matched = append(p.Matched, Match{v, v.Name(), t})
	}
}

// Covered returns a *MismatchError of the variables without a fitting tensor, nil where each has its own: Complete, but for tensors that no variable wants,
// where only some of a file is reused. Load(sess, true) follows it.
func (p *Plan) Covered() error {
	if len(p.Missing)+len(p.Mismatched) == 0 {
		return nil
	}
	return &MismatchError{p, "not every variable has its tensor in the file"}
}

func namesOf(nodes gorgonia.Nodes) []string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = n.Name()
	}
	return names
}

// near ends a message with the names that are most like one.
func near(name string, names []string) string {
	const most = 3
	names = slices.Clone(names)
	if len(names) > 1000 {
		names = names[:1000]
	}
	distance := map[string]int{}
	for _, n := range names {
		distance[n] = editdistance.Of(name, n[:min(len(n), 256)])
	}
	slices.SortStableFunc(names, func(a, b string) int { return distance[a] - distance[b] })
	if len(names) == 0 {
		return "; there are none"
	}
	return "; near ones are " + strings.Join(names[:min(most, len(names))], ", ")
}
