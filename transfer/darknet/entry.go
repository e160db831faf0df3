package darknet

import (
	"io"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/weights"
)

// entry is a tensor of a .weights file, where it holds float32.
type entry struct {
	name string // of the variable, such as "conv8/kernel"
	kind string // the last part of it
	// shape is that of the variable: kernels are [height, width, in/groups, filters] or [in, units], which in the file are
	// [filters, in/groups, height, width] and [units, in].
	shape  tensor.Shape
	offset int64 // of its first byte in the file
}

const (
	kernel         = "kernel"
	movingVariance = "moving_variance"

	maxElements = 1 << 40 // of a tensor; no offset overflows
)

func (e entry) bytes() int64 {
	n := int64(4)
	for _, d := range e.shape {
		n *= int64(d)
	}
	return n
}

func (e entry) end() int64 { return e.offset + e.bytes() }

// at gives entries their place behind a header and returns where the last one ends.
func at(entries []entry, h Header) int64 {
	offset := h.Length
	for i := range entries {
		entries[i].offset = offset
		offset = entries[i].end()
	}
	return offset
}

// layout returns the axes of the file's tensor that become those of the variable.
func (e entry) layout(h Header) []int {
	switch {
	case e.kind == kernel && len(e.shape) == 4:
		return []int{2, 3, 1, 0}
	case e.kind == kernel && !h.Transposed:
		return []int{1, 0}
	case e.kind == kernel:
		return []int{0, 1}
	}
	return []int{0}
}

// stored describes the tensor as it lies in the file.
func (e entry) stored(h Header) weights.Tensor {
	shape := make([]int, len(e.shape))
	for i, axis := range e.layout(h) {
		shape[axis] = e.shape[i]
	}
	return weights.Tensor{Name: e.name, DType: weights.Float32, Shape: shape}
}

// read reads the tensor from r, which begins with it.
func (e entry) read(r io.Reader, h Header) (*tensor.Dense, error) {
	t := e.stored(h)
	t.Held = -1 // memory is taken as numbers come: a .cfg can ask for more than its file has
	t.Open = func() (io.Reader, error) { return io.LimitReader(r, e.bytes()), nil }
	v, err := t.Read()
	if err != nil {
		return nil, errors.WithMessagef(err, "wanted bytes %d to %d of a file that is not cut off, nor of a smaller network", e.offset, e.end())
	}
	values := v.Data().([]float32)
	for i, x := range values {
		if what := e.bad(x); what != "" {
			return nil, errors.Errorf("%s: number %d of %d, at byte %d, is %s; the file is damaged, or belongs to another network",
				e.name, i, len(values), e.offset+4*int64(i), what)
		}
	}
	if e.kind == kernel {
		values = e.transposed(values, h)
	}
	return tensor.New(tensor.WithShape(e.shape...), tensor.WithBacking(values)), nil
}

// bad says what is wrong with a number of a tensor; "" where nothing is.
func (e entry) bad(v float32) string {
	switch {
	case v != v:
		return "NaN"
	case math.IsInf(float64(v), 0):
		return "infinite"
	case v < 0 && e.kind == movingVariance:
		return "a negative variance"
	}
	return ""
}

// transposed puts the kernel [out, in, h, w] of a file into the order [h, w, in, out], block by block, so that
// both are walked along their memory: gathered with strides, as weights.File does, loading takes twice as long.
func (e entry) transposed(file []float32, h Header) []float32 {
	if len(e.shape) == 2 && h.Transposed {
		return file
	}
	out := e.shape[len(e.shape)-1]
	window, in := 1, e.shape[0]
	if len(e.shape) == 4 {
		window, in = e.shape[0]*e.shape[1], e.shape[2]
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

// entries lists what a .weights file of the network has, in its order, without the places.
func (n *Network) entries() ([]entry, error) {
	height, width, channels := n.Input()
	if min(height, width, channels) < 1 {
		return nil, errors.Errorf("[net] wants images of %d x %d with %d channels; want height, width and channels there", height, width, channels)
	}
	g := graph.New(graph.Config{})
	m := n.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, height, width, channels), BuildConfig{})
	if err := g.Err(); err != nil {
		return nil, err
	}
	entries, _, err := inFileOrder(g, m.Variables())
	return entries, err
}

// inFileOrder lists variables, which are a layer at a time, in the order that a file has them.
func inFileOrder(g *graph.Graph, vars gorgonia.Nodes) ([]entry, gorgonia.Nodes, error) {
	if len(vars) == 0 {
		return nil, nil, errors.New("there are no variables; want those of a network")
	}
	var entries []entry
	var nodes gorgonia.Nodes
	seen := map[string]bool{}
	for len(vars) > 0 {
		if vars[0] == nil || !g.IsVariable(vars[0]) {
			return nil, nil, errors.Errorf("variable %d is %v, which is no variable of the session's graph", len(entries), vars[0])
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
			entries = append(entries, entry{name: layer + "/" + kind, kind: kind, shape: shape.Clone()})
			nodes = append(nodes, of[kind])
		}
	}
	return entries, nodes, nil
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
