package graph

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/philox"
)

// CheckConfig configures CheckGradients. The zero value suits smooth functions
// of values near one.
type CheckConfig struct {
	Step  float64 // of the central difference, relative to max(1, |x|); default 1e-5
	RTol  float64 // relative tolerance; default 1e-5
	ATol  float64 // absolute tolerance; default 1e-7
	Seed  int64   // of the random weights that project y to a number
	Limit int     // how many elements of each x are varied, evenly spread; default 64
}

// CheckGradients compares the gradient of y with respect to each of xs against
// central finite differences, at the point that feeds gives. The xs are fed
// placeholders, or other fed nodes, or variables, which start at their initial
// values; y may have any shape: it is projected on random weights. All must be
// float64. The error names the first element that differs.
func CheckGradients(g *Graph, feeds Feeds, y *gorgonia.Node, xs gorgonia.Nodes, cfg CheckConfig) error {
	cfg.setDefaults()
	if err := g.Err(); err != nil {
		return err
	}
	for _, n := range append(gorgonia.Nodes{y}, xs...) {
		if IsBad(n) || SpecOf(n).Dtype != tensor.Float64 {
			return errors.Errorf("CheckGradients: %s is %v; want float64", g.NameOf(n), SpecOf(n))
		}
	}
	s := g.Scope().NameScope("check_gradients")
	weights := s.input("weights", SpecOf(y), nil)
	grads := Gradients(s, gorgonia.Nodes{y}, xs, gorgonia.Nodes{weights})
	sess, err := NewSession(g, SessionConfig{})
	if err != nil {
		return err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return err
	}
	c := &gradientCheck{g: g, sess: sess, y: y, cfg: cfg, feeds: Feeds{}}
	for n, v := range feeds {
		c.feeds[n] = v
	}
	out, err := c.run(y)
	if err != nil {
		return err
	}
	w := newDense(Spec{tensor.Float64, out.Tensor(0).Shape().Clone()})
	c.weights = arrayOf(w).Float64s()
	philox.FillUniform(c.weights, philox.New(philox.Key(cfg.Seed, "check_gradients"), 0), 0, -1, 1)
	if w.Shape().IsScalar() {
		w = tensor.New(tensor.FromScalar(c.weights[0]))
	}
	c.feeds[weights] = w
	for i, x := range xs {
		if err := c.check(x, grads[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *CheckConfig) setDefaults() {
	if c.Step == 0 {
		c.Step = 1e-5
	}
	if c.RTol == 0 {
		c.RTol = 1e-5
	}
	if c.ATol == 0 {
		c.ATol = 1e-7
	}
	if c.Limit == 0 {
		c.Limit = 64
	}
}

type gradientCheck struct {
	g       *Graph
	sess    *Session
	y       *gorgonia.Node
	weights []float64
	feeds   Feeds
	cfg     CheckConfig
}

// run evaluates nodes at a fixed draw of the random ops.
func (c *gradientCheck) run(n *gorgonia.Node) (Values, error) {
	if draw := c.g.drawNode(); draw != nil {
		if err := c.sess.SetValue(draw, int64(0)); err != nil {
			return nil, err
		}
	}
	return c.sess.Run(c.feeds, n)
}

// projected returns the sum of y times the weights.
func (c *gradientCheck) projected() (float64, error) {
	out, err := c.run(c.y)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for i, v := range out.Float64s(0) {
		sum += v * c.weights[i]
	}
	return sum, nil
}

func (c *gradientCheck) check(x, grad *gorgonia.Node) error {
	name := c.g.NameOf(x)
	at, err := c.point(x)
	if err != nil {
		return err
	}
	values := at.Float64s()
	analytic := make([]float64, len(values))
	if grad != nil {
		out, err := c.run(grad)
		if err != nil {
			return errors.Wrapf(err, "gradient of %s", name)
		}
		if !slices.Equal(arrayOf(out.Tensor(0)).shape, at.shape) {
			return errors.Errorf("the gradient of %s has shape %s; want %s", name, formatShape(out.Tensor(0).Shape()), formatShape(at.shape))
		}
		copy(analytic, out.Float64s(0))
	}
	stride := max(1, len(values)/c.cfg.Limit)
	for i := 0; i < len(values); i += stride {
		h := c.cfg.Step * math.Max(1, math.Abs(values[i]))
		up, err := c.moved(x, at, i, h)
		if err != nil {
			return err
		}
		down, err := c.moved(x, at, i, -h)
		if err != nil {
			return err
		}
		numeric := (up - down) / (2 * h)
		if diff := math.Abs(numeric - analytic[i]); !(diff <= c.cfg.ATol+c.cfg.RTol*math.Max(math.Abs(numeric), math.Abs(analytic[i]))) {
			return errors.Errorf("the gradient of %s with respect to %s, element %d at %v, is %v; finite differences give %v",
				c.g.NameOf(c.y), name, i, values[i], analytic[i], numeric)
		}
	}
	return nil
}

// point copies the value of x.
func (c *gradientCheck) point(x *gorgonia.Node) (*Array, error) {
	if value, fed := c.feeds[x]; fed {
		f := &feedValue{}
		if err := f.resolve(c.g.lookup(x), value); err != nil {
			return nil, err
		}
		a := newArray(Spec{f.array.dtype, f.array.shape.Clone()})
		a.copyFrom(&f.array)
		return a, nil
	}
	out, err := c.run(x)
	if err != nil {
		return nil, err
	}
	return arrayOf(out.Tensor(0)), nil
}

// moved evaluates with element i of x changed by h.
func (c *gradientCheck) moved(x *gorgonia.Node, at *Array, i int, h float64) (float64, error) {
	v := tensorOf(at)
	if len(at.shape) == 0 {
		v = tensor.New(tensor.FromScalar(at.Float64s()[0] + h))
	} else {
		arrayOf(v).Float64s()[i] += h
	}
	if c.g.IsVariable(x) {
		if _, fed := c.feeds[x]; !fed {
			if err := c.sess.SetValue(x, v); err != nil {
				return 0, err
			}
			defer c.sess.SetValue(x, tensorOf(at))
			return c.projected()
		}
	}
	before, had := c.feeds[x]
	c.feeds[x] = v
	defer func() {
		if had {
			c.feeds[x] = before
		} else {
			delete(c.feeds, x)
		}
	}()
	return c.projected()
}
