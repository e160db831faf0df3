package darknet

import (
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Tensor is a tensor of a .weights file, where it holds float32.
type Tensor struct {
	Name string // of the variable, such as "conv8/kernel"
	// Shape is that of the variable: kernels are [height, width, in/groups, filters] or [in, units], which in the file are
	// [filters, in/groups, height, width] and [units, in].
	Shape  tensor.Shape
	Offset int64 // of its first byte in the file

	kind string // the last part of Name
}

const (
	kernel         = "kernel"
	movingVariance = "moving_variance"
)

func (t Tensor) bytes() int64 {
	n := int64(4)
	for _, d := range t.Shape {
		n *= int64(d)
	}
	return n
}

func (t Tensor) end() int64 { return t.Offset + t.bytes() }

// at gives tensors their place behind a header and returns where the last one ends.
func at(tensors []Tensor, h Header) int64 {
	offset := h.Length
	for i := range tensors {
		tensors[i].Offset = offset
		offset = tensors[i].end()
	}
	return offset
}

// read reads the tensor from r, which begins with it.
func (t Tensor) read(r io.Reader, h Header) (*tensor.Dense, error) {
	n := t.bytes() / 4
	values := make([]float32, 0, min(n, ahead)) // a size takes no more memory before the file has shown to have the numbers
	buffer := make([]byte, min(4*n, piece))
	for int64(len(values)) < n {
		got, err := io.ReadFull(r, buffer[:min(4*(n-int64(len(values))), piece)])
		for i := 0; i+4 <= got; i += 4 {
			v := math.Float32frombits(binary.LittleEndian.Uint32(buffer[i:]))
			if what := t.bad(v); what != "" {
				return nil, errors.Errorf("%s: number %d of %d, at byte %d, is %s; the file is damaged, or belongs to another network",
					t.Name, len(values), n, t.Offset+4*int64(len(values)), what)
			}
			values = append(values, v)
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return nil, errors.Errorf("%s: the file ends after %d of its %d numbers, at byte %d; it is cut off, or belongs to a smaller network",
				t.Name, len(values), n, t.Offset+4*int64(len(values)))
		case err != nil:
			return nil, errors.Wrapf(err, "%s: at byte %d", t.Name, t.Offset+4*int64(len(values)))
		}
	}
	if t.kind == kernel {
		values = t.transposed(values, h)
	}
	return tensor.New(tensor.WithShape(t.Shape...), tensor.WithBacking(values)), nil
}

const (
	maxElements = 1 << 40 // of a tensor; no offset overflows

	piece = 1 << 20 // bytes that are read at a time
	ahead = 8 << 20 // numbers for which there is memory before they come
)

// transposed puts the kernel [out, in, h, w] of a file into the order [h, w, in, out], block by block, so that
// both are walked along their memory.
func (t Tensor) transposed(file []float32, h Header) []float32 {
	if len(t.Shape) == 2 && h.Transposed {
		return file
	}
	out := t.Shape[len(t.Shape)-1]
	window, in := 1, t.Shape[0]
	if len(t.Shape) == 4 {
		window, in = t.Shape[0]*t.Shape[1], t.Shape[2]
	}
	ours := make([]float32, len(file))
	const block = 16
	size := in * window // of a filter
	for first := 0; first < out; first += block {
		for begin := 0; begin < size; begin += block {
			for j := begin; j < min(begin+block, size); j++ {
				row := ours[(j%window*in+j/window)*out:][:out]
				for o := first; o < min(first+block, out); o++ {
					row[o] = file[o*size+j]
				}
			}
		}
	}
	return ours
}

// tensors lists what a .weights file of the network has, in its order, without the places.
func (n *Network) tensors() ([]Tensor, error) {
	height, width, channels := n.Input()
	if min(height, width, channels) < 1 {
		return nil, errors.Errorf("[net] wants images of %d x %d with %d channels; want height, width and channels there", height, width, channels)
	}
	g := graph.New(graph.Config{})
	m := n.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, height, width, channels), BuildConfig{})
	if err := g.Err(); err != nil {
		return nil, err
	}
	tensors, _, err := inFileOrder(g, m.Variables())
	return tensors, err
}

// inFileOrder lists variables, which are a layer at a time, in the order that a file has them.
func inFileOrder(g *graph.Graph, vars gorgonia.Nodes) ([]Tensor, gorgonia.Nodes, error) {
	if len(vars) == 0 {
		return nil, nil, errors.New("there are no variables; want those of a network")
	}
	var tensors []Tensor
	var nodes gorgonia.Nodes
	seen := map[string]bool{}
	for len(vars) > 0 {
		if vars[0] == nil || !g.IsVariable(vars[0]) {
			return nil, nil, errors.Errorf("variable %d is %v, which is no variable of the session's graph", len(tensors), vars[0])
		}
		layer := scopeOf(g, vars[0])
		of := map[string]*gorgonia.Node{} // by the last part of the name
		for len(vars) > 0 && vars[0] != nil && g.IsVariable(vars[0]) && scopeOf(g, vars[0]) == layer {
			of[strings.TrimPrefix(g.NameOf(vars[0]), layer+"/")] = vars[0]
			vars = vars[1:]
		}
		if seen[layer] {
			return nil, nil, errors.Errorf("variables of %s stand in two places; want a layer at a time", layer)
		}
		seen[layer] = true
		order, err := fileOrder(layer, of)
		if err != nil {
			return nil, nil, err
		}
		for _, kind := range order {
			shape := graph.SpecOf(of[kind]).Shape
			size := 1.0
			for _, d := range shape {
				size *= float64(d)
			}
			if size > maxElements {
				return nil, nil, errors.Errorf("%s/%s has the shape %v; want at most %d numbers", layer, kind, shape, int64(maxElements))
			}
			tensors = append(tensors, Tensor{Name: layer + "/" + kind, Shape: shape.Clone(), kind: kind})
			nodes = append(nodes, of[kind])
		}
	}
	return tensors, nodes, nil
}

// scopeOf is the scope that a variable stands in.
func scopeOf(g *graph.Graph, v *gorgonia.Node) string {
	name := g.NameOf(v)
	return name[:max(0, strings.LastIndexByte(name, '/'))]
}

// fileOrder is the order of a layer's variables in a file: a bias, or what stands for it, always comes first.
func fileOrder(layer string, of map[string]*gorgonia.Node) ([]string, error) {
	order := []string{"bias", kernel}
	if of["gamma"] != nil {
		order = []string{"beta", "gamma", "moving_mean", movingVariance, kernel}
		if k := of[kernel]; k != nil && graph.SpecOf(k).Rank() == 2 {
			order = []string{"beta", kernel, "gamma", "moving_mean", movingVariance}
		}
	}
	have := make([]string, 0, len(of))
	for kind := range of {
		have = append(have, kind)
	}
	slices.Sort(have)
	want := slices.Sorted(slices.Values(order))
	if !slices.Equal(have, want) {
		return nil, errors.Errorf("layer %s has the variables %v; a .weights file has %v of a layer, or beta, gamma, kernel, moving_mean and moving_variance",
			layer, have, want)
	}
	return order, nil
}
