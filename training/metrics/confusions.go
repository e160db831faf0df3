package metrics

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
)

// Confusion is how often a class was taken for another.
type Confusion struct {
	Label, Predicted int // classes
	Count            int64
}

// Confusions returns the mistakes of the matrix, the most frequent first, and no more than limit of them; those that are as frequent go by their
// classes.
func (m *ConfusionMatrix) Confusions(limit int) []Confusion {
	if m == nil {
		return nil
	}
	var list []Confusion
	for i := range m.names {
		for k, n := range m.row(i) {
			if i != k && n > 0 {
				list = append(list, Confusion{i, k, n})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Confusion) int { return cmp.Compare(b.Count, a.Count) })
	return list[:max(0, min(limit, len(list)))]
}

// maxShown is how many classes a notebook shows a whole table of.
const maxShown = 40

// digest is what a notebook shows of a matrix of many classes: what was taken for what most often.
func (m *ConfusionMatrix) digest() (text, page string) {
	var examples int64
	for _, n := range m.counts {
		examples += n
	}
	title := fmt.Sprintf("confusion matrix of %d classes and %d examples, accuracy %.4f", m.Classes(), examples, m.Accuracy())
	lines := []string{title, "most frequent confusions:"}
	var b strings.Builder
	fmt.Fprintf(&b, "<p>%s</p><table><tr><th>true</th><th>predicted</th><th>count</th></tr>", title)
	for _, c := range m.Confusions(20) {
		lines = append(lines, fmt.Sprintf("  %s taken for %s: %d", m.names[c.Label], m.names[c.Predicted], c.Count))
		fmt.Fprintf(&b, `<tr><td>%s</td><td>%s</td><td style="text-align:right">%d</td></tr>`, html.EscapeString(m.names[c.Label]), html.EscapeString(m.names[c.Predicted]), c.Count)
	}
	b.WriteString("</table>")
	return strings.Join(lines, "\n"), b.String()
}
