package schedule_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/schedule"
)

func TestBadSchedules(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		cfg  schedule.Schedule
		want string
	}{
		{nil, "the schedule is nil"},
		{schedule.Constant(-1), "the constant rate is -1"},
		{schedule.ExponentialConfig{DecaySteps: 1, DecayRate: 1}, "Initial is 0"},
		{schedule.ExponentialConfig{Initial: nan, DecaySteps: 1, DecayRate: 1}, "Initial is NaN"},
		{schedule.ExponentialConfig{Initial: -0.1, DecaySteps: 1, DecayRate: 1}, "Initial is -0.1"},
		{schedule.ExponentialConfig{Initial: 1, DecayRate: 1}, "DecaySteps is 0"},
		{schedule.ExponentialConfig{Initial: 1, DecaySteps: 1}, "DecayRate is 0"},
		{schedule.NaturalExpConfig{Initial: 1, DecaySteps: 1, DecayRate: -1}, "DecayRate is -1"},
		{schedule.NaturalExpConfig{Initial: 1, DecaySteps: -1, DecayRate: 1}, "DecaySteps is -1"},
		{schedule.InverseTimeConfig{Initial: inf, DecaySteps: 1, DecayRate: 1}, "Initial is +Inf"},
		{schedule.InverseTimeConfig{Initial: 1, DecaySteps: 1, DecayRate: nan}, "DecayRate is NaN"},
		{schedule.PiecewiseConstantConfig{}, "0 Values for 0 Boundaries"},
		{schedule.PiecewiseConstantConfig{Boundaries: []int{3}, Values: []float64{1}}, "1 Values for 1 Boundaries"},
		{schedule.PiecewiseConstantConfig{Boundaries: []int{3, 3}, Values: []float64{1, 2, 3}}, "Boundaries[1] is 3; want 4 or more"},
		{schedule.PiecewiseConstantConfig{Boundaries: []int{-1}, Values: []float64{1, 2}}, "Boundaries[0] is -1; want 0 or more"},
		{schedule.PiecewiseConstantConfig{Boundaries: []int{3}, Values: []float64{1, nan}}, "one of the Values is NaN"},
		{schedule.PolynomialConfig{DecaySteps: 1}, "Initial is 0"},
		{schedule.PolynomialConfig{Initial: 1, DecaySteps: 1, Power: -1}, "Power is -1"},
		{schedule.PolynomialConfig{Initial: 1, DecaySteps: 1, End: -1}, "End is -1"},
		{schedule.CosineConfig{Initial: 1}, "DecaySteps is 0"},
		{schedule.CosineConfig{Initial: 1, DecaySteps: 1, Alpha: 1.5}, "Alpha is 1.5"},
		{schedule.CosineRestartsConfig{Initial: 1}, "FirstDecaySteps is 0"},
		{schedule.CosineRestartsConfig{Initial: 1, FirstDecaySteps: 1, TMul: 0.5}, "TMul is 0.5"},
		{schedule.CosineRestartsConfig{Initial: 1, FirstDecaySteps: 1, MMul: nan}, "MMul is NaN"},
		{schedule.LinearCosineConfig{Initial: 1, DecaySteps: 1, NumPeriods: -1}, "NumPeriods is -1"},
		{schedule.LinearCosineConfig{Initial: 1, DecaySteps: 1, Beta: nan}, "Beta is NaN"},
		{schedule.NoisyLinearCosineConfig{Initial: 1, DecaySteps: 1, InitialVariance: -1}, "InitialVariance is -1"},
		{schedule.NoisyLinearCosineConfig{Initial: 1, DecaySteps: 1, VarianceDecay: nan}, "VarianceDecay is NaN"},
		{schedule.NoisyLinearCosineConfig{Initial: 1}, "DecaySteps is 0"},
		{schedule.OneCycleConfig{TotalSteps: 10}, "MaxRate is 0"},
		{schedule.OneCycleConfig{MaxRate: 1}, "TotalSteps is 0"},
		{schedule.OneCycleConfig{MaxRate: 1, TotalSteps: 1}, "TotalSteps is 1; want 2"},
		{schedule.OneCycleConfig{MaxRate: 1, TotalSteps: 10, RiseFraction: 1}, "RiseFraction is 1"},
		{schedule.OneCycleConfig{MaxRate: 1, TotalSteps: 10, RiseFraction: 0.6, ThreePhases: true}, "RiseFraction is 0.6"},
		{schedule.OneCycleConfig{MaxRate: 1, TotalSteps: 10, DivFactor: graph.Zero}, "DivFactor is zero"},
		{schedule.OneCycleConfig{MaxRate: 1, TotalSteps: 10, FinalDivFactor: -3}, "FinalDivFactor is -3"},
		{schedule.WarmupConfig{Then: schedule.Constant(1)}, "Steps is 0"},
		{schedule.WarmupConfig{Steps: 5}, "Then: the schedule is nil"},
		{schedule.WarmupConfig{Steps: 5, Then: schedule.CosineConfig{}}, "Then: Initial is 0"},
		{schedule.WarmupConfig{Steps: 5, Start: -1, Then: schedule.Constant(1)}, "Start is -1"},
		{schedule.JoinConfig{}, "0 Schedules and 0 Boundaries"},
		{schedule.JoinConfig{Schedules: []schedule.Schedule{schedule.Constant(1), nil}, Boundaries: []int{2}}, "Schedules[1]: the schedule is nil"},
		{schedule.JoinConfig{Schedules: []schedule.Schedule{schedule.Constant(1), schedule.Constant(2)}, Boundaries: []int{0}}, "Boundaries[0] is 0"},
		{schedule.JoinConfig{Schedules: []schedule.Schedule{schedule.Constant(1)}, Boundaries: []int{2}}, "1 Schedules and 1 Boundaries"},
	} {
		g := graph.New(graph.Config{})
		step := graph.Placeholder(g.Scope(), "step", tensor.Int64)
		rate := schedule.Node(g.Scope().NameScope("train"), step, c.cfg)
		t.Run(fmt.Sprintf("%T %s", c.cfg, c.want), func(t *testing.T) {
			wantError(t, g.Err(), "train/Schedule", c.want)
			if !graph.IsBad(rate) || graph.SpecOf(rate).Dtype != tensor.Float32 {
				t.Errorf("the node is %v", rate)
			}
			if c.cfg != nil {
				c.cfg.At(3) // must not panic
			}
		})
	}
}

func TestBadSteps(t *testing.T) {
	for want, build := range map[string]func(s *graph.Scope){
		"the step is float32[]": func(s *graph.Scope) {
			schedule.Exponential(s, graph.Placeholder(s, "step", tensor.Float32), exponential)
		},
		"the step is int64[1]": func(s *graph.Scope) {
			schedule.Cosine(s, graph.Placeholder(s, "step", tensor.Int64, 1), cosine)
		},
		"nil": func(s *graph.Scope) { schedule.Cosine(s, nil, cosine) },
	} {
		g := graph.New(graph.Config{})
		build(g.Scope())
		wantError(t, g.Err(), want)
	}
}
