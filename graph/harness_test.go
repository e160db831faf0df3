package graph

import (
	"strings"
	"sync"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/philox"
)

func mustRun(t testing.TB, s *Session, feeds Feeds, fetches ...*gorgonia.Node) Values {
	t.Helper()
	out, err := s.Run(feeds, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// newSession returns an initialised session that ends with the test.
func newSession(t testing.TB, g *Graph, cfg SessionConfig) *Session {
	t.Helper()
	s, err := NewSession(g, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Init(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// ablated runs a scenario twice: as it is, when it must hold, and with one
// mechanism of the session switched off, when the check must notice. The
// scenario builds its own graph and returns what it found wrong, "" if nothing.
func ablated(t *testing.T, off func(*ablation), scenario func(t *testing.T, with func(*Graph, SessionConfig) *Session) string) {
	t.Helper()
	plain := func(g *Graph, cfg SessionConfig) *Session { return newSession(t, g, cfg) }
	if wrong := scenario(t, plain); wrong != "" {
		t.Error(wrong)
	}
	without := func(g *Graph, cfg SessionConfig) *Session {
		s := newSession(t, g, cfg)
		off(&s.ablate)
		return s
	}
	if wrong := scenario(t, without); wrong == "" {
		t.Error("with the mechanism switched off the check still passes: it shows nothing")
	}
}

// wantError checks that an error holds all the words.
func wantError(t testing.TB, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error %q does not mention %q", err, w)
		}
	}
}

// constantly fills a variable with one number.
type constantly float64

func (c constantly) Initialize(v *Initial) error {
	a, err := arrayOfGo(float64(c), nil)
	if err != nil {
		return err
	}
	for i := 0; i < v.Out.size; i++ {
		switch v.Out.dtype {
		case tensor.Float32:
			v.Out.Float32s()[i] = float32(a.Float64s()[0])
		case tensor.Float64:
			v.Out.Float64s()[i] = a.Float64s()[0]
		case tensor.Int64:
			v.Out.Int64s()[i] = int64(a.Float64s()[0])
		}
	}
	return nil
}

// f64 makes a float64 variable that starts with one value.
func f64(s *Scope, name string, start float64, shape ...int) *gorgonia.Node {
	return Variable(s, name, shape, VariableConfig{Dtype: tensor.Float64, Initializer: constantly(start)})
}

// The ops of these tests, all in float64: package graph itself has none.

// pointwise is an op of equally shaped inputs, computed element by element.
func pointwise(name string, f func(x []float64) float64) OpDef {
	return OpDef{
		Name: name,
		Infer: func(in []Spec) (Spec, error) {
			out := in[0]
			for _, x := range in[1:] {
				if x.Dtype != out.Dtype || !Compatible(x.Shape, out.Shape) {
					return out, errorf("want equal shapes, but %v and %v came", out, x)
				}
			}
			return out, nil
		},
		InPlace: []int{0},
		Kernel: func(b *Binding) (Kernel, error) {
			n := len(b.In)
			body := func(c *Call, lo, hi int) {
				var x [4]float64
				out := c.Out.Float64s()
				for i := lo; i < hi; i++ {
					for k := range n {
						x[k] = c.In[k].Float64s()[i]
					}
					out[i] = f(x[:n])
				}
			}
			pieces := func(c *Call, lo, hi int) {
				for ; lo < hi; lo += 24 {
					body(c, lo, min(lo+24, hi))
					c.Finish(lo, min(lo+24, hi))
				}
			}
			// As Binding.Pointwise, in smaller pieces.
			b.loop, b.pointwise = body, func(c *Call) error { c.Split(c.Out.size, 64, pieces); return nil }
			return b.pointwise, nil
		},
	}
}

func addDef() OpDef {
	d := pointwise("Add", func(x []float64) float64 { return x[0] + x[1] })
	d.InPlace = []int{0, 1}
	d.Gradient = func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{grad, grad}
	}
	return d
}

func add(s *Scope, a, b *gorgonia.Node) *gorgonia.Node { return Apply(s, addDef(), a, b) }

func mul(s *Scope, a, b *gorgonia.Node) *gorgonia.Node {
	d := pointwise("Mul", func(x []float64) float64 { return x[0] * x[1] })
	d.InPlace = []int{0, 1}
	d.Gradient = func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{mul(s, grad, in[1]), mul(s, grad, in[0])}
	}
	return Apply(s, d, a, b)
}

// scale multiplies by a number.
func scale(s *Scope, x *gorgonia.Node, by float64) *gorgonia.Node {
	d := pointwise("Scale", func(x []float64) float64 { return by * x[0] })
	d.Gradient = func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{scale(s, grad, by)}
	}
	return Apply(s, d, x)
}

