package transfer

import (
	"regexp"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/weights"
)

// Mapping says how the tensors of a file become the values of variables: by their names,
// and by the layouts in which frameworks keep them.
type Mapping struct {
	// Rules turn the name of a tensor into that of a variable. All are applied, in order.
	Rules []Rule
	// Layouts say how tensors become values. The first that fits a variable is taken;
	// where none does, the tensor is the value.
	Layouts []Layout
	// Ignore are patterns of tensors that belong to no variable, as they stand in the file:
	// counters, optimizer slots, the head that is left out.
	Ignore []string
}

// Rule replaces what a regular expression matches, anywhere in a name. Where several texts
// stand in With, each makes a name, and that of a variable that exists is taken: PyTorch
// calls both the kernel of a layer and the gamma of batch norm "weight". $1 is what the
// first group matched.
type Rule struct {
	Pattern string
	With    []string
}

// Layout says how the tensors of some variables are kept in a file.
type Layout struct {
	Pattern string // of the variable's name
	Rank    int    // of the tensor; 0 for any
	// Shape is the tensor's where its axes are to be told apart first, such as {4096, 256, 6, 6} of a dense
	// kernel behind a flattened map of channels first; nil for the one it has.
	Shape []int
	// Axes is the order in which the axes make the value: {2, 3, 1, 0} turns OIHW into HWIO.
	Axes []int
}

// Then returns m with what is said in n before it: its rules come first, and its layouts are
// preferred.
func (m Mapping) Then(n Mapping) Mapping {
	return Mapping{slices.Concat(n.Rules, m.Rules), slices.Concat(n.Layouts, m.Layouts), slices.Concat(n.Ignore, m.Ignore)}
}

// mapper is a Mapping with its patterns compiled.
type mapper struct {
	rules   []*regexp.Regexp
	with    [][]string
	layouts []*regexp.Regexp
	ignore  []*regexp.Regexp
	Mapping
}

func (m Mapping) compile() (*mapper, error) {
	c := &mapper{Mapping: m}
	add := func(to *[]*regexp.Regexp, pattern string) error {
		re, err := regexp.Compile(pattern)
		*to = append(*to, re)
		return errors.Wrapf(err, "pattern %q", pattern)
	}
	for _, r := range m.Rules {
		if err := add(&c.rules, r.Pattern); err != nil {
			return nil, err
		}
		if len(r.With) == 0 {
			return nil, errors.Errorf("the rule for %q has nothing in With; want a text, which may be empty", r.Pattern)
		}
		c.with = append(c.with, r.With)
	}
	for _, l := range m.Layouts {
		if err := add(&c.layouts, l.Pattern); err != nil {
			return nil, err
		}
	}
	for _, p := range m.Ignore {
		if err := add(&c.ignore, p); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// names returns the names that a tensor's may become.
func (c *mapper) names(name string) []string {
	all := []string{name}
	for i, re := range c.rules {
		var next []string
		for _, n := range all {
			if !re.MatchString(n) {
				next = append(next, n)
				continue
			}
			for _, with := range c.with[i] {
				next = append(next, re.ReplaceAllString(n, with))
			}
		}
		all = next
	}
	return all
}

// ignored tells whether a tensor belongs to no variable.
func (c *mapper) ignored(name string) bool {
	return slices.ContainsFunc(c.ignore, func(re *regexp.Regexp) bool { return re.MatchString(name) })
}

// laidOut returns t in the order in which its elements make the value of a variable of that
// name and shape.
func (c *mapper) laidOut(t weights.Tensor, variable string, shape tensor.Shape) (weights.Tensor, error) {
	for i, l := range c.Layouts {
		if l.Rank != 0 && l.Rank != len(t.Shape) || !c.layouts[i].MatchString(variable) {
			continue
		}
		var err error
		if l.Shape != nil {
			if t, err = t.Reshape(l.Shape...); err != nil {
				return t, err
			}
		}
		if l.Axes != nil {
			if t, err = t.Transpose(l.Axes...); err != nil {
				return t, err
			}
		}
		break
	}
	if slices.Equal(t.Shape, shape) || sameButOnes(t.Shape, shape) || flattened(t.Shape, shape) {
		return t, nil
	}
	return t, errors.Errorf("the stored %q has the shape %v; want %v", t.Name, t.Shape, []int(shape))
}

// sameButOnes tells whether shapes are equal but for axes of size 1, as dense kernels are that
// another framework keeps as 1x1 convolutions.
func sameButOnes(a, b []int) bool {
	ones := func(s []int) []int { return slices.DeleteFunc(slices.Clone(s), func(d int) bool { return d == 1 }) }
	return slices.Equal(ones(a), ones(b))
}

// flattened tells whether a is [height, width, channels, units] and b the dense kernel behind the map.
func flattened(a, b []int) bool {
	return len(a) == 4 && len(b) == 2 && a[3] == b[1] && a[0]*a[1]*a[2] == b[0]
}
