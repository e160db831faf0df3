package ops

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// CheckNumerics is x, and fails the Run when x holds NaN or an infinity: the
// error gives the message, how many there are and where the first is. Any shape,
// float32 or float64. The gradient is grad, checked likewise. It is computed
// before the first variable is written where the order of effects allows.
//
// graph.SessionConfig.CheckNumerics checks every node.
//
// TF: tf.check_numerics. PyTorch: none. Dtypes: float. Gradient: yes.
func CheckNumerics(s *graph.Scope, x *gorgonia.Node, message string) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "CheckNumerics",
		Attrs: map[string]interface{}{"message": message},
		Infer: graph.SameFloat,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, checkNumerics[float32](message), checkNumerics[float64](message))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(CheckNumerics(s, grad, message+" (its gradient)"))
		},
	}, x)
}

func checkNumerics[T float](message string) graph.Kernel {
	return func(c *graph.Call) error {
		out, x := elements[T](c.Out), elements[T](c.In[0])
		for i, v := range x {
			if v-v != 0 { // not finite
				return notFinite(message, c.In[0], x, i)
			}
			out[i] = v
		}
		return nil
	}
}

func notFinite[T float](message string, a *graph.Array, x []T, first int) error {
	nans, infs := 0, 0
	for _, v := range x[first:] {
		switch {
		case v != v:
			nans++
		case v-v != 0:
			infs++
		}
	}
	if message != "" {
		message += ": "
	}
	where := ""
	if len(a.Shape()) > 0 {
		where = fmt.Sprintf(", the first at %v", indexAt(a.Shape(), first))
	}
	return errors.Errorf("%s%d NaN and %d infinite among %d elements%s", message, nans, infs, len(x), where)
}
