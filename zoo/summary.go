package zoo

import (
	"fmt"
	"html"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Summary says what the layers of a network are for one size of its input.
type Summary struct {
	Name   string
	Input  tensor.Shape
	Layers []LayerSummary
}

// LayerSummary is what one layer adds to a network.
type LayerSummary struct {
	Name   string       // of its endpoint
	Output tensor.Shape // that of the endpoint
	// Parameters counts the elements of its trainable variables, Statistics those of
	// the others, such as the moving averages of batch norm.
	Parameters, Statistics int64
	// MultiplyAdds counts the multiplications with an addition of its convolutions and products;
	// other ops are left out, as usual.
	MultiplyAdds int64
}

// Summary describes the network layer by layer. input replaces the shape of the model's
// input, of which sizes may be unknown; without it, an unknown size of the first axis, the
// batch, is taken to be 1. A size that stays unknown, or does not fit, is an error.
func (m *Model) Summary(input ...int) (*Summary, error) {
	g := m.scope.Graph()
	spec := graph.SpecOf(m.Input)
	shape := spec.Shape.Clone()
	if len(input) > 0 {
		shape = tensor.Shape(input).Clone()
	} else if len(shape) > 0 && shape[0] < 0 {
		shape[0] = 1
	}
	if !graph.Compatible(shape, spec.Shape) || !(graph.Spec{Dtype: spec.Dtype, Shape: shape}).Known() {
		return nil, errors.Errorf("zoo: the input of %s is %v; want sizes for it like Summary(1, 224, 224, 3), but %v came", m.Name, spec, input)
	}
	s := shapes{g, map[*gorgonia.Node]graph.Spec{m.Input: {Dtype: spec.Dtype, Shape: shape}}}
	trainable := map[*gorgonia.Node]bool{}
	for _, v := range g.Trainable() {
		trainable[v] = true
	}
	out := &Summary{Name: m.Name, Input: shape}
	for _, l := range m.layers() {
		row := LayerSummary{Name: l.Name}
		for _, n := range l.nodes {
			if err := s.infer(n); err != nil {
				return nil, errors.Wrapf(err, "zoo: %s of an input %v", m.Name, shape)
			}
			row.MultiplyAdds += s.multiplyAdds(n)
			switch {
			case g.Describe(n).Kind != graph.VariableNode:
			case trainable[n]:
				row.Parameters += elements(s.specs[n].Shape)
			default:
				row.Statistics += elements(s.specs[n].Shape)
			}
		}
		row.Output = s.specs[l.Node].Shape
		out.Layers = append(out.Layers, row)
	}
	return out, nil
}

// total adds up one number of all layers.
func (s *Summary) total(of func(l LayerSummary) int64) int64 {
	if s == nil {
		return 0
	}
	n := int64(0)
	for _, l := range s.Layers {
		n += of(l)
	}
	return n
}

// Parameters returns how many numbers an optimizer trains.
func (s *Summary) Parameters() int64 {
	return s.total(func(l LayerSummary) int64 { return l.Parameters })
}

// Statistics returns how many numbers the network keeps beside its parameters.
func (s *Summary) Statistics() int64 {
	return s.total(func(l LayerSummary) int64 { return l.Statistics })
}

// MultiplyAdds returns how many multiplications with an addition the whole input takes. It is
// what torchvision and many papers call FLOPs.
func (s *Summary) MultiplyAdds() int64 {
	return s.total(func(l LayerSummary) int64 { return l.MultiplyAdds })
}

// FLOPs returns the number of floating-point operations: two for each of MultiplyAdds.
func (s *Summary) FLOPs() int64 { return 2 * s.MultiplyAdds() }

// String writes the summary as a table.
func (s *Summary) String() string {
	if s == nil {
		return "no network\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s\n", s.Name, sizes(s.Input))
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range s.rows() {
		fmt.Fprintln(tw, strings.Join(row[:], "\t"))
	}
	tw.Flush()
	return b.String()
}

// rows are the cells of the table.
func (s *Summary) rows() [][4]string {
	rows := [][4]string{{"layer", "output", "parameters", "multiply-adds"}}
	for _, l := range s.Layers {
		rows = append(rows, [4]string{l.Name, sizes(l.Output), grouped(l.Parameters), grouped(l.MultiplyAdds)})
	}
	total := "total"
	if n := s.Statistics(); n > 0 {
		total += " (and " + grouped(n) + " statistics)"
	}
	return append(rows, [4]string{total, "", grouped(s.Parameters()), grouped(s.MultiplyAdds())})
}

// SimpleRender shows the summary in a notebook.
func (s *Summary) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": s.String()}
	if s == nil {
		return shown
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<table><caption>%s of %s</caption>", html.EscapeString(s.Name), sizes(s.Input))
	rows := s.rows()
	for i, row := range rows {
		cell := "td"
		if i == 0 || i == len(rows)-1 { // names and sums
			cell = "th"
		}
		b.WriteString("<tr>")
		for j, text := range row {
			align := "left"
			if j > 1 {
				align = "right"
			}
			fmt.Fprintf(&b, `<%s style="text-align:%s">%s</%s>`, cell, align, html.EscapeString(text), cell)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	shown["text/html"] = b.String()
	return shown
}

// SimpleRender shows the network in a notebook: its Summary for a batch of one, or what the endpoints are called where that is not known without
// the sizes of the input.
func (m *Model) SimpleRender() map[string]interface{} {
	if m == nil || m.scope == nil {
		return map[string]interface{}{"text/plain": "no network"}
	}
	if s, err := m.Summary(); err == nil {
		return s.SimpleRender()
	}
	names := make([]string, 0, 20)
	for _, e := range m.endpoints {
		if len(names) == cap(names) {
			names = append(names, "...")
			break
		}
		names = append(names, e.Name)
	}
	text := fmt.Sprintf("%s of %v, endpoints %s; Summary with the sizes of an input lists its layers", m.Name, graph.SpecOf(m.Input), strings.Join(names, ", "))
	return map[string]interface{}{"text/plain": text}
}

// sizes writes a shape as in "1 x 224 x 224 x 3".
func sizes(shape tensor.Shape) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint([]int(shape)), "[]"), " ", " x ")
}

// grouped writes a number as in "11,689,512".
func grouped(n int64) string {
	digits := fmt.Sprint(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
