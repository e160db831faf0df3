package ops

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// PrintConfig configures Print. The zero value prints three elements of each
// node to the standard error at every Run.
type PrintConfig struct {
	Out       io.Writer // default os.Stderr, looked up when the Run prints
	Label     string    // begins each line
	FirstN    int       // print the first so many times only; default always
	Summarize int       // elements of each node; default 3, negative for all
}

// Print is x, and prints the given nodes, or x itself if none is given, whenever
// it is computed: a line for each with the label, the node's name, dtype and
// shape, and its first elements. Any shape and dtype; the gradient is grad.
//
// Control edges order it among the effects. It prints only where the node that
// it returns, or one that depends on it, is run; to print without using the
// result, build what is used in s.After(printed). A Writer that fails makes the
// Run fail. Lines of Runs side by side do not mix.
//
// TF: tf.Print. PyTorch: none. Dtypes: any. Gradient: yes.
func Print(s *graph.Scope, x *gorgonia.Node, cfg PrintConfig, nodes ...*gorgonia.Node) *gorgonia.Node {
	const name = "Print"
	if cfg.FirstN < 0 {
		return s.Failf(name, gorgonia.Nodes{x}, "FirstN is %d; want how many times to print, or 0 for always", cfg.FirstN)
	}
	if cfg.Summarize == 0 {
		cfg.Summarize = 3
	}
	if len(nodes) == 0 {
		nodes = gorgonia.Nodes{x}
	}
	p := &printer{cfg: cfg, names: namesOf(s, nodes)}
	return graph.Apply(s, graph.OpDef{
		Name:   name,
		Attrs:  map[string]interface{}{"label": cfg.Label, "first_n": cfg.FirstN, "summarize": cfg.Summarize},
		Infer:  graph.SameAs,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) { return p.kernel(b) },
		Acts:   true,
		// The elements are printed before they are copied.
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(grad)
		},
	}, append(gorgonia.Nodes{x}, nodes...)...)
}

// printing keeps lines whole, whatever nodes print to one Writer.
var printing sync.Mutex

// printer is what the plans of one Print share.
type printer struct {
	cfg     PrintConfig
	names   []string
	printed int    // under printing
	line    []byte // under printing
}

func (p *printer) kernel(b *graph.Binding) (graph.Kernel, error) {
	pass, err := copyFirst(b)
	if err != nil {
		return nil, err
	}
	return func(c *graph.Call) error {
		if err := p.print(c.In[1:]); err != nil {
			return errors.Wrap(err, "printing failed")
		}
		return pass(c)
	}, nil
}

func (p *printer) print(values []*graph.Array) error {
	printing.Lock()
	defer printing.Unlock()
	if p.cfg.FirstN > 0 && p.printed == p.cfg.FirstN {
		return nil
	}
	p.printed++
	p.line = p.line[:0]
	for i, v := range values {
		if p.cfg.Label != "" {
			p.line = append(append(p.line, p.cfg.Label...), ": "...)
		}
		p.line = append(summary(p.line, p.names[i], v, p.cfg.Summarize), '\n')
	}
	out := p.cfg.Out
	if out == nil {
		out = os.Stderr
	}
	_, err := out.Write(p.line)
	return err
}

// namesOf returns the names under which the graph knows the nodes.
func namesOf(s *graph.Scope, nodes gorgonia.Nodes) []string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = s.Graph().NameOf(n)
	}
	return names
}

// summary appends a value in the form "name float32[2, 2] = [0.1 0.2 0.3 ...]",
// with the first limit elements, or all when that is negative.
func summary(line []byte, name string, a *graph.Array, limit int) []byte {
	line = fmt.Appendf(line, "%s %v = ", name, graph.Spec{Dtype: a.Dtype(), Shape: a.Shape()})
	if len(a.Shape()) == 0 {
		return appendElement(line, a, 0)
	}
	n := a.Size()
	if limit >= 0 {
		n = min(n, limit)
	}
	line = append(line, '[')
	for i := range n {
		if i > 0 {
			line = append(line, ' ')
		}
		line = appendElement(line, a, i)
	}
	if n < a.Size() {
		line = append(line, " ..."...)
	}
	return append(line, ']')
}

func appendElement(line []byte, a *graph.Array, i int) []byte {
	switch a.Dtype() {
	case tensor.Float32:
		return fmt.Append(line, a.Float32s()[i])
	case tensor.Float64:
		return fmt.Append(line, a.Float64s()[i])
	case tensor.Int:
		return fmt.Append(line, a.Ints()[i])
	case tensor.Int32:
		return fmt.Append(line, a.Int32s()[i])
	case tensor.Int64:
		return fmt.Append(line, a.Int64s()[i])
	case tensor.Uint8:
		return fmt.Append(line, a.Uint8s()[i])
	}
	return fmt.Append(line, a.Bools()[i])
}
