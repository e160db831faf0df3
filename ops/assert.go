package ops

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Assert fails the Run unless cond, a bool of any shape, holds in every element.
// The error gives the message and the name and first elements of each node of
// data. It returns an effect without a value: what must not happen otherwise is
// built after it,
//
//	ok := ops.Assert(s, ops.Less(s, loss, limit), "the loss explodes", loss)
//	step := opt.Minimize(s.After(ok), loss, vars)
//
// and since a Run writes variables last, a failed one has then changed nothing.
//
// TF: tf.Assert. PyTorch: torch._assert. Dtypes: any. Gradient: no.
func Assert(s *graph.Scope, cond *gorgonia.Node, message string, data ...*gorgonia.Node) *gorgonia.Node {
	names := namesOf(s, data)
	return graph.Apply(s, graph.OpDef{
		Name:  "Assert",
		Attrs: map[string]interface{}{"message": message},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: tensor.Bool}
			if in[0].Dtype != tensor.Bool {
				return out, errors.Errorf("the condition is %v; want bool (ops.Less, ops.Equal, ... compare)", in[0])
			}
			return out, nil
		},
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(c *graph.Call) error {
				for i, holds := range c.In[0].Bools() {
					if !holds {
						return failedAssertion(message, c.In[0], i, names, c.In[1:])
					}
				}
				return nil
			}, nil
		},
		Acts:    true,
		NoValue: true,
	}, append(gorgonia.Nodes{cond}, data...)...)
}

// assertElements is how many elements of each node an error shows.
const assertElements = 8

func failedAssertion(message string, cond *graph.Array, at int, names []string, data []*graph.Array) error {
	var b strings.Builder
	b.WriteString("assertion failed")
	if message != "" {
		b.WriteString(": " + message)
	}
	if len(cond.Shape()) > 0 {
		fmt.Fprintf(&b, " (at %v)", indexAt(cond.Shape(), at))
	}
	for i, v := range data {
		b.WriteString("; ")
		b.Write(summary(nil, names[i], v, assertElements))
	}
	return errors.New(b.String())
}
