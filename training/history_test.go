package training_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/training"
)

// recorded trains two epochs of three steps and records values of several kinds behind every step.
func recorded(t *testing.T) *training.History {
	m := newSumming(t)
	cfg := m.config(5)
	cfg.Epochs = 2
	cfg.Metrics = map[string]*gorgonia.Node{"squares": m.n}
	cfg.Hooks = []training.Hook{&diary{lines: new([]string), at: map[string]func(*training.Loop) error{"after": func(l *training.Loop) error {
		l.Record("learning_rate", 0.1)
		l.Record("validation/never", math.NaN())
		if l.Step()%2 == 0 {
			l.Record("validation/loss", 1/float64(l.Step()))
		}
		return nil
	}}}}
	h, err := training.Fit(context.Background(), m.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Without names, the loss, metrics and evaluations are drawn, each at its own steps; with names, just those.
func TestHistoryCurves(t *testing.T) {
	h := recorded(t)
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{nil, `
series           values  first  lowest      highest    last
loss             2       3      3 at 3      3 at 3     3
squares          2       17     17 at 3     17 at 3    17
validation/loss  3       0.5    0.167 at 6  0.5 at 2   0.167`},
		{[]string{"learning_rate", "validation/loss"}, `
series           values  first  lowest      highest   last
learning_rate    6       0.1    0.1 at 1    0.1 at 1  0.1
validation/loss  3       0.5    0.167 at 6  0.5 at 2  0.167`},
	} {
		p, err := h.Curves(tt.names...)
		if err != nil {
			t.Error(err)
		} else if got := strings.Fields(p.String()); strings.Join(got, " ") != strings.Join(strings.Fields(tt.want), " ") {
			t.Errorf("%v: %s\nwant%s", tt.names, p, tt.want)
		}
	}
}

func TestHistoryCurvesErrors(t *testing.T) {
	h := recorded(t)
	_, err := h.Curves("loss", "accuracy")
	wantError(t, err, `training: learning curves: nothing was logged as "accuracy"`, "there are loss, squares, learning_rate, validation/never, validation/loss")
	_, err = h.Curves("validation/never")
	wantError(t, err, `"validation/never"`, "none of its 6 values is finite")
	for _, empty := range []*training.History{nil, {}} {
		_, err = empty.Curves()
		wantError(t, err, "nothing was logged")
		_, err = empty.Curves("loss")
		wantError(t, err, "nothing was logged")
	}
}

// A notebook gets the curves where there are any, and the table always.
func TestHistorySimpleRender(t *testing.T) {
	h := recorded(t)
	shown := h.SimpleRender()
	if svg, _ := shown["image/svg+xml"].(string); !strings.HasPrefix(svg, "<?xml") || !strings.Contains(svg, "validation/loss") || strings.Contains(svg, "never") {
		t.Errorf("the picture: %v", shown)
	}
	if page, _ := shown["text/html"].(string); !strings.HasPrefix(page, "<img ") {
		t.Errorf("the page: %.100q", page)
	}
	if shown["text/plain"] != h.String() {
		t.Errorf("the table: %v", shown)
	}
	for _, empty := range []*training.History{nil, {}} {
		if shown := empty.SimpleRender(); len(shown) != 1 || shown["text/plain"] != empty.String() {
			t.Errorf("an empty history shows %v", shown)
		}
	}
}
