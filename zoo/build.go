package zoo

import (
	"context"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Build builds the network of published weights, which Model.Load then loads:
//
//	m := zoo.Build(s, "torchvision/resnet18", x, zoo.Config{})
//	... // a session
//	err := m.Load(ctx, sess)
//
// name is one of List. x is float, [batch, height, width, channels], with as many channels as the network was trained on; Describe(name)
// says by its Input what of. Port and Width of cfg may be left out, as the weights have them. With Classes other than those of the weights,
// the classifier is a new one, and keeps its initial values when weights are loaded; NoTop leaves it out. Fetch says where files are looked
// for and how they are downloaded; File names one that takes their place.
//
// A few networks stand in their files, those whose Architecture is empty: Build finds or downloads the file already (BuildContext until a context ends), and builds
// what stands in it, so Fetch and File are all that cfg may have beside Training. Initial values are read from the file when a session is initialised; Model.Close says what
// stays open until then.
//
// Errors, such as that for an unknown name, are build errors of the graph, and the output is a bad node.
func Build(s *graph.Scope, name string, x *gorgonia.Node, cfg Config) *Model {
	return BuildContext(context.Background(), s, name, x, cfg)
}

// BuildContext is Build whose download ends with ctx, of the networks that stand in their files; the others are built without any file.
func BuildContext(ctx context.Context, s *graph.Scope, name string, x *gorgonia.Node, cfg Config) *Model {
	if ctx == nil {
		ctx = context.Background()
	}
	entry, err := Describe(name)
	var m *Model
	if err == nil {
		m, err = entry.build(ctx, s, x, cfg)
	}
	if err != nil {
		spec := graph.Spec{}
		if x != nil {
			spec = graph.SpecOf(x)
		}
		return &Model{Name: name, Input: x, Output: s.Fail("zoo.Build", gorgonia.Nodes{x}, spec, err), scope: s, cfg: cfg}
	}
	m.entry = &entry
	return m
}

// build builds the network of the entry on x.
func (p Pretrained) build(ctx context.Context, s *graph.Scope, x *gorgonia.Node, cfg Config) (*Model, error) {
	if err := p.takes(x); err != nil {
		return nil, err
	}
	if p.inFile() {
		return p.buildFromFile(ctx, s, x, cfg)
	}
	a, err := p.architecture()
	if err == nil {
		err = p.fill(&cfg)
	}
	if err != nil {
		return nil, err
	}
	own := cfg
	own.File = "" // which Load reads, and not the architecture
	m := a.Build(s, x, own)
	m.cfg.File = cfg.File
	return m, nil
}

// takes returns an error unless x are pictures of as many channels as the weights want.
func (p Pretrained) takes(x *gorgonia.Node) error {
	if x == nil {
		return errors.Errorf("%s: x is nil; want images", p.Name)
	}
	spec, channels := graph.SpecOf(x), p.channels()
	switch {
	case graph.IsBad(x): // reported where it went wrong
	case spec.Rank() != 4:
		return errors.Errorf("%s: x is %v; want [batch, height, width, %d]", p.Name, spec, channels)
	case spec.Shape[3] != channels:
		return errors.Errorf("%s: x is %v; want %d channels, the last axis", p.Name, spec, channels)
	}
	return nil
}

// channels are those of the pictures.
func (p Pretrained) channels() int {
	if p.Input.Channels == 0 {
		return 3
	}
	return p.Input.Channels
}

// fill puts into cfg what the weights say, an error where it says otherwise.
func (p Pretrained) fill(cfg *Config) error {
	switch {
	case cfg.Port != Original && cfg.Port != p.Config.Port:
		return errors.Errorf("%s: Port is %v, but the weights are those of %v; want it left out", p.Name, cfg.Port, p.Config.Port)
	case cfg.Width != 0 && cfg.Width != p.Config.width():
		return errors.Errorf("%s: Width is %v, but the weights have %v; want it left out", p.Name, cfg.Width, p.Config.width())
	}
	cfg.Port, cfg.Width = p.Config.Port, p.Config.Width
	if cfg.Classes == 0 && !cfg.NoTop {
		cfg.Classes, cfg.NoTop = p.Config.Classes, p.Config.NoTop
	}
	return nil
}

// width is Width with its default.
func (cfg Config) width() float64 {
	if cfg.Width == 0 {
		return 1
	}
	return cfg.Width
}
