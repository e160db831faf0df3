package training

import (
	"maps"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/plots"
)

// Curves draws what was logged under the given names, each over the steps at which it arose. Without names these are the loss, the metrics, and
// what was recorded under a name with a slash, such as "validation/loss" of hooks.Evaluation; those that were never finite are left out. A
// value that is NaN or infinite is a gap. A name under which nothing was logged, or nothing finite, is an error, and so is a history with
// nothing to draw. For titles and logarithmic axes give the values of Series to plots.LearningCurves.
func (h *History) Curves(names ...string) (*plots.Picture, error) {
	logged := h.Names()
	if len(logged) == 0 {
		return nil, errors.New("training: learning curves: nothing was logged; curves begin when an epoch has ended or a hook has recorded a value")
	}
	if len(names) == 0 {
		names = h.measures()
	}
	if len(names) == 0 {
		return nil, errors.Errorf("training: learning curves: no loss, metric or evaluation has a finite value; there are %s", strings.Join(logged, ", "))
	}
	curves := make([]plots.Series, len(names))
	for i, name := range names {
		steps, values := h.Series(name)
		if len(steps) == 0 {
			return nil, errors.Errorf("training: learning curves: nothing was logged as %q; there are %s", name, strings.Join(logged, ", "))
		}
		curves[i] = plots.Series{Name: name, Values: values, Steps: make([]float64, len(steps))}
		for k, step := range steps {
			curves[i].Steps[k] = float64(step)
		}
	}
	p, err := plots.LearningCurves(curves, plots.CurvesConfig{})
	return p, errors.WithMessage(err, "training")
}

// measures are the names that Curves draws without being asked: of all that was logged, what can share an axis.
func (h *History) measures() []string {
	var out []string
	for _, name := range h.Names() {
		if !h.isMean(name) && !strings.Contains(name, "/") {
			continue
		}
		_, values := h.Series(name)
		for _, v := range values {
			if finite(v) {
				out = append(out, name)
				break
			}
		}
	}
	return out
}

// isMean tells whether a name is the loss's or a metric's.
func (h *History) isMean(name string) bool {
	for _, e := range h.Epochs {
		for _, log := range e.Logs {
			if log.Name == name {
				return log.Mean
			}
		}
	}
	return false
}

// SimpleRender shows the history in a notebook: its curves, where it has any, and the table as text.
func (h *History) SimpleRender() map[string]interface{} {
	out := map[string]interface{}{"text/plain": h.String()}
	if p, err := h.Curves(); err == nil {
		maps.Copy(out, p.SimpleRender())
		out["text/plain"] = h.String()
	}
	return out
}