// parted is the sum x+y; its extra outputs are the difference x-y and the mean
// (x+y)/2. It finishes each piece by piece.
func parted(s *Scope, x, y *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:    "Parted",
		Infer:   SameAs,
		Aux:     func(in []Spec) ([]Spec, error) { return []Spec{in[0], in[1]}, nil },
		InPlace: []int{0, 1},
		Kernel: func(b *Binding) (Kernel, error) {
			b.Finishes()
			b.FinishesAux(0)
			b.FinishesAux(1)
			pieces := func(c *Call, lo, hi int) {
				x, y := c.In[0].Float64s(), c.In[1].Float64s()
				for ; lo < hi; lo += 24 {
					end := min(lo+24, hi)
					for i := lo; i < end; i++ {
						a, b := x[i], y[i]
						c.Out.Float64s()[i], c.Aux[0].Float64s()[i], c.Aux[1].Float64s()[i] = a+b, a-b, (a+b)/2
					}
					c.FinishAux(1, lo, end)
					c.Finish(lo, end)
					c.FinishAux(0, lo, end)
				}
			}
			return func(c *Call) error { c.Split(c.Out.size, 64, pieces); return nil }, nil
		},
	}, x, y)
}

// sum adds all elements up.
func sum(s *Scope, x *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:  "Sum",
		Infer: func(in []Spec) (Spec, error) { return Spec{Dtype: in[0].Dtype}, nil },
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error {
				total := 0.0
				for _, v := range c.In[0].Float64s() {
					total += v
				}
				c.Out.Float64s()[0] = total
				return nil
			}, nil
		},
		Gradient: func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{spread(s, grad, in[0])}
		},
	}, x)
}

// spread repeats a scalar in the shape of like, whose value is not used.
func spread(s *Scope, x, like *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:      "Spread",
		Infer:     func(in []Spec) (Spec, error) { return Spec{in[0].Dtype, in[1].Shape}, nil },
		ShapeOnly: []int{1},
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error { fillWith(c.Out, c.In[0].Float64s()[0]); return nil }, nil
		},
		Gradient: func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{sum(s, grad), nil}
		},
	}, x, like)
}

// flattened is a view of x with one axis.
func flattened(s *Scope, x *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name: "Flat",
		Infer: func(in []Spec) (Spec, error) {
			n := sizeOf(in[0].Shape)
			if !in[0].Known() {
				n = Unknown
			}
			return Spec{in[0].Dtype, tensor.Shape{n}}, nil
		},
		Alias:  AliasFirst,
		Kernel: copyKernel,
	}, x)
}

// positive tells whether the elements of x have a positive sum.
func positive(s *Scope, x *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:  "Positive",
		Infer: func(in []Spec) (Spec, error) { return Spec{Dtype: tensor.Bool}, nil },
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error {
				total := 0.0
				for _, v := range c.In[0].Float64s() {
					total += v
				}
				c.Out.Bools()[0] = total > 0
				return nil
			}, nil
		},
	}, x)
}

// diary records the order in which effects happen.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) write(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

// take returns the lines so far, joined, and begins a new page.
func (d *diary) take() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := strings.Join(d.lines, " ")
	d.lines = nil
	return s
}

// note is an effect without a value that writes a line into the diary.
func (d *diary) note(s *Scope, line string, in ...*gorgonia.Node) *gorgonia.Node {
	def := noOp("Note")
	def.Acts = true
	def.Kernel = func(*Binding) (Kernel, error) {
		return func(*Call) error { d.write(line); return nil }, nil
	}
	return Apply(s, def, in...)
}

// random draws float64 numbers from [0, 1), and notes each draw.
func random(s *Scope, d *diary, shape ...int) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:              "Random",
		Infer:             func([]Spec) (Spec, error) { return Spec{tensor.Float64, shape}, nil },
		Draws:             true,
		NotDifferentiable: true,
		Kernel: func(b *Binding) (Kernel, error) {
			key, name := philox.Key(b.Seed, b.Name), b.Name
			return func(c *Call) error {
				if d != nil {
					d.write(name)
				}
				philox.FillUniform(c.Out.Float64s(), philox.New(key, c.Draw), 0, 0, 1)
				return nil
			}, nil
		},
	})
}

// failing passes x on unless fail is set when it runs.
func failing(s *Scope, x *gorgonia.Node, fail *error) *gorgonia.Node {
	d := pointwise("Fragile", func(x []float64) float64 { return x[0] })
	d.Kernel = func(*Binding) (Kernel, error) {
		return func(c *Call) error { c.Out.copyFrom(c.In[0]); return *fail }, nil
	}
	d.InPlace = nil
	return Apply(s, d, x)
}

func double(s *Scope, name string, shape ...int) *gorgonia.Node {
	return Placeholder(s, name, tensor.Float64, shape...)
}

// doubled is 2*x.
func doubled(s *Scope, x *gorgonia.Node) *gorgonia.Node {
	d := pointwise("Double", func(x []float64) float64 { return 2 * x[0] })
	d.Gradient = func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{scale(s, grad, 2)}
	}
	return Apply(s, d, x)
}
