package show

import (
	"fmt"
	"strings"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// TensorConfig configures Tensor. The zero value is good.
type TensorConfig struct {
	Title string
	// Height and Width say that the tensor holds images of that size, as [n, 784] holds those of 28 x 28. Without them, what is
	// [n, height, width, 1] or [n, height, width, 3] with sides of at least 8 is taken for images, and so is a matrix with sides from 16 to 512.
	Height, Width int
	// Channels is 1 or 3, by default what the size of the tensor says.
	Channels int
	// ChannelsFirst says that an image is [channels, height, width].
	ChannelsFirst bool
	// Limit is how many images are shown at most; default 32.
	Limit int
	// NoImages shows numbers only.
	NoImages bool

	captions []string // of all images
	flagged  []bool
}

// Tensor shows a tensor of any dtype: its shape, its first elements, and of numbers the mean and standard deviation (of the population), the
// smallest and the largest of the finite values, how many are zero, NaN or infinite, and a histogram; and images where it holds such. Of more
// than 2^24 elements the statistics look at some, evenly, and say how many.
func Tensor(t tensor.Tensor, cfg TensorConfig) (v *View) {
	defer guarded("a tensor", &v)
	if isNil(t) {
		return plain("no tensor")
	}
	e, ok := elementsOf(t)
	if !ok {
		return plain("tensor %v %v, whose elements cannot be read", t.Dtype(), []int(t.Shape()))
	}
	sp := graph.Spec{Dtype: t.Dtype(), Shape: e.shape}
	title := sp.String()
	if cfg.Title != "" {
		title = clean(cfg.Title) + ": " + title
	}
	if len(e.shape) > 0 {
		title += ", " + counted(e.size, "element")
	}
	if e.size == 1 && len(e.shape) == 0 {
		v = plain("%s  %s", title, e.text(0))
		v.html = fmt.Sprintf("<div>%s &nbsp; <b>%s</b></div>", escape(title), escape(e.text(0)))
		return v
	}
	v = plain("%s", title)
	var b strings.Builder
	fmt.Fprintf(&b, "<div><div>%s</div>", escape(title))
	s := statisticsOf(e)
	if s != nil {
		v.text += "\n" + s.String()
		b.WriteString(`<div style="display:flex;flex-wrap:wrap;gap:1.2em;align-items:center">`)
		b.WriteString(plainTable(s.rows(), 1))
		if svg := s.histogram(); svg != "" {
			b.WriteString(embedded("image/svg+xml", "histogram of the values", []byte(svg)))
		}
		b.WriteString("</div>")
	}
	picture, about := e.images(cfg, s)
	if e.size > 0 && (picture == nil || len(e.shape) < 4) { // the first pixels of an image say nothing
		rows, note := e.head()
		v.text += "\n" + textTable(rows, 0)
		if note != "" {
			v.text += "\n" + note
		}
		fmt.Fprintf(&b, `<div style="overflow-x:auto;font-size:90%%">%s%s</div>`, plainTable(rows, 0), escape(note))
	}
	if picture != nil {
		if png, err := picture.PNG(); err == nil {
			v.png = png
			fmt.Fprintf(&b, "%s<div>%s</div>", scaled(picture, png), escape(about))
			v.text += "\n" + about
		}
	}
	b.WriteString("</div>")
	v.html = b.String()
	return v
}

// isNil tells whether t is nil, or a nil *tensor.Dense.
func isNil(t tensor.Tensor) bool {
	d, ok := t.(*tensor.Dense)
	return t == nil || ok && d == nil
}

// Bounds of the elements that are shown.
const (
	headRows    = 6
	headColumns = 8
)

// head are the first elements: of a vector in a line, of more axes the first rows of the last two.
func (e *elements) head() (rows [][]string, note string) {
	across, down := 1, 1
	if n := len(e.shape); n > 0 {
		across = e.shape[n-1]
		if n > 1 {
			down = e.shape[n-2]
		}
	}
	for r := range min(down, headRows) {
		var row []string
		for c := range min(across, headColumns) {
			row = append(row, e.text(e.place(r*across+c)))
		}
		if across > headColumns {
			row = append(row, "…")
		}
		rows = append(rows, row)
	}
	if down > headRows {
		rows = append(rows, []string{"⋮"})
	}
	if n := len(e.shape); n > 2 && e.size > across*down {
		note = fmt.Sprintf("the first of %s matrices of %d × %d", grouped(e.size/(across*down)), down, across)
	}
	return rows, note
}

// maxValues bounds a list of values.
const maxValues = 12

// Values shows what a Run returned, one value after the other.
func Values(values graph.Values) (v *View) {
	defer guarded("values", &v)
	if len(values) == 0 {
		return plain("no values")
	}
	var texts []string
	var b strings.Builder
	b.WriteString("<div>")
	for i, value := range values {
		if i == maxValues {
			more := fmt.Sprintf("… %s", counted(len(values)-i, "more value"))
			texts = append(texts, more)
			fmt.Fprintf(&b, "<div>%s</div>", escape(more))
			break
		}
		one := valueView(value)
		texts = append(texts, fmt.Sprintf("%d: %s", i, strings.ReplaceAll(one.text, "\n", "\n   ")))
		fmt.Fprintf(&b, `<div style="display:flex;gap:.8em"><div style="opacity:.65">%d</div>%s</div>`, i, one.page())
	}
	b.WriteString("</div>")
	return &View{text: strings.Join(texts, "\n"), html: b.String()}
}

// valueView shows one value of a Run; that of an op which is run for its effect is nil.
func valueView(value gorgonia.Value) *View {
	switch value := value.(type) {
	case nil:
		return plain("no value: an effect")
	case tensor.Tensor:
		return Tensor(value, TensorConfig{})
	default:
		return plain("%s  %s", value.Dtype(), shortened(clean(fmt.Sprint(value.Data())), 200))
	}
}
