package schedule_test

import (
	"math"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/schedule"
)

func newPlateau(t *testing.T, cfg schedule.PlateauConfig) *schedule.Plateau {
	t.Helper()
	p, err := schedule.NewPlateau(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Infinite values go through the state as well.
func TestPlateauInfinities(t *testing.T) {
	for _, maximize := range []bool{false, true} {
		best := math.Inf(-1)
		if maximize {
			best = math.Inf(1)
		}
		p := newPlateau(t, schedule.PlateauConfig{Initial: 1, Patience: -1, Maximize: maximize})
		for i, v := range []float64{0, best, -best, math.NaN(), 1} {
			rate, changed := p.Observe(v)
			if (i >= 2) != changed {
				t.Errorf("maximize %v, observation %d, %v: rate %v, changed %v", maximize, i, v, rate, changed)
			}
			state, err := p.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			if err := p.UnmarshalBinary(state); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestPlateauErrors(t *testing.T) {
	for _, c := range []struct {
		cfg  schedule.PlateauConfig
		want string
	}{
		{schedule.PlateauConfig{}, "Initial is 0"},
		{schedule.PlateauConfig{Initial: math.NaN()}, "Initial is NaN"},
		{schedule.PlateauConfig{Initial: 1, Factor: 1}, "Factor is 1"},
		{schedule.PlateauConfig{Initial: 1, Factor: graph.Zero}, "above 0"},
		{schedule.PlateauConfig{Initial: 1, Threshold: -1}, "Threshold is -1"},
		{schedule.PlateauConfig{Initial: 1, MinRate: -1}, "MinRate is -1"},
		{schedule.PlateauConfig{Initial: 1, MinChange: math.NaN()}, "MinChange is NaN"},
		{schedule.PlateauConfig{Initial: 1, Cooldown: -1}, "Cooldown is -1"},
	} {
		_, err := schedule.NewPlateau(c.cfg)
		wantError(t, err, "schedule.NewPlateau", c.want)
	}
	p := newPlateau(t, schedule.PlateauConfig{Initial: 0.5})
	p.Observe(3)
	before, _ := p.MarshalBinary()
	for _, bad := range []string{"", "x", "0.1 2 3", "0.1 2 3 4 5", "-1 0 0 0", "NaN 0 0 0", "+Inf 0 0 0", "1 NaN 0 0", "1 0 -1 0", "1 0 0 -1", "1 0 0.5 0"} {
		wantError(t, p.UnmarshalBinary([]byte(bad)), "the state of a Plateau", "want")
		if after, _ := p.MarshalBinary(); string(after) != string(before) {
			t.Errorf("%q has changed the state to %s", bad, after)
		}
	}
}
