package plots

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"gonum.org/v1/plot/vg/draw"
)

// Series is a named curve.
type Series struct {
	Name   string
	Values []float64
	// Steps are where the values lie on the horizontal axis, one for each. Nil counts
	// 1, 2, 3, ..., as epochs are counted.
	Steps []float64
}

// CurvesConfig configures LearningCurves. The zero value is good.
type CurvesConfig struct {
	Title  string
	XLabel string // default "step" when a series has Steps, and "epoch" otherwise
	YLabel string
	// LogScale draws the values on a logarithmic axis. Values that are not positive
	// are gaps then.
	LogScale bool
	// Smoothing is the decay, from 0 to below 1, of an exponential moving average that is drawn
	// over the curve itself, which becomes faint. The average is corrected for its start, as in
	// TensorBoard: s = Smoothing*s + (1-Smoothing)*v, divided by 1-Smoothing^t.
	Smoothing     float64
	Width, Height int // in points; default 520 x 330
}

// LearningCurves draws series over steps or epochs, as loss and accuracy of training and
// validation. A value that is NaN or infinite is a gap in its curve. A series in which every value
// is, or values and steps that differ in number, are errors.
func LearningCurves(curves []Series, cfg CurvesConfig) (*Picture, error) {
	p, err := learningCurves(curves, cfg)
	return p, errors.WithMessage(err, "plots: learning curves")
}

func learningCurves(curves []Series, cfg CurvesConfig) (*Picture, error) {
	if len(curves) == 0 {
		return nil, errors.New("no series; give at least one")
	}
	if !(cfg.Smoothing >= 0 && cfg.Smoothing < 1) {
		return nil, errors.Errorf("Smoothing is %v; it must be from 0 to below 1", cfg.Smoothing)
	}
	w, h, err := sizeOr(cfg.Width, cfg.Height, 520, 330)
	if err != nil {
		return nil, err
	}
	xLabel := "epoch"
	lines := make([]polyline, len(curves))
	pg := page{title: label(cfg.Title)}
	var xs, ys [][]float64
	for i, s := range curves {
		if s.Steps != nil {
			xLabel = "step"
		}
		l, err := s.line(cfg.LogScale)
		if err != nil {
			return nil, errors.WithMessagef(err, "series %d %q", i, s.Name)
		}
		l.style = lineStyle(i)
		lines[i] = l
		xs, ys = append(xs, l.x), append(ys, l.y)
		if name := label(s.Name); name != "" {
			pg.keys = append(pg.keys, key{name: name, style: l.style})
		}
	}
	if cfg.XLabel != "" {
		xLabel = label(cfg.XLabel)
	}
	x, _ := rangeOf(false, xs...) // the lines have been checked
	y, _ := rangeOf(cfg.LogScale, ys...)
	if x.low == x.high {
		x = x.padded(0)
	}
	y = y.padded(0.04)
	return &Picture{
		kind: "learning curves", text: describeCurves(label(cfg.Title), lines, curves), width: w, height: h,
		draw: func(c draw.Canvas) {
			panel := newPanel(x, y, xLabel, label(cfg.YLabel))
			for i, l := range lines {
				if cfg.Smoothing > 0 {
					raw := l
					raw.style.Color, raw.style.Width = faint(palette[i%len(palette)], 0.3), 1
					panel.Add(raw)
				}
			}
			for _, l := range lines {
				if cfg.Smoothing > 0 {
					l.y = smoothed(l.y, cfg.Smoothing, cfg.LogScale)
				}
				panel.Add(l)
			}
			panel.Draw(pg.draw(c))
		},
	}, nil
}

// line copies a series and checks it.
func (s Series) line(log bool) (polyline, error) {
	l := polyline{y: append([]float64(nil), s.Values...), x: append([]float64(nil), s.Steps...)}
	if len(l.y) == 0 {
		return l, errors.New("it has no values")
	}
	if s.Steps == nil {
		for i := range l.y {
			l.x = append(l.x, float64(i+1))
		}
	}
	if len(l.x) != len(l.y) {
		return l, errors.Errorf("%d values and %d steps; give one step for each value, or nil to count from 1", len(l.y), len(l.x))
	}
	positive := false
	for i, v := range l.y {
		if !shown(l.x[i], false) {
			return l, errors.Errorf("step %d is %v; steps must be finite", i, l.x[i])
		}
		positive = positive || shown(v, log)
	}
	if !positive && log {
		return l, errors.Errorf("none of its %d values is finite and positive, as a log scale needs", len(l.y))
	}
	if !positive {
		return l, errors.Errorf("none of its %d values is finite", len(l.y))
	}
	return l, nil
}

// smoothed is the moving average of CurvesConfig.Smoothing. It keeps gaps and does not count them.
func smoothed(values []float64, decay float64, log bool) []float64 {
	out := make([]float64, len(values))
	sum, weight := 0.0, 0.0
	for i, v := range values {
		if !shown(v, log) {
			out[i] = math.NaN()
			continue
		}
		sum, weight = decay*sum+(1-decay)*v, decay*weight+(1-decay)
		out[i] = sum / weight
	}
	return out
}

// describeCurves is a table with the best and the last value of every series.
func describeCurves(title string, lines []polyline, curves []Series) string {
	var b strings.Builder
	if title != "" {
		fmt.Fprintln(&b, title)
	}
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "series\tvalues\tfirst\tlowest\thighest\tlast")
	for i, l := range lines {
		low, high := l.extremes()
		at := func(j int) string { return fmt.Sprintf("%s at %s", number(l.y[j]), number(l.x[j])) }
		fmt.Fprintf(tw, "%s\t%d\t%s\t%s\t%s\t%s\n", label(curves[i].Name), len(l.y), number(l.y[0]), at(low), at(high), number(l.y[len(l.y)-1]))
	}
	tw.Flush() // a Builder takes everything
	return strings.TrimSuffix(b.String(), "\n")
}
