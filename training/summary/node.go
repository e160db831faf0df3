package summary

import (
	"strings"
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// The names of the ops by which MergeAll knows what to write of a node.
const (
	scalarOp    = "ScalarSummary"
	histogramOp = "HistogramSummary"
	imageOp     = "ImageSummary"
)

// Scalar makes a summary of x, a number of any dtype (float or integer, one element), and enters it
// into the collection graph.Summaries (tf.summary.scalar). It is x itself, and costs nothing in
// Runs that do not fetch it. Its tag is the given one behind the path of s, as "train/loss"; a tag
// that the graph has already is a build error.
func Scalar(s *graph.Scope, tag string, x *gorgonia.Node) *gorgonia.Node {
	return newNode(s, scalarOp, tag, x, 0, func(sp graph.Spec) error {
		if sp.Rank() > 0 {
			return errors.Errorf("has shape %v; want a scalar, such as ops.Mean of it", sp.Shape)
		}
		return nil
	})
}

// Histogram makes a summary of the distribution of x, numbers of any shape (tf.summary.histogram);
// else it is like Scalar.
func Histogram(s *graph.Scope, tag string, x *gorgonia.Node) *gorgonia.Node {
	return newNode(s, histogramOp, tag, x, 0, func(graph.Spec) error { return nil })
}

// Image makes a summary of up to maxOutputs images, 0 meaning 3, of x [batch, height, width,
// channels] with 1, 3 or 4 channels (tf.summary.image); else it is like Scalar. Writer.Image says
// how values become pixels.
func Image(s *graph.Scope, tag string, x *gorgonia.Node, maxOutputs int) *gorgonia.Node {
	return newNode(s, imageOp, tag, x, maxOutputs, func(sp graph.Spec) error {
		if c := sp.Shape; sp.Rank() != 4 || c[3] != 1 && c[3] != 3 && c[3] != 4 && c[3] != graph.Unknown {
			return errors.Errorf("has shape %v; want [batch, height, width, channels] with 1, 3 or 4 channels", sp.Shape)
		}
		if maxOutputs < 0 {
			return errors.Errorf("gets maxOutputs %d; want the number of images to be written, or 0 for %d", maxOutputs, defaultOutputs)
		}
		return nil
	})
}

// newNode makes a summary of x if check accepts it.
func newNode(s *graph.Scope, op, tag string, x *gorgonia.Node, maxOutputs int, check func(graph.Spec) error) *gorgonia.Node {
	g := s.Graph()
	full := tag
	if path := s.Path(); path != "" {
		full = path + "/" + tag
	}
	def := graph.OpDef{
		Name: op,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if sp := in[0]; !sp.IsFloat() && !sp.IsInt() && (op != imageOp || sp.Dtype.String() != "uint8") {
				return sp, errors.Errorf("%q has dtype %v; want numbers", full, sp.Dtype)
			}
			return in[0], errors.WithMessagef(check(in[0]), "%q", full)
		},
		Kernel:            copyKernel,
		Alias:             graph.AliasFirst,
		NotDifferentiable: true,
		Attrs:             map[string]interface{}{"tag": full, "max_outputs": maxOutputs},
	}
	if tag == "" || strings.HasPrefix(tag, "/") {
		return s.Failf(op, gorgonia.Nodes{x}, "the tag is %q; give the summary a name, such as loss", tag)
	}
	for _, n := range g.Collection(graph.Summaries) {
		if d := g.Describe(n); d.Attrs["tag"] == full {
			return s.Failf(op, gorgonia.Nodes{x}, "there is a summary with the tag %q; give each its own tag or scope", full)
		}
	}
	n := graph.Apply(s, def, x)
	if !graph.IsBad(n) {
		g.AddToCollection(graph.Summaries, n)
	}
	return n
}

// copyKernel copies x, where the value cannot share its memory: a variable that is written in the
// same Run.
func copyKernel(*graph.Binding) (graph.Kernel, error) {
	return func(c *graph.Call) error {
		n := c.Out.Size() * int(c.Out.Dtype().Size())
		copy(unsafe.Slice((*byte)(c.Out.Pointer()), n), unsafe.Slice((*byte)(c.In[0].Pointer()), n))
		return nil
	}, nil
}
