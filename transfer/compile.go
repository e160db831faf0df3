package transfer

import (
	"regexp"
	"slices"

	"github.com/pkg/errors"
)

// mapper is a Mapping with its patterns compiled.
type mapper struct {
	Mapping
	ignore, splits, rules, layouts, fills, notes []*regexp.Regexp

	joins [][]*regexp.Regexp
}

func (m Mapping) compile() (*mapper, error) {
	c := &mapper{Mapping: m}
	var err error
	add := func(to *[]*regexp.Regexp, pattern string) {
		re, wrong := regexp.Compile(pattern)
		if wrong != nil && err == nil {
			err = errors.Wrapf(wrong, "pattern %q", pattern)
		}
		*to = append(*to, re)
	}
	wrong := func(format string, args ...interface{}) {
		if err == nil {
			err = errors.Errorf(format, args...)
		}
	}
	for _, p := range m.Ignore {
		add(&c.ignore, p)
	}
	for _, s := range m.Splits {
		add(&c.splits, s.Pattern)
		switch {
		case len(s.Into) == 0:
			wrong("the split of %q has nothing in Into; want the names of its parts", s.Pattern)
		case s.Sizes != nil && len(s.Sizes) != len(s.Into):
			wrong("the split of %q has %d Sizes for %d names in Into; want one each, or nil for equal parts", s.Pattern, len(s.Sizes), len(s.Into))
		case slices.ContainsFunc(s.Sizes, func(d int) bool { return d < 0 }):
			wrong("the split of %q has the Sizes %v; want none below 0", s.Pattern, s.Sizes)
		}
	}
	for _, j := range m.Joins {
		var parts []*regexp.Regexp
		for _, p := range j.Parts {
			add(&parts, p)
		}
		c.joins = append(c.joins, parts)
		if len(j.Parts) == 0 || j.Into == "" {
			wrong("a join of %q into %q; want patterns of its parts, and a name", j.Parts, j.Into)
		}
	}
	for _, r := range m.Rules {
		add(&c.rules, r.Pattern)
		if (len(r.With) == 0) == (len(r.Names) == 0) {
			wrong("the rule for %q has %d texts in With and %d in Names; want one of the two, in With a text, which may be empty", r.Pattern, len(r.With), len(r.Names))
		}
	}
	for _, l := range m.Layouts {
		add(&c.layouts, l.Pattern)
	}
	for _, f := range m.Fills {
		add(&c.fills, f.Pattern)
	}
	for _, n := range m.Notes {
		add(&c.notes, n.Pattern)
	}
	return c, err
}

// first returns the index of the first pattern that matches, negative for none.
func first(patterns []*regexp.Regexp, name string) int {
	return slices.IndexFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(name) })
}
