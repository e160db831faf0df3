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

	summary network.Summary
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
		c.Graph = describe(d.Describe())
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

func describe(s network.Summary) *topology {
	t := &topology{Nodes: s.Nodes(), Ops: s.Ops, Inputs: []entry{}, Outputs: []entry{}, summary: s}
	add := func(to *[]entry, from []network.Value) {
		for _, v := range from {
			e := entry{Name: v.Name, Shape: v.Shape}
			if v.DType != weights.Invalid {
				e.DType = v.DType.String()
			}
			*to = append(*to, e)
		}
	}
	add(&t.Inputs, s.Inputs)
	add(&t.Outputs, s.Outputs)
	return t
}
