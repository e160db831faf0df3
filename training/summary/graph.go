package summary

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// Graph writes a graph as it is now, which TensorBoard draws in its tab "Graphs": nodes by scope
// with their ops, parameters, shapes and control edges. A later Graph replaces it there. The values
// of constants are left out.
func (w *Writer) Graph(g *graph.Graph) error {
	if g == nil {
		return errors.New("summary: the graph is nil")
	}
	if err := g.Err(); err != nil {
		return errors.WithMessage(err, "summary: the graph has an error")
	}
	return w.add(tffile.Event{GraphDef: graphDef(g).Encode()})
}

// graphDef describes a graph as TensorFlow does. An extra output is no node there, but another
// output of its op's node.
func graphDef(g *graph.Graph) tffile.GraphDef {
	def := tffile.GraphDef{Producer: tffile.GraphProducer}
	nodes := append(g.Variables(), g.Operations()...)
	extra := map[*gorgonia.Node]map[int]graph.Spec{}
	for _, n := range nodes {
		if d := g.Describe(n); d.Kind == graph.ExtraOutputNode {
			if extra[d.Producer] == nil {
				extra[d.Producer] = map[int]graph.Spec{}
			}
			extra[d.Producer][d.Output] = d.Spec
		}
	}
	for _, n := range nodes {
		if d := g.Describe(n); d.Kind != graph.ExtraOutputNode {
			def.Nodes = append(def.Nodes, nodeDef(g, d, extra[n]))
		}
	}
	return def
}

func nodeDef(g *graph.Graph, d graph.Description, extra map[int]graph.Spec) tffile.NodeDef {
	n := tffile.NodeDef{Name: d.Name, Op: d.Op, Attrs: map[string]tffile.Attr{}}
	for name, v := range d.Attrs {
		n.Attrs[name] = tffile.Attr{Value: attr(v)}
	}
	shapes := []tffile.Shape{shapeOf(d.Spec)}
	for i := 1; i <= len(extra); i++ { // those that nobody selects are not known, nor drawn
		if sp, ok := extra[i]; ok {
			shapes = append(shapes, shapeOf(sp))
		} else {
			shapes = append(shapes, tffile.Shape{UnknownRank: true})
		}
	}
	n.Attrs["_output_shapes"] = tffile.Attr{Value: shapes}
	dtype := "T"
	switch d.Kind {
	case graph.VariableNode:
		n.Op, dtype = "VariableV2", "dtype"
		n.Attrs["shape"] = tffile.Attr{Value: shapes[0]}
	case graph.PlaceholderNode:
		dtype = "dtype"
		n.Attrs["shape"] = tffile.Attr{Value: shapes[0]}
	case graph.ConstNode:
		dtype = "dtype"
	}
	n.Attrs[dtype] = tffile.Attr{Value: tffile.DTypeOf(d.Spec.Dtype.Type)}
	for _, in := range d.Inputs {
		n.Inputs = append(n.Inputs, output(g, in))
	}
	seen := map[string]bool{}
	for _, c := range d.Control {
		name := "^" + owner(g, c).Name
		if !seen[name] {
			seen[name] = true
			n.Inputs = append(n.Inputs, name)
		}
	}
	return n
}

// owner describes a node, or the one that makes it as an extra output.
func owner(g *graph.Graph, n *gorgonia.Node) graph.Description {
	d := g.Describe(n)
	if d.Producer != nil {
		return g.Describe(d.Producer)
	}
	return d
}

// output names a node as an input.
func output(g *graph.Graph, n *gorgonia.Node) string {
	if d := g.Describe(n); d.Output > 0 {
		return fmt.Sprintf("%s:%d", owner(g, n).Name, d.Output)
	}
	return g.NameOf(n)
}

func shapeOf(sp graph.Spec) tffile.Shape {
	return tffile.Shape{Sizes: append([]int{}, sp.Shape...)}
}

// attr is a parameter as TensorFlow stores it, or as a text where it has no such kind.
func attr(v interface{}) interface{} {
	switch v := v.(type) {
	case bool, string, int64, float32:
		return v
	case int:
		return int64(v)
	case float64:
		return float32(v)
	case tensor.Dtype:
		return tffile.DTypeOf(v.Type)
	case tensor.Shape:
		return tffile.Shape{Sizes: append([]int{}, v...)}
	case []int:
		list := make([]int64, len(v))
		for i, x := range v {
			list[i] = int64(x)
		}
		return list
	}
	return fmt.Sprint(v)
}
