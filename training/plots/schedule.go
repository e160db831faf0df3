package plots

import (
	"fmt"

	"github.com/pkg/errors"
	"gonum.org/v1/plot/vg/draw"
)

// ScheduleConfig configures Schedule. The zero value is good.
type ScheduleConfig struct {
	Title         string // default "Learning rate"
	XLabel        string // default "step"
	LogScale      bool   // of the rate; rates of 0 are gaps then
	Width, Height int    // in points; default 520 x 260
}

// Schedule draws a learning rate over the steps of training. Nil steps count 0, 1, 2, ..., as the
// global step does. Every rate must be finite and none negative.
func Schedule(steps, rates []float64, cfg ScheduleConfig) (*Picture, error) {
	p, err := schedule(steps, rates, cfg)
	return p, errors.WithMessage(err, "plots: schedule")
}

func schedule(steps, rates []float64, cfg ScheduleConfig) (*Picture, error) {
	w, h, err := sizeOr(cfg.Width, cfg.Height, 520, 260)
	if err != nil {
		return nil, err
	}
	for i, v := range rates {
		if !shown(v, false) || v < 0 {
			return nil, errors.Errorf("rate %d is %v; rates must be finite and not negative", i, v)
		}
	}
	if steps == nil {
		for i := range rates {
			steps = append(steps, float64(i))
		}
	}
	l, err := Series{Values: rates, Steps: steps}.line(cfg.LogScale)
	if err != nil {
		return nil, err
	}
	l.style = lineStyle(0)
	title, xLabel := "Learning rate", "step"
	if cfg.Title != "" {
		title = label(cfg.Title)
	}
	if cfg.XLabel != "" {
		xLabel = label(cfg.XLabel)
	}
	x, _ := rangeOf(false, l.x) // the line has been checked
	y, _ := rangeOf(cfg.LogScale, l.y)
	if x.low == x.high {
		x = x.padded(0)
	}
	if y = y.padded(0.06); !cfg.LogScale {
		y.low = 0 // a rate is read against nothing at all
	}
	low, high := l.extremes()
	return &Picture{
		kind: "schedule", width: w, height: h,
		text: fmt.Sprintf("%s: %d steps from %s at step %s to %s at step %s, lowest %s, highest %s", title, len(l.y),
			number(l.y[0]), number(l.x[0]), number(l.y[len(l.y)-1]), number(l.x[len(l.x)-1]), number(l.y[low]), number(l.y[high])),
		draw: func(c draw.Canvas) {
			panel := newPanel(x, y, xLabel, "")
			panel.Add(l)
			panel.Draw(page{title: title}.draw(c))
		},
	}, nil
}
