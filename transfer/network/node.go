package network

import "strings"

// Node is a node of the graph in a file (a layer, where a format has these), in the file's own terms.
type Node struct {
	Name, Op string
	Inputs   []string // the values that it takes; "" is one that is left out
	Outputs  []Value  // the values that it gives, under the names by which Network.Node finds them
}

// String writes the name, the type, the inputs and the outputs: "hidden1/MatMul MatMul(X, hidden1/kernel) -> hidden1/MatMul [? 300]".
func (n Node) String() string {
	in, out := make([]string, len(n.Inputs)), make([]string, len(n.Outputs))
	for i, name := range n.Inputs {
		in[i] = quoted(name)
	}
	for i, v := range n.Outputs {
		out[i] = v.String()
	}
	return quoted(n.Name) + " " + quoted(n.Op) + "(" + strings.Join(in, ", ") + ") -> " + strings.Join(out, ", ")
}
