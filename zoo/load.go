package zoo

import (
	"context"
	"math"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/darknet"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// Load gives the variables of a network from Build their published values in a session. The file is one of a mirror or of the cache, or is
// downloaded, as Config.Fetch says; its checksum is right before it is opened. Every tensor of it must have its variable, and the other way
// round, of the same shape; a classifier with other Classes is the only exception, and keeps the values that it has.
//
// After an error, of which NaN and infinite weights are one, no variable has changed.
func (m *Model) Load(ctx context.Context, sess *graph.Session) error {
	if err := m.loadable(sess); err != nil {
		return err
	}
	if ctx == nil {
		ctx = context.Background()
	}
	path, err := m.entry.find(ctx, m.cfg)
	if err != nil {
		return errors.Wrap(err, "zoo")
	}
	return m.load(ctx, sess, path)
}

// LoadFile is Load from a file that one has, of the format and the names of the published one. No checksum is asked for. Config.File names it beforehand, which Build
// needs of a network that stands in its file.
func (m *Model) LoadFile(sess *graph.Session, path string) error {
	if err := m.loadable(sess); err != nil {
		return err
	}
	return m.load(context.Background(), sess, path)
}

// loadable returns an error unless m has an entry and sess is of its graph.
func (m *Model) loadable(sess *graph.Session) error {
	if m == nil {
		return errors.New("zoo: the model is nil; want one of zoo.Build")
	}
	if err := m.scope.Graph().Err(); err != nil {
		return errors.Wrapf(err, "zoo: %s cannot be loaded, as the graph has errors", m.Name)
	}
	switch {
	case m.entry == nil:
		return errors.Errorf("zoo: %s was not built by zoo.Build, so no published weights are known; transfer.Map loads those of a file", m.Name)
	case sess == nil:
		return errors.Errorf("zoo: load %s: the session is nil", m.entry.Name)
	case sess.Graph() != m.scope.Graph():
		return errors.Errorf("zoo: load %s: the session is of another graph than the network", m.entry.Name)
	}
	return nil
}

// find finds or downloads the files, unless cfg names one, and returns the path of the one that is opened.
func (p Pretrained) find(ctx context.Context, cfg Config) (path string, err error) {
	if cfg.File != "" {
		return cfg.File, nil
	}
	folder, err := fetch.Fetch(ctx, p.Name, p.Files, cfg.Fetch)
	if err != nil {
		return "", err
	}
	return filepath.Join(folder, p.opened()), nil
}

// opened is the name of the file that is opened: the first, or what is wanted of it.
func (p Pretrained) opened() string {
	if members := p.Files[0].Members; len(members) > 0 {
		return path.Base(members[0])
	}
	return p.Files[0].Name
}

func (m *Model) load(ctx context.Context, sess *graph.Session, path string) error {
	values, err := m.stored(ctx, path)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = sess.SetValues(values)
	}
	return errors.Wrapf(err, "zoo: load %s from %s", m.entry.Name, path)
}

// stored reads the values of the variables, but for those of a new classifier.
//
// The names and shapes of the file are compared with those of a twin, the network as it was published, so that a network without classifier, or
// with another, does not make the comparison less strict. What differs between the two is the new classifier.
func (m *Model) stored(ctx context.Context, path string) (map[*gorgonia.Node]interface{}, error) {
	if m.entry.inFile() {
		return m.storedInFile(path)
	}
	twin, err := m.twin()
	if err != nil {
		return nil, err
	}
	own := m.byName()
	wanted := func(name string, shape tensor.Shape) *gorgonia.Node {
		if v := own[name]; v != nil && graph.SpecOf(v).Shape.Eq(shape) {
			return v
		}
		return nil
	}
	if m.entry.Format == "darknet" {
		return twin.storedDarknet(path, wanted)
	}
	mapping, err := twin.published()
	if err != nil {
		return nil, err
	}
	file, err := transfer.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	plan, err := transfer.Map(file, twin.Variables(), twin.scope.VariablePath(), mapping)
	if err == nil {
		err = plan.Complete()
	}
	if err != nil {
		return nil, errors.WithMessagef(err, "want the weights of %s, as in %s", m.entry.rows()[0][1], m.entry.opened())
	}
	values := map[*gorgonia.Node]interface{}{}
	for _, match := range plan.Matched {
		spec := graph.SpecOf(match.Variable)
		v := wanted(match.Name, spec.Shape)
		if v == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		x, err := match.Tensor.ReadAs(spec.Dtype)
		if err == nil {
			err = finite(x)
		}
		if err == nil && !x.Shape().Eq(spec.Shape) {
			err = x.Reshape(spec.Shape...)
		}
		if err != nil {
			return nil, errors.Wrapf(err, "%s, which is %q in the file", match.Name, match.Tensor.Name)
		}
		values[v] = x
	}
	return values, nil
}

// storedDarknet reads a .weights file, which has no names, by the order of the layers of the whole network.
func (m *Model) storedDarknet(path string, wanted func(name string, shape tensor.Shape) *gorgonia.Node) (map[*gorgonia.Node]interface{}, error) {
	sess, err := graph.NewSession(m.scope.Graph(), graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	if _, err := darknet.LoadFile(sess, m.Variables(), path, darknet.LoadConfig{}); err != nil {
		return nil, err
	}
	values := map[*gorgonia.Node]interface{}{}
	for name, twin := range m.byName() {
		v := wanted(name, graph.SpecOf(twin).Shape)
		if v == nil {
			continue
		}
		if values[v], err = sess.Value(twin); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// twin builds the network as it was published in a graph of its own.
func (m *Model) twin() (*Model, error) {
	a, err := m.entry.architecture()
	if err != nil {
		return nil, err
	}
	dtype := graph.SpecOf(m.Input).Dtype
	cfg := m.entry.Config
	cfg.Auxiliary = m.cfg.Auxiliary
	g := graph.New(graph.Config{Dtype: dtype})
	x := graph.Placeholder(g.Scope(), "x", dtype, append([]int{graph.Unknown}, a.Input...)...)
	twin := a.Build(g.Scope().Sub("published"), x, cfg)
	twin.entry = m.entry
	return twin, g.Err()
}

// published returns the mapping of the published file.
func (m *Model) published() (transfer.Mapping, error) {
	if m.entry.names != nil {
		return m.entry.names(), nil
	}
	return m.Mapping(m.entry.Config.Port)
}

// byName returns the variables by their names within the network.
func (m *Model) byName() map[string]*gorgonia.Node {
	g, prefix := m.scope.Graph(), m.scope.VariablePath()
	all := map[string]*gorgonia.Node{}
	for _, v := range m.Variables() {
		all[strings.TrimPrefix(strings.TrimPrefix(g.NameOf(v), prefix), "/")] = v
	}
	return all
}

// finite returns an error for a NaN or an infinity.
func finite(x *tensor.Dense) error {
	at, bad := -1, 0.0
	switch data := x.Data().(type) {
	case []float32:
		for i, v := range data {
			if v-v != 0 {
				at, bad = i, float64(v)
				break
			}
		}
	case []float64:
		for i, v := range data {
			if v-v != 0 {
				at, bad = i, v
				break
			}
		}
	}
	if at < 0 {
		return nil
	}
	if math.IsNaN(bad) {
		return errors.Errorf("element %d is NaN; want finite weights", at)
	}
	return errors.Errorf("element %d is infinite; want finite weights", at)
}
