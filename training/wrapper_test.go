package training_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Every mistake is a build error that says what is wrong.
func TestWrapperErrors(t *testing.T) {
	sgd := training.GradientDescent(training.GradientDescentConfig{LearningRate: .1})
	two := training.AccumulateConfig{MicroBatches: 2}
	decay := training.DecoupledWeightDecayConfig{WeightDecay: .1}
	for _, c := range []struct {
		name string
		opt  training.Optimizer
		want []string
	}{
		{"AdamW without decay", training.AdamW(training.AdamWConfig{}), []string{"train/AdamW", "WeightDecay is 0", "graph.Zero"}},
		{"negative decay", training.AdamW(training.AdamWConfig{WeightDecay: -1}), []string{"WeightDecay is -1"}},
		{"NaN decay", training.DecoupledWeightDecay(sgd, training.DecoupledWeightDecayConfig{WeightDecay: math.NaN()}), []string{"WeightDecay is NaN"}},
		{"NoDecay without match", training.AdamW(training.AdamWConfig{WeightDecay: 1, NoDecay: []string{"bais"}}), []string{`train/AdamW: NoDecay: pattern "bais" matches nothing`}},
		{"AdamW's beta", training.AdamW(training.AdamWConfig{WeightDecay: 1, Beta1: 1}), []string{"train/AdamW", "Beta1 is 1"}},
		{"inner rate", training.DecoupledWeightDecay(training.GradientDescent(training.GradientDescentConfig{}), decay), []string{"train/GradientDescent", "LearningRate is 0"}},
		{"unknown rate", training.DecoupledWeightDecay(own{sgd}, decay), []string{"train/WeightDecay", "training_test.own", "DecayWithoutRate"}},
		{"RAdam's beta", training.RAdam(training.RAdamConfig{Beta2: 1}), []string{"train/RAdam", "Beta2 is 1"}},
		{"RAdam's epsilon", training.RAdam(training.RAdamConfig{Epsilon: -1}), []string{"Epsilon is -1"}},
		{"RAdam's rate", training.RAdam(training.RAdamConfig{LearningRate: -1}), []string{"LearningRate is -1"}},
		{"LAMB without decay", training.LAMB(training.LAMBConfig{}), []string{"train/LAMB", "WeightDecay is 0"}},
		{"LAMB's NoDecay", training.LAMB(training.LAMBConfig{WeightDecay: 1, NoDecay: []string{"("}}), []string{"missing closing"}},
		{"Lion without decay", training.Lion(training.LionConfig{}), []string{"train/Lion", "WeightDecay is 0"}},
		{"Lion's beta", training.Lion(training.LionConfig{WeightDecay: 1, Beta2: 2}), []string{"Beta2 is 2"}},
		{"Lion's NoDecay", training.Lion(training.LionConfig{WeightDecay: 1, NoDecay: []string{"b"}}), []string{`train/Lion: NoDecay: pattern "b" matches nothing`}},
		{"Lookahead's period", training.Lookahead(sgd, training.LookaheadConfig{Period: -1}), []string{"train/Lookahead", "Period is -1"}},
		{"Lookahead's size", training.Lookahead(sgd, training.LookaheadConfig{StepSize: 1.5}), []string{"StepSize is 1.5", "(0, 1]"}},
		{"Lookahead's size of zero", training.Lookahead(sgd, training.LookaheadConfig{StepSize: graph.Zero}), []string{"StepSize is", "(0, 1]"}},
		{"no micro-batches", training.Accumulate(sgd, training.AccumulateConfig{}), []string{"train/Accumulate", "MicroBatches is 0"}},
		{"nil inner", training.Accumulate(nil, two), []string{"train/Accumulate", "the inner optimizer is nil"}},
		{"no step", training.ProcessGradients(sgd, nil), []string{"train/ProcessGradients", "the gradient step is nil"}},
		{"Lookahead around", training.Lookahead(training.Accumulate(sgd, two), training.LookaheadConfig{}), []string{"other way round: Accumulate(Lookahead("}},
		{"decay around", training.DecoupledWeightDecay(training.ProcessGradients(training.Accumulate(sgd, two), same), decay), []string{"other way round"}},
		{"twice", training.Accumulate(training.Accumulate(sgd, two), two), []string{"the inner optimizer"}},
		{"inner config", training.Accumulate(training.Momentum(training.MomentumConfig{}), two), []string{"train/Accumulate/Momentum", "LearningRate is 0"}},
		{"name", training.Accumulate(sgd, training.AccumulateConfig{MicroBatches: 2, Name: "a b"}), []string{"a b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			w, grad := variable(s, "w", tensor.Float32, 0, 2), graph.Placeholder(s, "grad", tensor.Float32, 2)
			c.opt.ApplyGradients(s.NameScope("train"), []training.GradVar{{Grad: grad, Var: w}})
			wantError(t, g.Err(), c.want...)
		})
	}
}

// What every wrapper says of bad gradients, as the optimizers do.
func TestWrappersCheckGradients(t *testing.T) {
	sgd := training.GradientDescent(training.GradientDescentConfig{LearningRate: .1})
	for _, opt := range []training.Optimizer{
		training.DecoupledWeightDecay(sgd, training.DecoupledWeightDecayConfig{WeightDecay: .1}),
		training.Lookahead(sgd, training.LookaheadConfig{}),
		training.Accumulate(sgd, training.AccumulateConfig{MicroBatches: 2}),
		training.ProcessGradients(sgd, same),
	} {
		for want, grads := range map[string]func(w, grad, other *gorgonia.Node) []training.GradVar{
			"no gradients were given": func(_, _, _ *gorgonia.Node) []training.GradVar { return nil },
			"No gradients provided":   func(w, _, _ *gorgonia.Node) []training.GradVar { return []training.GradVar{{Var: w}} },
			"w is given twice": func(w, d, _ *gorgonia.Node) []training.GradVar {
				return []training.GradVar{{Grad: d, Var: w}, {Grad: d, Var: w}}
			},
			"grad is not a variable": func(_, d, _ *gorgonia.Node) []training.GradVar { return []training.GradVar{{Grad: d, Var: d}} },
			"they must be equal":     func(w, _, other *gorgonia.Node) []training.GradVar { return []training.GradVar{{Grad: other, Var: w}} },
		} {
			g := graph.New(graph.Config{})
			s := g.Scope()
			w, grad := variable(s, "w", tensor.Float32, 0, 2), graph.Placeholder(s, "grad", tensor.Float32, 2)
			opt.ApplyGradients(s.NameScope("train"), grads(w, grad, graph.Placeholder(s, "other", tensor.Float32, 3)))
			wantError(t, g.Err(), want)
		}
	}
}
