package show

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/plots"
)

// Curves is a training.Hook that draws learning curves while the training goes on: the loss over the steps, and over the epochs what is logged
// beside it, such as "validation/loss". In a notebook the picture is drawn anew in its place; elsewhere nothing is shown unless Text is set. List it
// behind the hooks that record what it shows. The training stays as it is, bit for bit. Between two pictures it goes on for twenty times as long as
// the last of them took to draw at least, so that it loses less than a tenth of its time to drawing; the first picture, after one step, and the last
// come on top of that.
type Curves struct {
	training.NoHook

	// Names are the curves; nil: the loss, the metrics, and what was recorded under a name with a slash.
	Names []string
	// Every is the time between two pictures; default 500 ms. The last one is drawn at the end.
	Every time.Duration
	Title string
	// LogScale and Smoothing are those of plots.CurvesConfig.
	LogScale  bool
	Smoothing float64
	// Text prints a line after each epoch where there is no notebook.
	Text bool

	area  *Area
	loss  steps
	drawn time.Time     // when the last picture was ready
	took  time.Duration // to draw it

	clock func() time.Time // nil: time.Now
}

func (h *Curves) now() time.Time {
	if h.clock != nil {
		return h.clock()
	}
	return time.Now()
}

// Begin starts a picture of its own.
func (h *Curves) Begin(*training.Loop) error {
	h.area, h.loss, h.drawn, h.took = new(Area), steps{}, time.Time{}, 0
	return nil
}

// AfterStep notes the loss and draws what is due.
func (h *Curves) AfterStep(l *training.Loop) error {
	h.loss.add(l.Step(), l.Loss())
	every := h.Every
	if every <= 0 {
		every = 500 * time.Millisecond
	}
	if Live() && h.now().Sub(h.drawn) >= max(every, 20*h.took) {
		h.draw(l)
	}
	return nil
}

// AfterEpoch prints a line, if that is wanted and there is no notebook.
func (h *Curves) AfterEpoch(l *training.Loop) error {
	if h.Text && !Live() {
		l.Later(func() error {
			fmt.Fprintln(os.Stdout, h.caption(l, 6)) //nolint:errcheck // a closed output does not end a training
			return nil
		})
	}
	return nil
}

// End draws the last picture.
func (h *Curves) End(l *training.Loop) error {
	if Live() {
		h.draw(l)
	}
	return nil
}

// draw shows the curves. What cannot be drawn, or shown, does not end the training.
func (h *Curves) draw(l *training.Loop) {
	began := h.now()
	defer func() {
		if r := recover(); r != nil {
			l.Warn(fmt.Sprintf("show.Curves: %v", r))
		}
		h.drawn = h.now()
		h.took = h.drawn.Sub(began)
	}()
	series := h.series(l.History())
	if len(series) == 0 {
		return
	}
	title := h.caption(l, 1)
	if h.Title != "" {
		title = clean(h.Title) + ": " + title
	}
	p, err := plots.LearningCurves(series, plots.CurvesConfig{Title: title, XLabel: "step", LogScale: h.LogScale, Smoothing: h.Smoothing})
	if err != nil {
		return // no finite value yet
	}
	if err := h.area.Show(p); err != nil {
		l.Warn("show.Curves: " + err.Error())
	}
}

// series are the curves that have something to draw.
func (h *Curves) series(history *training.History) (out []plots.Series) {
	names := h.Names
	if names == nil {
		names = append(names, "loss")
		for _, name := range history.Names() {
			if name != "loss" && (strings.Contains(name, "/") || isMean(history, name)) {
				names = append(names, name)
			}
		}
	}
	for _, name := range names {
		s := plots.Series{Name: name}
		if name == "loss" {
			s.Steps, s.Values = h.loss.points()
		} else {
			at, values := history.Series(name)
			s.Values = values
			for _, step := range at {
				s.Steps = append(s.Steps, float64(step))
			}
		}
		if drawable(s.Values, h.LogScale) {
			out = append(out, s)
		}
	}
	return out
}

// drawable tells whether one of the values has a place on the axis.
func drawable(values []float64, log bool) bool {
	for _, v := range values {
		if v-v == 0 && (!log || v > 0) {
			return true
		}
	}
	return false
}

// isMean tells whether a name is a metric's.
func isMean(history *training.History, name string) bool {
	for _, e := range history.Epochs {
		for _, log := range e.Logs {
			if log.Name == name {
				return log.Mean
			}
		}
	}
	return false
}

// caption says where the training is, with so many values.
func (h *Curves) caption(l *training.Loop, values int) string {
	parts := []string{fmt.Sprintf("epoch %d, step %s", l.Epoch(), grouped(l.Step()))}
	for _, log := range l.Logs() {
		if len(parts) > values {
			break
		}
		parts = append(parts, clean(log.Name)+" "+number(log.Value))
	}
	return strings.Join(parts, ", ")
}

// steps keeps a value of every step in bounded memory: the means over runs of steps, which double in length when there are too many.
type steps struct {
	run    int // steps in a mean
	at     []float64
	sums   []float64
	counts []int
}

const maxPoints = 400

func (s *steps) add(step int, value float64) {
	if s.run == 0 {
		s.run = 1
	}
	if n := len(s.counts); n > 0 && s.counts[n-1] < s.run {
		s.sums[n-1] += value
		s.counts[n-1]++
		s.at[n-1] = float64(step)
		return
	}
	if len(s.counts) == maxPoints {
		for i := range maxPoints / 2 {
			s.sums[i] = s.sums[2*i] + s.sums[2*i+1]
			s.counts[i] = s.counts[2*i] + s.counts[2*i+1]
			s.at[i] = s.at[2*i+1]
		}
		s.sums, s.counts, s.at = s.sums[:maxPoints/2], s.counts[:maxPoints/2], s.at[:maxPoints/2]
		s.run *= 2
	}
	s.sums, s.counts, s.at = append(s.sums, value), append(s.counts, 1), append(s.at, float64(step))
}

// points are the means over the steps that end at each place.
func (s *steps) points() (at, values []float64) {
	at = append(at, s.at...)
	for i, sum := range s.sums {
		values = append(values, sum/float64(s.counts[i]))
	}
	return at, values
}
