package finetune

import (
	"context"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/zoo"
)

// Classifier is a network of the zoo up to an endpoint, with a head of its own: the mean of each channel of the endpoint's map (if it is one), standardised,
// dropout in training, and a dense layer that begins with zeros.
type Classifier struct {
	Classes []string       // in the order of the logits
	Input   image.Config   // what becomes of a picture before the network sees it
	Model   *zoo.Model     // the network below the head
	X       *gorgonia.Node // [batch, height, width, channels]
	Logits  *gorgonia.Node // [batch, classes]
	Session *graph.Session // with the weights

	entry      zoo.Pretrained
	endpoint   string         // what the head stands on
	mean       *gorgonia.Node // of each feature, as the head expects it
	variance   *gorgonia.Node
	features   *gorgonia.Node // what the head sees, [batch, channels]
	isTraining *gorgonia.Node
}

// build makes a classifier whose variables have no values yet. c is filled.
func (c Config) build(ctx context.Context, entry zoo.Pretrained, classes []string) (*Classifier, error) {
	for i, class := range classes {
		if slices.Contains(classes[:i], class) {
			return nil, errors.Errorf("there is the class %q twice; want a name for each", class)
		}
	}
	k, err := c.buildOn(ctx, entry, classes, true)
	if err != nil && c.Endpoint != "" { // it may be a layer of the published classifier, such as fc7
		k, err = c.buildOn(ctx, entry, classes, false)
	}
	return k, err
}

// scratchMomentum is that of batch norm in a training from scratch, which has few steps: hundreds, as there are few pictures.
const scratchMomentum = 0.9

// buildOn builds a classifier on the network without or with the published one.
func (c Config) buildOn(ctx context.Context, entry zoo.Pretrained, classes []string, noTop bool) (*Classifier, error) {
	in := c.input(entry)
	channels := in.Channels
	orDefault(&channels, 3)
	g := graph.New(graph.Config{Seed: c.Seed})
	s := g.Scope()
	k := &Classifier{Classes: classes, Input: in, entry: entry, endpoint: c.Endpoint}
	k.X = graph.Placeholder(s, "x", tensor.Float32, graph.Unknown, c.Height, c.Width, channels)
	k.isTraining = graph.PlaceholderWithDefault(s, "training", false)
	// Batch norm keeps the published statistics, which small batches estimate worse; only a training from scratch has none.
	cfg := zoo.Config{NoTop: noTop, Fetch: c.Fetch}
	if c.FromScratch {
		cfg.Training, cfg.Momentum = k.isTraining, scratchMomentum
	}
	k.Model = zoo.BuildContext(ctx, s.Sub("net"), c.Network, k.X, cfg)
	trunk := k.Model.Trunk()
	if err := g.Err(); err != nil {
		return nil, err
	}
	if k.endpoint == "" {
		k.endpoint = trunk[len(trunk)-1].Name
	}
	h, err := k.at(k.endpoint)
	if err != nil {
		return nil, errors.WithMessage(err, "Endpoint")
	}
	switch spec := graph.SpecOf(h); spec.Rank() {
	case 2:
	case 4:
		h = ops.GlobalAvgPool(s, h, ops.GlobalPoolConfig{})
	default:
		return nil, errors.Errorf("Endpoint: %s is %v; want a map [batch, height, width, channels] or [batch, features]", k.endpoint, spec)
	}
	k.features = h
	h = k.standardized(s, h, cfg.Training)
	// From zero: where there are more features than pictures, most of what an initial kernel says of them would never be unlearnt.
	head := transfer.HeadConfig{Dropout: c.Dropout, Training: k.isTraining, Kernel: initializers.Zeros()}
	if c.L2 > 0 {
		head.KernelRegularizer = ops.L2(c.L2)
	}
	k.Logits = transfer.Head(s.Sub("head"), h, len(classes), head)
	if k.Session, err = graph.NewSession(g, graph.SessionConfig{}); err != nil {
		return nil, err
	}
	return k, nil
}

// standardized brings features to mean 0 and variance 1. Where the network has published weights these are numbers that stay, which TrainHead measures.
func (k *Classifier) standardized(s *graph.Scope, features, training *gorgonia.Node) *gorgonia.Node {
	l := s.Sub("features")
	h := ops.BatchNorm(l, features, training, ops.BatchNormConfig{NoCenter: true, NoScale: true, Momentum: scratchMomentum})
	if g := s.Graph(); g.Err() == nil {
		k.mean, k.variance = g.Variables("features/moving_mean")[0], g.Variables("features/moving_variance")[0]
	}
	return h
}

// at is the node of an endpoint of the trunk that is not above what the head stands on.
func (k *Classifier) at(endpoint string) (*gorgonia.Node, error) {
	var names []string
	for _, e := range k.Model.Trunk() {
		if e.Name == endpoint {
			return e.Node, nil
		}
		names = append(names, e.Name)
		if e.Name == k.endpoint {
			break
		}
	}
	return nil, errors.Errorf("%s has no endpoint %q that all of it goes through; want one of %s", k.entry.Name, endpoint, strings.Join(names, ", "))
}

// below are the variables that a node depends on, in the order in which they were made.
func (k *Classifier) below(n *gorgonia.Node) gorgonia.Nodes {
	g := k.Session.Graph()
	seen := map[*gorgonia.Node]bool{nil: true}
	var visit func(n *gorgonia.Node)
	visit = func(n *gorgonia.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		d := g.Describe(n)
		visit(d.Producer)
		for _, in := range d.Inputs {
			visit(in)
		}
	}
	visit(n)
	return slices.DeleteFunc(g.Variables(), func(v *gorgonia.Node) bool { return !seen[v] })
}

// Close gives the memory back, and closes the file of a network that stands in its file.
func (k *Classifier) Close() error {
	err := k.Session.Close()
	if e := k.Model.Close(); err == nil {
		err = e
	}
	return err
}

// Classify reads a picture and returns the count most probable classes, the most probable first.
func (k *Classifier) Classify(path string, count int) ([]zoo.Guess, error) {
	m, err := image.Open(path, k.Input)
	if err != nil {
		return nil, errors.WithMessage(err, "finetune: Classify")
	}
	x := tensor.New(tensor.WithShape(append([]int{1}, m.Shape()...)...), tensor.WithBacking(m.Pix))
	all, err := k.Guess(x, count)
	if err != nil {
		return nil, errors.WithMessagef(err, "finetune: Classify %s", path)
	}
	return all[0], nil
}

// Guess returns the count most probable classes of each picture of x, float32 [batch, height, width, channels] as Input makes them.
func (k *Classifier) Guess(x tensor.Tensor, count int) ([][]zoo.Guess, error) {
	out, err := k.Session.Run(graph.Feeds{k.X: x}, k.Logits)
	if err != nil {
		return nil, err
	}
	named := k.entry
	named.Labels = k.Classes
	return named.Top(out.Tensor(0), count)
}

// String says what it is.
func (k *Classifier) String() string {
	if k == nil {
		return "no classifier"
	}
	return k.entry.Name + " up to " + k.endpoint + ", telling " + strings.Join(k.Classes, ", ") + " apart"
}
