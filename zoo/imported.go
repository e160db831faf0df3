package zoo

import (
	"context"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/network"
)

// inFile tells that the network of the entry is none of the zoo's, but stands in the file with the weights.
func (p Pretrained) inFile() bool { return p.Architecture == "" }

// buildFromFile finds or downloads the file and builds the network that stands in it.
func (p Pretrained) buildFromFile(ctx context.Context, s *graph.Scope, x *gorgonia.Node, cfg Config) (*Model, error) {
	if cfg.Port != Original || cfg.Width != 0 || cfg.Classes != 0 || cfg.NoTop || cfg.Auxiliary || cfg.Kernel != nil || cfg.Momentum != 0 {
		return nil, errors.Errorf("%s: the network is built as it stands in its file; want a Config without Classes, NoTop, Width, Port, Auxiliary, Kernel and Momentum "+
			"(Model.Endpoint gives inner values by the file's names)", p.Name)
	}
	path, err := p.find(ctx, cfg)
	if err != nil {
		return nil, err
	}
	m, err := p.imported(s, path, x, cfg)
	if cfg.File != "" {
		err = errors.WithMessagef(err, "want %s, which is %s, or another file of that network", p.opened(), p.Files[0].URLs[0])
	}
	return m, err
}

// imported builds the network of a file on x, whose channels are the last axis.
func (p Pretrained) imported(s *graph.Scope, path string, x *gorgonia.Node, cfg Config) (*Model, error) {
	file, err := transfer.OpenModel(path)
	if err != nil {
		return nil, err
	}
	net, err := p.importOn(s, file, x, cfg.Training)
	if err != nil {
		file.Close()
		return nil, errors.Wrap(err, path)
	}
	net.File = file
	m := &Model{Name: p.Name, Input: x, Output: net.Outputs[0].Node, scope: s, cfg: cfg, network: net}
	for _, out := range net.Outputs {
		m.endpoints = append(m.endpoints, Endpoint{out.Name, out.Node})
	}
	return m, nil
}

func (p Pretrained) importOn(s *graph.Scope, file network.Model, x, training *gorgonia.Node) (*network.Network, error) {
	d, ok := file.(network.Describer)
	if !ok || len(d.Describe().Inputs) != 1 {
		return nil, errors.New("want a network of one input")
	}
	input := d.Describe().Inputs[0]
	if p.Format == "onnx" {
		x = ops.Transpose(s, x, 0, 3, 1, 2)
	}
	if spec := graph.SpecOf(x); input.Shape != nil && !graph.IsBad(x) && !graph.Compatible(spec.Shape, input.Shape) {
		return nil, errors.Errorf("x is %v in the layout of the file, which takes %v", spec, input)
	}
	net, err := file.Import(s, network.Config{Inputs: map[string]*gorgonia.Node{input.Name: x}, Training: training})
	if err == nil && len(net.Outputs) == 0 {
		err = errors.New("want a network with an output")
	}
	return net, err
}

// storedInFile reads the initial values that the network of a file gives its variables, which a twin of it in a graph of its own has.
func (m *Model) storedInFile(path string) (map[*gorgonia.Node]interface{}, error) {
	spec := graph.SpecOf(m.Input)
	g := graph.New(graph.Config{Dtype: spec.Dtype})
	cfg := Config{}
	if m.cfg.Training != nil {
		cfg.Training = graph.PlaceholderWithDefault(g.Scope(), "training", false)
	}
	twin, err := m.entry.imported(g.Scope().Sub("published"), path, graph.Placeholder(g.Scope(), "x", spec.Dtype, spec.Shape...), cfg)
	if err != nil {
		return nil, err
	}
	defer twin.network.Close()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return nil, err
	}
	own, published := m.byName(), twin.byName()
	var variables, twins gorgonia.Nodes
	for name, v := range own {
		other := published[name]
		if other == nil || !graph.SpecOf(other).Shape.Eq(graph.SpecOf(v).Shape) || len(own) != len(published) {
			return nil, errors.Errorf("the network in the file is another: it has %d variables, for %d here, or none that is %s %v; want that of %s",
				len(published), len(own), name, graph.SpecOf(v), m.entry.Name)
		}
		variables, twins = append(variables, v), append(twins, other)
	}
	read, err := sess.Values(twins...)
	if err != nil {
		return nil, err
	}
	values := map[*gorgonia.Node]interface{}{}
	for i, x := range read {
		if err := finite(x); err != nil {
			return nil, errors.Wrap(err, g.NameOf(twins[i]))
		}
		values[variables[i]] = x
	}
	return values, nil
}
