package darknet

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/editdistance"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// File is a .cfg file with the .weights file beside it, a network.Model.
type File struct {
	Network *Network

	weights *weights.File // without tensors where there is no .weights
}

var _ network.Describer = (*File)(nil)

// imageInput is the name of the input.
const imageInput = "image"

// OpenFile opens the network at path, such as yolov3-tiny.cfg, with the weights beside it, yolov3-tiny.weights; path may also be that of the
// weights. Where there are no weights, Import makes variables with drawn values.
func OpenFile(path string) (*File, error) {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	if filepath.Ext(path) == ".weights" {
		path = stem + ".cfg"
	}
	n, err := Open(path)
	if err != nil {
		return nil, errors.WithMessage(err, "want a .cfg of Darknet, or a .weights with its .cfg beside it under the same name")
	}
	f := &File{Network: n}
	if _, err := os.Stat(stem + ".weights"); os.IsNotExist(err) {
		f.weights, err = weights.New("Darknet", nil, nil, nil)
		return f, err
	}
	if f.weights, err = OpenWeights(stem+".weights", n); err != nil {
		return nil, err
	}
	return f, nil
}

// Weights returns the tensors of the .weights file, by the names of the variables, such as conv8/kernel; none where there is no such file. They are
// closed with the File.
func (f *File) Weights() (*weights.File, error) { return f.weights, nil }

// Close closes the .weights file.
func (f *File) Close() error {
	if f == nil {
		return nil
	}
	return f.weights.Close()
}

// Import builds the network, or its layers up to the last that cfg.Outputs names. The input is "image", float32 [batch, height, width, channels] of values
// from 0 to 1 and of the size that the .cfg says; cfg.Inputs may give a node of another size. Layers are named as in Model.Layers, and so are the
// outputs, by default the detection layers (whose numbers Network.Heads explains) or else the last layer.
func (f *File) Import(s *graph.Scope, cfg network.Config) (*network.Network, error) {
	n, err := f.imports(s, cfg)
	return n, errors.WithMessage(err, "darknet: Import")
}

func (f *File) imports(s *graph.Scope, cfg network.Config) (*network.Network, error) {
	for name := range cfg.Inputs {
		if name != imageInput {
			return nil, errors.Errorf("Config.Inputs names %q; the input of a network of Darknet is %q", name, imageInput)
		}
	}
	for name := range cfg.Constants {
		if name != imageInput {
			return nil, errors.Errorf("Config.Constants names %q; the input of a network of Darknet is %q", name, imageInput)
		}
	}
	wanted := cfg.Outputs
	if wanted == nil {
		wanted = f.outputs()
	}
	last := 0
	for _, name := range wanted {
		i, err := f.Network.find(name)
		if err != nil {
			return nil, err
		}
		last = max(last, i)
	}
	if err := f.Network.Check(); err != nil { // all of it: readers of half a network want to know too
		return nil, err
	}
	x, inputs, err := f.input(s, cfg)
	if err != nil {
		return nil, err
	}
	build := BuildConfig{Training: cfg.Training}
	if len(f.weights.Names()) > 0 {
		build.Weights = f.weights
	}
	part := &Network{Net: f.Network.Net, Layers: f.Network.Layers[:last+1]}
	m := part.Build(s, x, build)
	if err := s.Graph().Err(); err != nil {
		return nil, err
	}
	node := func(name string) (*gorgonia.Node, error) {
		if name == imageInput {
			return x, nil
		}
		i, err := f.Network.find(name)
		switch {
		case err != nil:
			return nil, err
		case i > last:
			return nil, errors.Errorf("layer %q was not built: no output needs it; ask for it in Config.Outputs", name)
		}
		return m.Layers[i].Node, nil
	}
	var outputs []network.Endpoint
	for _, name := range wanted {
		y, err := node(name)
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, network.Endpoint{Name: name, Node: y})
	}
	net := network.New(inputs, outputs, node)
	for _, v := range m.Variables() {
		name := s.Graph().NameOf(v)
		if path := s.VariablePath(); path != "" {
			name = strings.TrimPrefix(name, path+"/")
		}
		net.Variables = append(net.Variables, network.Endpoint{Name: name, Node: v})
	}
	return net, nil
}

