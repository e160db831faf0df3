package show

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// VariablesConfig configures Variables. The zero value lists all variables but the optimizers' slots.
type VariablesConfig struct {
	// Vars are the variables; nil: all but slots.
	Vars gorgonia.Nodes
	// Session adds the mean, standard deviation, smallest and largest value that a variable has in it, and how many are NaN or infinite.
	Session *graph.Session
	// Limit is how many rows there are at most; default 100. The sums are of all.
	Limit int
}

// Variables shows variables as a table: name, shape, number of elements, whether they are trained, how they begin, and with a session statistics of
// what they hold.
func Variables(g *graph.Graph, cfg VariablesConfig) (v *View) {
	defer guarded("variables", &v)
	if g == nil {
		return plain("no graph")
	}
	vars := cfg.Vars
	if vars == nil {
		for _, n := range g.Variables() {
			if !g.IsSlot(n) {
				vars = append(vars, n)
			}
		}
	}
	if len(vars) == 0 {
		return plain("no variables")
	}
	limit := cfg.Limit
	if limit <= 0 {
		limit = 100
	}
	state := map[*gorgonia.Node]string{}
	for _, n := range g.Frozen() {
		state[n] = "frozen"
	}
	for _, n := range g.Trainable() {
		state[n] = "trained"
	}
	rows := [][]string{{"variable", "shape", "", "initial", "elements"}}
	if cfg.Session != nil {
		rows[0] = append(rows[0], "mean", "std", "min", "max", "not finite")
	}
	elements, trained := 0, 0
	for i, n := range vars {
		if n == nil {
			rows = append(rows, []string{"nil"})
			continue
		}
		sp := graph.SpecOf(n)
		size := max(0, sp.Shape.TotalSize())
		elements += size
		if state[n] == "trained" {
			trained += size
		}
		if i >= limit {
			continue
		}
		how := state[n]
		switch {
		case how != "":
		case g.IsSlot(n):
			how = "slot"
		default:
			how = "not trained"
		}
		row := []string{shortened(clean(g.NameOf(n)), 80), specText(sp, g.Dtype()), how, initializerText(g.InitializerOf(n)), grouped(size)}
		if cfg.Session != nil {
			row = append(row, valueRow(cfg.Session, n)...)
		}
		rows = append(rows, row)
	}
	if len(vars) > limit {
		rows = append(rows, []string{fmt.Sprintf("… %s", counted(len(vars)-limit, "more variable"))})
	}
	return listing(fmt.Sprintf("%s, %s, %s trained", counted(len(vars), "variable"), counted(elements, "element"), grouped(trained)), rows, 4)
}

// valueRow describes the value of a variable in a session.
func valueRow(sess *graph.Session, n *gorgonia.Node) []string {
	value, err := sess.Value(n)
	if err != nil {
		return []string{"no value"}
	}
	e, ok := elementsOf(value)
	if !ok {
		return nil
	}
	s := statisticsOf(e)
	if s == nil {
		return nil
	}
	bad := ""
	if s.nan+s.inf > 0 {
		bad = grouped(s.nan + s.inf)
	}
	return []string{number(s.mean), number(s.std), number(s.low), number(s.high), bad}
}
