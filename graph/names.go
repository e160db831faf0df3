package graph

import (
	"fmt"
	"regexp"
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

// didYouMean formats near names as the end of a message.
func didYouMean(want string, names []string) string { return nearest(want, names, names) }

// didYouMeanPattern is didYouMean for a pattern, which could have been meant for a scope too, as that begins names.
func didYouMeanPattern(want string, names []string) string {
	var candidates []string
	seen := map[string]bool{}
	for _, name := range names {
		for end := range len(name) + 1 {
			if part := name[:end]; (end == len(name) || name[end] == '/') && !seen[part] {
				seen[part] = true
				candidates = append(candidates, part)
			}
		}
	}
	return nearest(want, candidates, names)
}

// nearest formats the nearest candidates; where none is near, how many names there are.
func nearest(want string, candidates, names []string) string {
	if n := editdistance.Near(want, candidates); len(n) > 0 {
		return "; near: " + strings.Join(n, ", ")
	}
	if len(names) == 0 {
		return "; there are none"
	}
	return fmt.Sprintf("; there are %d, the first is %s", len(names), names[0])
}
