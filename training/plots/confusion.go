package plots

import (
	"fmt"
	"image"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ConfusionConfig configures ConfusionMatrix. The zero value is good.
type ConfusionConfig struct {
	Title string // default "Confusion matrix"
}

// maxClasses bounds a confusion matrix; beyond it a cell would be smaller than a point.
const maxClasses = 1000

// ConfusionMatrix draws how often each class was taken for which: counts[i][j] is the number of
// examples of class i that were predicted as class j, as in tf.confusion_matrix(labels,
// predictions). Classes are the names, one a row; nil numbers them from 0. A cell's colour is its
// share of its row, so that rare classes show as clearly as common ones; beside a row stands its
// recall. A matrix that is empty, not square, has a negative count, or no count at all is an error.
func ConfusionMatrix(counts [][]int, classes []string, cfg ConfusionConfig) (*Picture, error) {
	p, err := confusionMatrix(counts, classes, cfg)
	return p, errors.WithMessage(err, "plots: confusion matrix")
}

func confusionMatrix(counts [][]int, classes []string, cfg ConfusionConfig) (*Picture, error) {
	m, err := newConfusion(counts, classes)
	if err != nil {
		return nil, err
	}
	m.title = "Confusion matrix"
	if cfg.Title != "" {
		m.title = label(cfg.Title)
	}
	m.layOut()
	return &Picture{kind: "a confusion matrix", text: m.String(), width: int(math.Ceil(float64(m.width))), height: int(math.Ceil(float64(m.height))), draw: m.draw}, nil
}

// confusion is a matrix and where it lies on the page.
type confusion struct {
	title    string
	classes  []string
	counts   [][]int
	rows     []int // sums
	right    int   // the sum of the diagonal
	total    int
	cell     vg.Length // side
	left     vg.Length // of the cells
	below    vg.Length // height beneath the cells
	turned   bool      // the names beneath stand upright
	width    vg.Length
	height   vg.Length
	nameSize vg.Length
}

func newConfusion(counts [][]int, classes []string) (*confusion, error) {
	n := len(counts)
	if n == 0 || n > maxClasses {
		return nil, errors.Errorf("%d rows; there must be from 1 to %d", n, maxClasses)
	}
	if classes != nil && len(classes) != n {
		return nil, errors.Errorf("%d class names for %d rows; give one for each row, or nil to number them", len(classes), n)
	}
	m := &confusion{rows: make([]int, n)}
	for i, row := range counts {
		if len(row) != n {
			return nil, errors.Errorf("row %d has %d counts; the matrix has %d rows and must be square", i, len(row), n)
		}
		for j, c := range row {
			if c < 0 {
				return nil, errors.Errorf("the count of row %d, column %d is %d; it must not be negative", i, j, c)
			}
			m.rows[i] += c
			m.total += c
		}
		m.right += row[i]
		m.counts = append(m.counts, append([]int(nil), row...))
		name := fmt.Sprint(i)
		if classes != nil {
			name = label(classes[i])
		}
		m.classes = append(m.classes, name)
	}
	if m.total == 0 {
		return nil, errors.New("all counts are 0")
	}
	return m, nil
}

const recallWidth vg.Length = 46

// layOut chooses the sizes: cells that hold their numbers, up to where the page would
// become too large, and then smaller ones without.
func (m *confusion) layOut() {
	n := vg.Length(len(m.classes))
	digits := sans(tickSize, ink).Width(fmt.Sprint(m.largest()))
	m.cell = max(30, digits+8, 190/n)
	if m.cell*n > 900 {
		m.cell = max(1, vg.Length(math.Floor(float64(900*pixelsPerPoint/n)))) / pixelsPerPoint // whole pixels
	}
	m.nameSize = min(labelSize, m.cell*0.9)
	s := sans(m.nameSize, ink)
	var widest vg.Length
	for i, name := range m.classes {
		m.classes[i] = fit(s, name, 110)
		widest = max(widest, s.Width(m.classes[i]))
	}
	m.turned = widest > m.cell-4
	m.below = m.nameSize + 26
	if m.turned {
		m.below = widest + 26
	}
	m.left = margin + labelSize + 10 + widest + 6
	m.width = max(m.left+m.cell*n+recallWidth+margin, 240)
	m.height = page{title: m.title}.height(m.width) + 18 + m.cell*n + m.below + margin
}

func (m *confusion) largest() (most int) {
	for _, row := range m.counts {
		for _, c := range row {
			most = max(most, c)
		}
	}
	return most
}

func (m *confusion) draw(c draw.Canvas) {
	area := page{title: m.title}.draw(c)
	n := vg.Length(len(m.classes))
	small := sans(tickSize, inkFaint)
	write(area, small, area.Min.X, area.Max.Y-4, m.accuracy())
	top := area.Max.Y - 18
	if m.cell < smallestCell {
		m.drawPixels(c, top)
	}
	names := sans(m.nameSize, ink)
	names.XAlign = text.XRight
	for i := range m.classes {
		y := top - m.cell*(vg.Length(i)+0.5)
		if m.cell >= smallestCell {
			for j, v := range m.counts[i] {
				m.drawCell(c, vg.Point{X: m.left + m.cell*vg.Length(j), Y: y - m.cell/2}, v, m.rows[i])
			}
		}
		if m.nameSize >= 4 {
			write(c, names, m.left-6, y, m.classes[i])
			m.drawColumnName(c, i, top-m.cell*n-6)
			write(c, sans(min(tickSize, m.nameSize), inkFaint), m.left+m.cell*n+6, y, m.recall(i))
		}
	}
	c.StrokeLines(draw.LineStyle{Color: inkFaint, Width: 0.75}, rectangle(m.left, top-m.cell*n, m.cell*n, m.cell*n))
	write(c, small, m.left+m.cell*n+6, top+7, "recall")
	axis := sans(labelSize, ink)
	axis.XAlign = text.XCenter
	write(c, axis, m.left+m.cell*n/2, margin+labelSize/2, "predicted")
	axis.Rotation, axis.YAlign = math.Pi/2, text.YCenter
	c.FillText(axis, vg.Point{X: margin + labelSize/2, Y: top - m.cell*n/2}, "label")
}

// drawColumnName writes the name of a class beneath its column.
func (m *confusion) drawColumnName(c draw.Canvas, i int, y vg.Length) {
	s := sans(m.nameSize, ink)
	x := m.left + m.cell*(vg.Length(i)+0.5)
	if !m.turned {
		s.XAlign = text.XCenter
		write(c, s, x, y-m.nameSize/2, m.classes[i])
		return
	}
	s.XAlign, s.YAlign, s.Rotation = text.XRight, text.YCenter, math.Pi/2
	c.FillText(s, vg.Point{X: x - m.nameSize/10, Y: y}, m.classes[i])
}

// smallestCell is the side of a cell with room for a number.
const smallestCell vg.Length = 12

// drawCell draws a count at a corner.
func (m *confusion) drawCell(c draw.Canvas, corner vg.Point, count, row int) {
	c.FillPolygon(shade(count, row), rectangle(corner.X, corner.Y, m.cell, m.cell))
	t := fmt.Sprint(count)
	s := sans(min(tickSize, m.cell*0.4), ink)
	if w := s.Width(t); w > m.cell-2 {
		s.Font.Size *= (m.cell - 2) / w
	}
	switch {
	case s.Font.Size < 4:
		return
	case count == 0:
		s.Color = rgb(0xBBBBBB)
	case float64(count) > 0.3*float64(row):
		s.Color = rgb(0xFFFFFF)
	}
	s.XAlign = text.XCenter
	write(c, s, corner.X+m.cell/2, corner.Y+m.cell/2, t)
}

// drawPixels draws a matrix that has no room for numbers as an image.
func (m *confusion) drawPixels(c draw.Canvas, top vg.Length) {
	n := len(m.classes)
	im := image.NewNRGBA(image.Rect(0, 0, n, n))
	for i, row := range m.counts {
		for j, v := range row {
			im.SetNRGBA(j, i, shade(v, m.rows[i]))
		}
	}
	side := m.cell * vg.Length(n)
	where := vg.Rectangle{Min: vg.Point{X: m.left, Y: top - side}, Max: vg.Point{X: m.left + side, Y: top}}
	c.DrawImage(where, enlarged(im, int(m.cell*pixelsPerPoint)))
}

// shade is the colour of a count by its share of the row. It goes by the root, so that a few
// mistakes in a hundred are to be seen.
func shade(count, row int) colour {
	return faint(rgb(0x08519C), math.Sqrt(float64(count)/float64(max(row, 1))))
}

// rectangle is the outline from a lower left corner.
func rectangle(x, y, w, h vg.Length) []vg.Point {
	return []vg.Point{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}, {X: x, Y: y}}
}

// recall is the share of a class that was found.
func (m *confusion) recall(i int) string {
	if m.rows[i] == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(m.counts[i][i])/float64(m.rows[i]))
}

func (m *confusion) accuracy() string {
	return fmt.Sprintf("%d of %d right, %.2f %%", m.right, m.total, 100*float64(m.right)/float64(m.total))
}

// String is the matrix as a table, if it is not too wide.
func (m *confusion) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", m.title, m.accuracy())
	if len(m.classes) > 20 {
		return b.String()
	}
	fmt.Fprintln(&b)
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "label\\predicted\t%s\trecall\t\n", strings.Join(m.classes, "\t"))
	for i, row := range m.counts {
		fmt.Fprintf(tw, "%s\t", m.classes[i])
		for _, c := range row {
			fmt.Fprintf(tw, "%d\t", c)
		}
		fmt.Fprintf(tw, "%s\t\n", m.recall(i))
	}
	tw.Flush() // a Builder takes everything
	return strings.TrimSuffix(b.String(), "\n")
}
