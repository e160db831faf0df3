package training

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// reportWidth is the width of a line of the report as text.
const reportWidth = 116

// String formats the report: a table of the layers, a line for the loss, the
// findings, and remarks on hidden layers where 30 % or more of the units were dead.
func (d *Diagnosis) String() string {
	if d == nil {
		return "no diagnosis"
	}
	var b strings.Builder
	rows := d.table()
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			switch {
			case i == 0:
				line.WriteString(cell + pad)
			case i == 1:
				line.WriteString("  " + cell + pad)
			default:
				line.WriteString("  " + pad + cell)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	b.WriteString("\n")
	wrap(&b, d.lossLine(), "")
	for _, f := range d.Findings {
		b.WriteString("\n")
		wrap(&b, fmt.Sprintf("%s in %s: %s.", strings.ToUpper(f.Trouble.String()), listed(f.Layers), f.Evidence), "")
		wrap(&b, f.Remedy, "  ")
	}
	if d.Healthy() {
		b.WriteString("\nNothing was found wrong.\n")
	}
	for _, r := range d.remarks() {
		b.WriteString("\n")
		wrap(&b, r, "")
	}
	return b.String()
}

// table returns the layers as rows of cells, the heading first.
func (d *Diagnosis) table() [][]string {
	rows := [][]string{{"layer", "activation", "mean", "std", "saturated", "dead", "gradient", "to next", "update", "norm drift"}}
	for _, l := range d.Layers {
		activation, drift := l.Activation, ""
		if n := l.BatchNorm; n != nil {
			drift = fmt.Sprintf("%.2g, %.2g", n.MeanDrift, n.VarianceDrift)
		}
		if activation == "" {
			activation = "none"
		}
		rows = append(rows, []string{shortened(l.Name, 30), shortened(activation, 14), cell(l.Mean), cell(l.Std), percent(l.Saturated), percent(l.Dead),
			cell(l.Gradient), cell(l.GradientRatio), cell(l.UpdateRatio), drift})
	}
	return rows
}

// lossLine tells how the loss went, here and at other rates.
func (d *Diagnosis) lossLine() string {
	if len(d.Losses) == 0 {
		return "no step was finished"
	}
	line := fmt.Sprintf("loss %.4g -> %.4g in %d steps", d.Losses[0], d.Losses[len(d.Losses)-1], len(d.Losses))
	for i, t := range d.Trials {
		if i == 0 {
			line += "; its mean over the last quarter:"
		} else {
			line += ","
		}
		line += fmt.Sprintf(" %.4g at %g x rate", t.Loss, t.Factor)
	}
	return line
}

func cell(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return fmt.Sprintf("%.2g", x)
}

func percent(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return fmt.Sprintf("%.0f%%", 100*x)
}

// shortened keeps the end of a name, which tells layers apart.
func shortened(name string, width int) string {
	if r := []rune(name); len(r) > width {
		return "..." + string(r[len(r)-width+3:])
	}
	return name
}

// wrap writes text in lines of at most reportWidth, each indented.
func wrap(b *strings.Builder, text, indent string) {
	column := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+n > reportWidth:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	b.WriteByte('\n')
}
