package plots_test

import (
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

func TestSchedule(t *testing.T) {
	p := must(t)(plots.Schedule([]float64{0, 500, 1000}, []float64{0, 0.1, 0.001}, plots.ScheduleConfig{}))
	hasText(t, p, "Learning rate", "step", "0", "200", "0.02", "0.10")
	if want := "Learning rate: 3 steps from 0 at step 0 to 0.001 at step 1000, lowest 0, highest 0.1"; p.String() != want {
		t.Errorf("%s\nwant %s", p, want)
	}
	if countColour(decode(t, p), blue) == 0 {
		t.Error("no line")
	}
	hasText(t, must(t)(plots.Schedule(nil, []float64{1, 0.1, 0.001}, plots.ScheduleConfig{LogScale: true, Title: "Decay"})), "Decay", "0.1")
}

func TestScheduleErrors(t *testing.T) {
	for want, err := range map[string]error{
		"no values":            second(plots.Schedule(nil, nil, plots.ScheduleConfig{})),
		"rate 1 is NaN":        second(plots.Schedule(nil, []float64{1, nan}, plots.ScheduleConfig{})),
		"rate 0 is -1":         second(plots.Schedule(nil, []float64{-1}, plots.ScheduleConfig{})),
		"2 values and 3 steps": second(plots.Schedule([]float64{1, 2, 3}, []float64{1, 2}, plots.ScheduleConfig{})),
		"as a log scale needs": second(plots.Schedule(nil, []float64{0, 0}, plots.ScheduleConfig{LogScale: true})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plots: schedule: ") {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
