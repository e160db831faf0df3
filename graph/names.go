package graph

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/editdistance"
)

// unique returns name, or name_1, name_2, ... until it is free. The caller
// holds mu.
func (g *Graph) unique(name string) string {
	if _, taken := g.names[name]; !taken {
		return name
	}
	for i := g.counters[name] + 1; ; i++ {
		try := fmt.Sprintf("%s_%d", name, i)
		if _, taken := g.names[try]; !taken {
			g.counters[name] = i
			return try
		}
	}
}

// validName follows TensorFlow's rule for the parts of a name.
var validName = regexp.MustCompile(`^[A-Za-z0-9.][A-Za-z0-9_.\-/]*$`)

func checkName(name string) error {
	if !validName.MatchString(name) {
		return errors.Errorf("the name %q is not allowed: use letters, digits, '.', '_', '-' and '/', and begin with a letter, digit or '.'", name)
	}
	return nil
}

// pattern compiles a selection pattern as tf.get_collection does: it must match
// at the beginning of the name.
func pattern(p string) (*regexp.Regexp, error) {
	re, err := regexp.Compile("^(?:" + p + ")")
	return re, errors.Wrapf(err, "pattern %q", p)
}

// near lists the names that are most like the wanted one, for error messages.
func near(want string, names []string) []string {
	type scored struct {
		name  string
		score int
	}
	var found []scored
	for _, n := range names {
		d := editdistance.Of(strings.ToLower(want), strings.ToLower(n))
		if d <= max(2, len(want)/2) || strings.Contains(n, want) {
			found = append(found, scored{n, d})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].score < found[j].score })
	var out []string
	for _, f := range found[:min(3, len(found))] {
		out = append(out, f.name)
	}
	return out
}

// didYouMean formats near names as the end of a message.
func didYouMean(want string, names []string) string {
	if n := near(want, names); len(n) > 0 {
		return "; near: " + strings.Join(n, ", ")
	}
	if len(names) == 0 {
		return "; there are none"
	}
	return fmt.Sprintf("; there are %d, the first is %s", len(names), names[0])
}
