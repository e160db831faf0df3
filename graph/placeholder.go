package graph

import (
	"strconv"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Placeholder makes an input that every Run reaching it must feed
// (tf.placeholder). A size of -1 is unknown until then. No sizes make a scalar.
func Placeholder(s *Scope, name string, dtype tensor.Dtype, shape ...int) *gorgonia.Node {
	sp := Spec{dtype, append(tensor.Shape{}, shape...)}
	if err := checkSpec(name, sp); err != nil {
		return s.Fail(nonEmpty(name, "Placeholder"), nil, sp, err)
	}
	return s.input(name, sp, nil)
}

// PlaceholderWithDefault makes an input that may be fed and is the given value
// otherwise (tf.placeholder_with_default). The value, a Go number, bool, slice
// or *tensor.Dense, fixes dtype and shape; bare float64 numbers take the
// graph's working dtype.
func PlaceholderWithDefault(s *Scope, name string, value interface{}) *gorgonia.Node {
	a, err := s.bareValue(value)
	if err == nil {
		err = checkSpec(name, Spec{a.dtype, a.shape})
	}
	if err != nil {
		return s.Fail(nonEmpty(name, "PlaceholderWithDefault"), nil, Spec{Dtype: s.g.cfg.Dtype}, err)
	}
	return s.input(name, Spec{a.dtype, a.shape}, a)
}

func checkSpec(name string, sp Spec) error {
	if err := checkName(name); err != nil {
		return err
	}
	if sp.Dtype.Type == nil || !supported(sp.Dtype) {
		return errors.Errorf("dtype %s is not supported; use float32, float64, int, int32, int64, uint8 or bool", dtypeName(sp.Dtype))
	}
	return checkSizes(sp.Shape)
}

func (s *Scope) input(name string, sp Spec, value *Array) *gorgonia.Node {
	g := s.g
	g.mu.Lock()
	defer g.mu.Unlock()
	name = g.unique(s.opPrefix + name)
	ni := &nodeInfo{kind: kindPlaceholder, name: name, spec: sp, value: value}
	ni.node = g.newInput(name, sp)
	g.register(ni)
	return ni.node
}

// newInput adds a node without an op. Gorgonia merges inputs of equal name and
// shape, and a forgotten name may come back, so a repeated name is marked.
// The caller holds mu.
func (g *Graph) newInput(name string, sp Spec) *gorgonia.Node {
	marked := name
	for again := 2; ; again++ {
		// Gorgonia takes the shape of a node that it merges away back into a
		// pool, so each attempt brings its own.
		opts := []gorgonia.NodeConsOpt{gorgonia.WithType(typeOf(sp)), gorgonia.In(g.expr), gorgonia.WithName(marked)}
		if sp.Rank() > 0 {
			opts = append(opts, gorgonia.WithShape(sp.Shape...))
		}
		before := len(g.expr.AllNodes())
		if n := gorgonia.NewUniqueNode(opts...); len(g.expr.AllNodes()) > before {
			return n
		}
		marked = name + "#" + strconv.Itoa(again)
	}
}
