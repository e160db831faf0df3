package plots

import (
	"image/color"
	"strings"
	"unicode"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// colour is an opaque colour.
type colour = color.NRGBA

func rgb(v uint32) colour { return colour{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF} }

// palette are the colours of Okabe and Ito, the most distinct first, without the
// yellow, which is too light for a line on white.
var palette = []colour{
	rgb(0x0072B2), // blue
	rgb(0xD55E00), // vermilion
	rgb(0x009E73), // bluish green
	rgb(0xCC79A7), // reddish purple
	rgb(0xE69F00), // orange
	rgb(0x56B4E9), // sky blue
	rgb(0x333333), // near black
}

var (
	ink      = rgb(0x262626) // titles and values
	inkFaint = rgb(0x595959) // axes and their labels
	gridline = rgb(0xE3E3E3)
	alarm    = palette[1]
)

// dashes tell lines apart when the palette has come round.
var dashes = [][]vg.Length{nil, {6, 3}, {2, 2}, {8, 3, 2, 3}}

// lineStyle is the style of the i-th line of a panel.
func lineStyle(i int) draw.LineStyle {
	return draw.LineStyle{Color: palette[i%len(palette)], Width: 1.6, Dashes: dashes[i/len(palette)%len(dashes)]}
}

// faint mixes a colour with the white it is drawn on.
func faint(c colour, opacity float64) colour {
	mix := func(v uint8) uint8 { return uint8(255 - opacity*(255-float64(v)) + 0.5) }
	return colour{R: mix(c.R), G: mix(c.G), B: mix(c.B), A: 0xFF}
}

// sans is a text style in Liberation Sans, which gonum/plot brings along, so that
// a picture looks the same on every machine.
func sans(size vg.Length, c color.Color) text.Style {
	return text.Style{
		Font:    font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, size),
		Color:   c,
		XAlign:  text.XLeft,
		YAlign:  text.YCenter,
		Handler: plot.DefaultTextHandler,
	}
}

func bold(s text.Style) text.Style {
	s.Font.Weight = stdfont.WeightBold
	return s
}

// label makes a text fit for XML and for one line: other characters become spaces.
func label(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	return strings.TrimSpace(s)
}

// fit shortens a text in the middle until it is no wider than width: the beginnings of scopes
// and the ends of variables are what tells names apart.
func fit(s text.Style, t string, width vg.Length) string {
	if s.Width(t) <= width {
		return t
	}
	r := []rune(t)
	for keep := min(len(r)-1, 200); keep > 0; keep-- {
		head := (keep + 1) / 2
		short := string(r[:head]) + "…" + string(r[len(r)-(keep-head):])
		if s.Width(short) <= width {
			return short
		}
	}
	return "…"
}
