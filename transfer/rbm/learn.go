package rbm

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// learn builds what a step needs: the check of the data, the chain, the gradients, and what is kept beside the weights.
func (r *RBM) learn(s *graph.Scope) {
	check := checkData(s, r.X, r.cfg.Visible)
	r.Updates = gorgonia.Nodes{check}
	writes := s.NameScope("updates").After(check)

	model, hidden := r.sample(s.NameScope("gibbs"), writes)
	data := r.Features
	if r.cfg.Sparsity.Target > 0 {
		data = r.sparse(s.NameScope("sparsity"), writes)
	}
	r.gradients(s.NameScope("gradients"), data, model, hidden)
}

// Step builds the node that makes one training step, CD-k or PCD with what the Config asks for: it checks X, changes the weights, and updates the
// rest. Fetching it gives nil. Another call builds another node, which goes on with the same momentum.
func (r *RBM) Step(s *graph.Scope) *gorgonia.Node {
	if bad := r.missing(s, "Step", nil); bad != nil {
		return bad
	}
	if graph.IsBad(r.X) || graph.IsBad(r.Weights) {
		return r.Weights
	}
	if r.cfg.Optimizer == nil && r.cfg.LearningRate == 0 {
		return s.Failf("Step", nil, "LearningRate is 0 and there is no Optimizer; want a rate, such as 0.05 for Bernoulli units or 0.001 for Gaussian ones")
	}
	return r.optimizer.ApplyGradients(s.After(r.Updates...), r.Gradients)
}

// sample builds the chain and returns the visible and hidden units at its end, which stand for those of the machine by itself.
func (r *RBM) sample(s, writes *graph.Scope) (v, h *gorgonia.Node) {
	c := &chain{r: r, drawVisible: r.cfg.SampleVisible}
	v, h = r.X, r.Features
	if r.cfg.Particles > 0 {
		r.Particles = r.kept(s, "particles", firstParticles{r.cfg.Visible}, r.cfg.Particles, graph.SpecOf(r.X).Shape[1])
		v, c.drawVisible = r.Particles, true
		h = r.Hidden(s, v)
	}
	reconstruction := r.Reconstruction
	for i := range r.cfg.Steps {
		var mean *gorgonia.Node
		mean, v = c.visible(s, h)
		h = r.Hidden(s, v)
		if i == 0 && r.Particles == nil {
			reconstruction = mean
		}
	}
	r.Draws = c.draws
	r.ReconstructionError = ops.MeanSquaredError(s.NameScope("reconstruction_error"), r.X, reconstruction)
	if r.Particles != nil {
		r.Updates = append(r.Updates, graph.Assign(writes, r.Particles, v))
	}
	return v, h
}

// sparse is the data's hidden probabilities with Cost*(Target - q) added, q being the running means that it updates.
func (r *RBM) sparse(s, writes *graph.Scope) *gorgonia.Node {
	sp := r.cfg.Sparsity
	r.MeanActivity = r.kept(s, "mean_activity", initializers.Constant(sp.Target), r.cfg.Hidden)
	batch := ops.Mean(s, r.Features, 0)
	q := ops.Add(s, ops.Scale(s, r.MeanActivity, sp.Decay), ops.Scale(s, batch, 1-sp.Decay))
	r.Updates = append(r.Updates, graph.Assign(writes, r.MeanActivity, q))
	push := ops.AddScalar(s, ops.Scale(s, q, -sp.Cost), sp.Cost*sp.Target)
	return ops.BiasAdd(s, r.Features, push)
}

// gradients are the differences between the statistics of the machine, visible and hidden units at the end of the chain, and those of the data.
func (r *RBM) gradients(s *graph.Scope, data, visible, hidden *gorgonia.Node) {
	h := contrast(s, hidden, data)
	weights := ops.MatMulT(s, ops.Concat(s, 0, visible, r.X), h, true, false)
	if r.cfg.WeightDecay > 0 {
		weights = decayed(s, weights, r.Weights, r.cfg.WeightDecay)
	}
	r.Gradients = []training.GradVar{
		{Grad: weights, Var: r.Weights},
		{Grad: ops.Sum(s, h, 0), Var: r.HiddenBias},
		{Grad: ops.Sub(s, ops.Mean(s, visible, 0), ops.Mean(s, r.X, 0)), Var: r.VisibleBias},
	}
}

// kept makes a variable that is no weight.
func (r *RBM) kept(s *graph.Scope, name string, init graph.Initializer, shape ...int) *gorgonia.Node {
	return graph.Variable(s, name, shape, graph.VariableConfig{Dtype: r.X.Dtype(), Initializer: init, NotTrainable: true})
}
