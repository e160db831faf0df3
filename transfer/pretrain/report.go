package pretrain

import (
	"fmt"
	"html"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/plexaura/plexaura/training"
)

// Report says what Stack.Pretrain did.
type Report struct {
	Layers []*LayerReport // those that were begun, from below
	Took   time.Duration
}

// LayerReport says what became of a layer.
type LayerReport struct {
	Name          string
	Input, Output string // dtype and shape of x and Output, such as float32[?, 784]
	Trained       int    // trainable numbers of the layer, what serves the reconstruction among them
	Epochs        int    // the last may be incomplete
	// Reconstruction is the mean reconstruction error over the last epoch; Validation is that of the validation data, with the weights that were
	// kept. nil without validation data.
	Reconstruction float64
	Validation     *float64
	// FreeEnergyGap is the last one; nil without validation data, and of layers that have no free energy.
	FreeEnergyGap *float64
	Stopped       string // why the training of the layer ended
	Resumed       string // the checkpoint that it went on from; "" where it began anew
	// Values is the time in which what the layer sees was computed, Training that of the rest, both of this Pretrain.
	Values, Training time.Duration
	History          *training.History
}

// String has a line a layer.
func (r *Report) String() string {
	if r == nil {
		return "no report\n"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range r.rows() {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	w.Flush()
	return b.String()
}

// SimpleRender shows the report in a notebook.
func (r *Report) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": r.String()}
	if r == nil {
		return shown
	}
	var b strings.Builder
	b.WriteString("<table>")
	cell := "th"
	for _, row := range r.rows() {
		b.WriteString("<tr>")
		for _, text := range row {
			fmt.Fprintf(&b, "<%s>%s</%[1]s>", cell, html.EscapeString(text))
		}
		b.WriteString("</tr>")
		cell = "td"
	}
	b.WriteString("</table>")
	shown["text/html"] = b.String()
	return shown
}

// rows has a row a layer below the head.
func (r *Report) rows() [][]string {
	rows := [][]string{{"layer", "input", "output", "parameters", "epochs", "error", "validation", "free energy gap", "seconds", "ended"}}
	for _, l := range r.Layers {
		rows = append(rows, []string{
			l.Name, l.Input, l.Output, fmt.Sprint(l.Trained), fmt.Sprint(l.Epochs), fmt.Sprintf("%.5g", l.Reconstruction), number(l.Validation),
			number(l.FreeEnergyGap), fmt.Sprintf("%.1f", (l.Values + l.Training).Seconds()), l.Stopped,
		})
	}
	return rows
}

// number is empty where there is none.
func number(v *float64) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%.5g", *v)
}
