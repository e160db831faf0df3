package main

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// contents is what is printed of a file.
type contents struct {
	Format   string            `json:"format"`
	Metadata map[string]string `json:"metadata,omitempty"`
	Tensors  []entry           `json:"tensors"`
	Elements int               `json:"elements"`
	Bytes    int               `json:"bytes"` // of the elements that have a size
	Graph    *topology         `json:"graph,omitempty"`
}

// entry is a tensor, or an input or output of the graph. A size of -1 is not known; the shape is null where nothing is said.
type entry struct {
	Name  string `json:"name"`
	DType string `json:"dtype,omitempty"`
	Shape []int  `json:"shape"`
}

// topology is the graph of a file.
type topology struct {
	Nodes   int            `json:"nodes"`
	Ops     map[string]int `json:"ops"`
	Inputs  []entry        `json:"inputs"`
	Outputs []entry        `json:"outputs"`
	List    []listed       `json:"list,omitempty"`

	summary network.Summary
}

// listed is a node of the graph.
type listed struct {
	Name    string   `json:"name"`
	Op      string   `json:"op"`
	Inputs  []string `json:"inputs"`
	Outputs []entry  `json:"outputs"`

	node network.Node
}

// read opens a file as a model, and as weights alone where it is none.
func read(path string) (contents, error) {
	m, err := transfer.OpenModel(path)
	if err != nil {
		f, failed := transfer.Open(path)
		switch {
		case failed != nil && errors.Is(err, transfer.ErrNoGraph):
			return contents{}, failed
		case failed != nil:
			return contents{}, err
		}
		defer f.Close()
		return list(f)
	}
	defer m.Close()
	f, err := m.Weights()
	if err != nil {
		return contents{}, err
	}
	c, err := list(f)
	if d, ok := m.(network.Describer); ok {
		c.Graph = describe(d)
	}
	return c, err
}

func list(f *weights.File) (contents, error) {
	c := contents{Format: f.Format(), Metadata: f.Metadata(), Tensors: []entry{}}
	for _, t := range f.Tensors() {
		n, err := t.Elements()
		if err != nil {
			return c, err
		}
		c.Tensors = append(c.Tensors, entry{t.Name, t.DType.String(), append([]int{}, t.Shape...)})
		c.Elements += n
		c.Bytes += n * t.DType.Size()
	}
	return c, nil
}

func describe(d network.Describer) *topology {
	s := d.Describe()
	t := &topology{Nodes: s.Nodes(), Ops: s.Ops, summary: s}
	t.Inputs, t.Outputs = entries(s.Inputs), entries(s.Outputs)
	for _, n := range d.Nodes() {
		t.List = append(t.List, listed{n.Name, n.Op, append([]string{}, n.Inputs...), entries(n.Outputs), n})
	}
	return t
}

func entries(values []network.Value) []entry {
	out := make([]entry, len(values))
	for i, v := range values {
		if out[i] = (entry{Name: v.Name, Shape: v.Shape}); v.DType != weights.Invalid {
			out[i].DType = v.DType.String()
		}
	}
	return out
}
