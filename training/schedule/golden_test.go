package schedule_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training/schedule"
)

// zeroed says a parameter of 0 explicitly.
func zeroed(x float64) float64 {
	if x == 0 {
		return graph.Zero
	}
	return x
}

// ofCase makes the schedule of a golden case.
func ofCase(t *testing.T, c golden.Case) schedule.Schedule {
	p := func(name string) float64 { return zeroed(c.Param(name)) }
	n := func(name string) int { return int(c.Param(name)) }
	is := func(name string) bool { return c.Param(name) != 0 }
	switch c.Op {
	case "Exponential":
		return schedule.ExponentialConfig{Initial: p("initial"), DecaySteps: n("decaySteps"), DecayRate: p("decayRate"), Staircase: is("staircase")}
	case "NaturalExp":
		return schedule.NaturalExpConfig{Initial: p("initial"), DecaySteps: n("decaySteps"), DecayRate: p("decayRate"), Staircase: is("staircase")}
	case "InverseTime":
		return schedule.InverseTimeConfig{Initial: p("initial"), DecaySteps: n("decaySteps"), DecayRate: p("decayRate"), Staircase: is("staircase")}
	case "Polynomial":
		return schedule.PolynomialConfig{Initial: p("initial"), End: p("end"), DecaySteps: n("decaySteps"), Power: p("power"), Cycle: is("cycle")}
	case "Cosine":
		return schedule.CosineConfig{Initial: p("initial"), DecaySteps: n("decaySteps"), Alpha: p("alpha")}
	case "CosineRestarts":
		return schedule.CosineRestartsConfig{
			Initial: p("initial"), FirstDecaySteps: n("firstDecaySteps"), TMul: p("tMul"), MMul: p("mMul"), Alpha: p("alpha"),
		}
	case "LinearCosine":
		return schedule.LinearCosineConfig{
			Initial: p("initial"), DecaySteps: n("decaySteps"), NumPeriods: p("numPeriods"), Alpha: p("alpha"), Beta: p("beta"),
		}
	case "PiecewiseConstant":
		return schedule.PiecewiseConstantConfig{Boundaries: []int{10, 20, 30}, Values: []float64{0.1, 0.05, 0.01, 0.001}}
	case "OneCycle":
		return schedule.OneCycleConfig{
			MaxRate: p("maxRate"), TotalSteps: n("totalSteps"), RiseFraction: p("riseFraction"), DivFactor: p("divFactor"),
			FinalDivFactor: p("finalDivFactor"), Linear: is("linear"), ThreePhases: is("threePhases"),
		}
	case "Warmup":
		return schedule.WarmupConfig{Steps: n("steps"), Start: p("start"), Then: schedule.Constant(p("rate"))}
	case "WarmupCosineRestarts":
		then := schedule.CosineRestartsConfig{Initial: p("initial"), FirstDecaySteps: n("firstDecaySteps")}
		return schedule.WarmupConfig{Steps: n("steps"), Then: then}
	case "Join":
		rise := schedule.WarmupConfig{Steps: n("steps"), Start: p("start"), Then: schedule.Constant(p("initial"))}
		fall := schedule.ExponentialConfig{Initial: p("initial"), DecaySteps: 1, DecayRate: p("decayRate")}
		return schedule.JoinConfig{Schedules: []schedule.Schedule{rise, fall}, Boundaries: []int{n("steps")}}
	}
	t.Fatalf("no schedule for the case %s", c.Name)
	return nil
}

// The plain functions give what PyTorch and TensorFlow's formulas give, and the
// nodes give the plain functions.
func TestGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "schedules", "") {
		if c.Op == "Plateau" {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			sched := ofCase(t, c)
			var at []float64
			for _, step := range c.In("step").Int64s() {
				at = append(at, sched.At(step))
			}
			if err := golden.Close(at, c.Out("rate"), 1e-12, 1e-16); err != nil {
				t.Error(err)
			}
			for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				g := graph.New(graph.Config{Dtype: dtype})
				step := graph.Placeholder(g.Scope(), "step", tensor.Int64)
				rate := schedule.Node(g.Scope(), step, sched)
				sess := open(t, g)
				for i, k := range c.In("step").Int64s() {
					want := at[i]
					if dtype == tensor.Float32 {
						want = float64(float32(want))
					}
					if got := run(t, sess, graph.Feeds{step: k}, rate).Float(0); got != want {
						t.Errorf("%v, step %d: the node gives %v, At %v", dtype, k, got, want)
					}
				}
			}
		})
	}
}

func TestPlateauGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "schedules", "Plateau") {
		p := func(name string) float64 { return zeroed(c.Param(name)) }
		cfg := schedule.PlateauConfig{
			Initial: p("initial"), Factor: p("factor"), Patience: int(c.Param("patience")), Threshold: p("threshold"), Absolute: c.Param("absolute") != 0,
			Cooldown: int(c.Param("cooldown")), MinRate: p("minRate"), MinChange: p("minChange"), Maximize: c.Param("maximize") != 0,
		}
		if cfg.Patience == 0 {
			cfg.Patience = -1
		}
		plateau := newPlateau(t, cfg)
		var rates []float64
		for i, v := range c.In("value").Data {
			before := plateau.Rate()
			rate, changed := plateau.Observe(v)
			if rate != plateau.Rate() || changed != (rate != before) {
				t.Errorf("%s: observation %d: rate %v, changed %v, after %v", c.Name, i, rate, changed, before)
			}
			rates = append(rates, rate)

			// Another one takes over in the middle.
			state, err := plateau.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			plateau = newPlateau(t, cfg)
			if err := plateau.UnmarshalBinary(state); err != nil {
				t.Fatal(err)
			}
		}
		if err := golden.Close(rates, c.Out("rate"), 1e-14, 0); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}