// input is the image: a node or a value that cfg gives, or a placeholder.
func (f *File) input(s *graph.Scope, cfg network.Config) (*gorgonia.Node, []network.Endpoint, error) {
	if t, ok := cfg.Constants[imageInput]; ok {
		v, err := t.Read()
		if err != nil {
			return nil, nil, errors.Wrapf(err, "Config.Constants[%q]", imageInput)
		}
		return graph.Const(s, v), nil, nil
	}
	x, ok := cfg.Inputs[imageInput]
	switch {
	case ok && (x == nil || x.Graph() != s.Graph().Expr()):
		return nil, nil, errors.Errorf("Config.Inputs[%q] is nil or belongs to another graph", imageInput)
	case !ok:
		x = graph.Placeholder(s, imageInput, tensor.Float32, f.shape()...)
	}
	return x, []network.Endpoint{{Name: imageInput, Node: x}}, nil
}

// shape is that of the image, -1 for what the .cfg does not say.
func (f *File) shape() []int {
	shape := []int{graph.Unknown, graph.Unknown, graph.Unknown, graph.Unknown}
	height, width, channels := f.Network.Input()
	for i, d := range []int{height, width, channels} {
		if d > 0 {
			shape[i+1] = d
		}
	}
	return shape
}

// outputs names the detection layers, or the last layer where there are none.
func (f *File) outputs() []string {
	var names []string
	for i, l := range f.Network.Layers {
		if kind := kinds[l.Name].name; kind == "region" || kind == "yolo" {
			names = append(names, f.Network.layerName(i))
		}
	}
	if names == nil {
		names = []string{f.Network.layerName(len(f.Network.Layers) - 1)}
	}
	return names
}

// find returns the number of a layer.
func (n *Network) find(name string) (int, error) {
	names := make([]string, len(n.Layers))
	for i := range n.Layers {
		if names[i] = n.layerName(i); names[i] == name {
			return i, nil
		}
	}
	return 0, errors.Errorf("the network has no layer %.100q; near: %s", name, strings.Join(editdistance.Near(name, names), ", "))
}

// Describe says which sections the .cfg has besides [net], and what goes in and comes out.
func (f *File) Describe() network.Summary {
	s := network.Summary{Ops: map[string]int{}, Inputs: []network.Value{{Name: imageInput, DType: weights.Float32, Shape: f.shape()}}}
	for _, l := range f.Network.Layers {
		s.Ops[l.Name]++
	}
	for _, name := range f.outputs() {
		s.Outputs = append(s.Outputs, network.Value{Name: name})
	}
	return s
}

// Nodes lists the layers. Each takes what the one before gives, and [route] and [shortcut] what they say.
func (f *File) Nodes() []network.Node {
	nodes := make([]network.Node, len(f.Network.Layers))
	for i, section := range f.Network.Layers {
		name := f.Network.layerName(i)
		nodes[i] = network.Node{Name: name, Op: section.Name, Outputs: []network.Value{{Name: name}}}
		o, before := options{section, &problems{}}, imageInput
		if i > 0 {
			before = f.Network.layerName(i - 1)
		}
		from := o.integers("layers")
		if section.Name != "route" {
			from = nil
			nodes[i].Inputs = []string{before}
		}
		if section.Name == "shortcut" {
			from = o.integers("from")
		}
		for _, k := range from {
			if k < 0 {
				k += i
			}
			if k >= 0 && k < i {
				nodes[i].Inputs = append(nodes[i].Inputs, f.Network.layerName(k))
			}
		}
	}
	return nodes
}
