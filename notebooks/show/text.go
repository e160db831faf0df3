package show

import (
	"html"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plexaura/plexaura/graph"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gorgonia.org/tensor"
)

// clean makes a text fit for one line of XML: what is not printable, such as control characters and those that turn the direction of writing
// around, becomes a space. What is longer than anybody reads is cut.
func clean(s string) string {
	const most = 2000
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " ")))
}

// escape is a text within HTML or SVG.
func escape(s string) string { return html.EscapeString(clean(s)) }

// face is Liberation Sans, which gonum/plot brings along: widths are the same on every machine, and those of Arial and Helvetica.
var face = font.Font{Typeface: plot.DefaultFont.Typeface, Variant: "Sans"}

// textWidth is the width of a text in pixels.
func textWidth(s string, size float64) float64 {
	f := font.DefaultCache.Lookup(face, vg.Length(size))
	return float64(f.Width(s))
}

// fit shortens a text in the middle to a width: the beginnings of scopes and the ends of variables tell names apart.
func fit(s string, size, width float64) string {
	if textWidth(s, size) <= width {
		return s
	}
	r := []rune(s)
	for keep := min(len(r)-1, 100); keep > 0; keep-- {
		head := (keep + 1) / 2
		short := string(r[:head]) + "…" + string(r[len(r)-(keep-head):])
		if textWidth(short, size) <= width {
			return short
		}
	}
	return "…"
}

// shortened keeps the ends of a text of many characters.
func shortened(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	r := []rune(s)
	return string(r[:(most-1)/2]) + "…" + string(r[len(r)-most/2:])
}

// shapeText writes a shape as "? × 784"; a scalar's is "".
func shapeText(shape tensor.Shape) string {
	parts := make([]string, len(shape))
	for i, d := range shape {
		parts[i] = strconv.Itoa(d)
		if d < 0 {
			parts[i] = "?"
		}
	}
	return strings.Join(parts, " × ")
}

// specText is a value's shape, with its dtype where that is not the one that the graph works in.
func specText(sp graph.Spec, usual tensor.Dtype) string {
	shape := shapeText(sp.Shape)
	if shape == "" {
		shape = "scalar"
	}
	if sp.Dtype == usual || sp.Dtype.Type == nil {
		return shape
	}
	return sp.Dtype.String() + " " + shape
}

// number writes four digits of a number.
func number(v float64) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "-∞"
	case size != 0 && (size < 1e-3 || size >= 1e6):
		return strconv.FormatFloat(v, 'e', 3, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// grouped writes a count as "11,689,512".
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// counted is a number of things, "1 op" or "3 ops".
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return grouped(n) + " " + thing
}

// textTable writes rows with their columns in line, those from the numeric one on to the right.
func textTable(rows [][]string, numeric int) string {
	var widths []int
	for _, row := range rows {
		for k, cell := range row {
			if k == len(widths) {
				widths = append(widths, 0)
			}
			if len(row) > 1 { // a remark may be as long as it is
				widths[k] = max(widths[k], utf8.RuneCountInString(cell))
			}
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for k, cell := range row {
			pad := strings.Repeat(" ", max(0, widths[k]-utf8.RuneCountInString(cell)))
			if k < numeric {
				b.WriteString("  " + cell + pad)
			} else {
				b.WriteString("  " + pad + cell)
			}
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return strings.Join(lines, "\n")
}
