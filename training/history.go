package training

import (
	"fmt"
	"math"
	"strings"
)

// History is what a training logged.
type History struct {
	// Epochs has a row for each epoch, the last of which may be incomplete.
	Epochs []EpochLogs
	// Losses has the loss of every step, with FitConfig.StepLosses.
	Losses []float64
	// Stopped says why the training ended.
	Stopped string
	// Warnings are remarks of hooks, such as of EarlyStopping on a value that was never recorded, and what Session.Warnings has at the end.
	Warnings []string

	series []series // in order of first record
}

// EpochLogs is the row of an epoch.
type EpochLogs struct {
	Epoch      int   // from 1
	Step       int   // steps done since the training began
	GlobalStep int64 // the variable's value, or Step without one
	Logs       []Log // the means of the loss and the metrics, and what hooks recorded in this epoch, last value each
}

// series is every value recorded under a name.
type series struct {
	name   string
	steps  []int
	values []float64
}

// Value returns a value of the row.
func (e EpochLogs) Value(name string) (value float64, ok bool) {
	for _, log := range e.Logs {
		if log.Name == name {
			return log.Value, true
		}
	}
	return 0, false
}

// Series returns every value that was logged under a name, with the steps (from 1) at which they arose: epoch means at the last step of
// their epoch, other values when they were recorded. Both are nil for a name that was never logged; see Names.
func (h *History) Series(name string) (steps []int, values []float64) {
	if h == nil {
		return nil, nil
	}
	for i := range h.series {
		if s := &h.series[i]; s.name == name {
			return append([]int(nil), s.steps...), append([]float64(nil), s.values...)
		}
	}
	return nil, nil
}

// Names returns the names that were logged: the loss first, then metrics, then what hooks recorded, in order of first record.
func (h *History) Names() []string {
	if h == nil {
		return nil
	}
	names := make([]string, 0, len(h.series))
	for _, s := range h.series {
		if len(s.steps) > 0 {
			names = append(names, s.name)
		}
	}
	return names
}

// Last returns the value logged last under a name.
func (h *History) Last(name string) (value float64, ok bool) {
	if h == nil {
		return 0, false
	}
	for i := range h.series {
		if s := &h.series[i]; s.name == name && len(s.values) > 0 {
			return s.values[len(s.values)-1], true
		}
	}
	return 0, false
}

// add appends a value to a series.
func (h *History) add(name string, step int, value float64) {
	for i := range h.series {
		if s := &h.series[i]; s.name == name {
			if n := len(s.steps); n > 0 && s.steps[n-1] == step { // recorded again in the same step
				s.values[n-1] = value
				return
			}
			s.steps, s.values = append(s.steps, step), append(s.values, value)
			return
		}
	}
	h.series = append(h.series, series{name, []int{step}, []float64{value}})
}

// String is a table with a row for each epoch and a column for each name.
func (h *History) String() string {
	if h == nil {
		return "no history"
	}
	names := h.Names()
	rows := [][]string{append([]string{"epoch", "step"}, names...)}
	for _, e := range h.Epochs {
		row := []string{fmt.Sprint(e.Epoch), fmt.Sprint(e.Step)}
		for _, name := range names {
			cell := ""
			if v, ok := e.Value(name); ok {
				cell = formatLog(v)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			width := 0
			for _, other := range rows {
				width = max(width, len(other[i]))
			}
			if i > 0 {
				b.WriteString("  ")
			}
			b.WriteString(strings.Repeat(" ", width-len(cell)) + cell)
		}
		b.WriteByte('\n')
	}
	if h.Stopped != "" {
		b.WriteString("ended: " + h.Stopped + "\n")
	}
	for _, w := range h.Warnings {
		b.WriteString("warning: " + w + "\n")
	}
	return b.String()
}

// formatLog shows a value with four decimals, or four digits where it is small or large.
func formatLog(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-3 || a >= 1e6) {
		return fmt.Sprintf("%.4g", v)
	}
	return fmt.Sprintf("%.4f", v)
}
