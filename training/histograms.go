package training

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/plots"
)

// Histograms draws the distribution of the values that nodes have in one Run with the given feeds: of variables, such as g.Trainable(".*/kernel"), or
// of activations, a panel for each under the node's name. Nodes are float32 or float64 of any shape; values that are NaN or infinite are counted in
// the panel. Nothing is trained, unless a node is an update or follows one.
//
// For titles, common axes and logarithmic counts give the values to plots.Histograms; for TensorBoard see hooks.TensorBoard.
func Histograms(sess *graph.Session, feeds graph.Feeds, nodes ...*gorgonia.Node) (*plots.Picture, error) {
	layers, err := distributions(sess, feeds, nodes)
	if err != nil {
		return nil, errors.WithMessage(err, "training: histograms")
	}
	p, err := plots.Histograms(layers, plots.HistogramsConfig{})
	return p, errors.WithMessage(err, "training")
}

// GradientHistograms draws the distribution of gradients as Histograms does, each under the name of its variable: what ComputeGradients returns, or a step
// such as ClipByValue made of it. Variables without a gradient are left out.
func GradientHistograms(sess *graph.Session, feeds graph.Feeds, grads []GradVar) (*plots.Picture, error) {
	var nodes, vars gorgonia.Nodes
	for _, gv := range grads {
		if gv.Grad != nil {
			nodes, vars = append(nodes, gv.Grad), append(vars, gv.Var)
		}
	}
	layers, err := distributions(sess, feeds, nodes)
	if err != nil {
		return nil, errors.WithMessage(err, "training: histograms of gradients")
	}
	for i, v := range vars {
		layers[i].Name = sess.Graph().NameOf(v)
	}
	p, err := plots.Histograms(layers, plots.HistogramsConfig{Title: "Gradients"})
	return p, errors.WithMessage(err, "training")
}

// distributions fetches the values of nodes.
func distributions(sess *graph.Session, feeds graph.Feeds, nodes gorgonia.Nodes) ([]plots.Distribution, error) {
	switch {
	case sess == nil:
		return nil, errors.New("the session is nil")
	case len(nodes) == 0:
		return nil, errors.New("there are no nodes; want variables, activations or gradients")
	}
	values, err := sess.Run(feeds, nodes...)
	if err != nil {
		return nil, err
	}
	layers := make([]plots.Distribution, len(nodes))
	for i, n := range nodes {
		layers[i].Name = sess.Graph().NameOf(n)
		if values[i] == nil {
			return nil, errors.Errorf("%s is run for its effect and has no value", layers[i].Name)
		}
		switch t := values.Tensor(i); t.Dtype() {
		case tensor.Float32:
			layers[i].Values = values.Float32s(i)
		case tensor.Float64:
			for _, v := range values.Float64s(i) {
				layers[i].Values = append(layers[i].Values, float32(v))
			}
		default:
			return nil, errors.Errorf("%s is %v%v; want float32 or float64", layers[i].Name, t.Dtype(), t.Shape())
		}
	}
	return layers, nil
}
