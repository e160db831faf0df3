package metrics

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ClassNumbers returns "0", "1", ... as the names of n classes.
func ClassNumbers(n int) []string {
	var names []string
	for i := 0; i < n; i++ {
		names = append(names, strconv.Itoa(i))
	}
	return names
}

// String writes the counts as a table, a line for each true class, with the recall of each class
// at its end and the precision below.
func (m *ConfusionMatrix) String() string {
	if m == nil || m.Classes() == 0 {
		return "a confusion matrix without classes"
	}
	table := [][]string{append(append([]string{`true \ predicted`}, m.names...), "recall")}
	recall := m.Recall()
	for i, name := range m.names {
		line := []string{name}
		for _, c := range m.row(i) {
			line = append(line, strconv.FormatInt(c, 10))
		}
		table = append(table, append(line, fmt.Sprintf("%.4f", recall[i])))
	}
	line := []string{"precision"}
	for _, p := range m.Precision() {
		line = append(line, fmt.Sprintf("%.4f", p))
	}
	table = append(table, append(line, fmt.Sprintf("%.4f", m.Accuracy())))

	widths := make([]int, len(line)+1)
	for _, line := range table {
		for k, cell := range line {
			widths[k] = max(widths[k], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, line := range table {
		for k, cell := range line {
			pad := strings.Repeat(" ", widths[k]-utf8.RuneCountInString(cell))
			if k == 0 {
				b.WriteString(cell + pad)
			} else {
				b.WriteString("  " + pad + cell)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// HTML writes the table with cells that are the darker the larger their part of the true class is.
func (m *ConfusionMatrix) HTML() string {
	if m == nil || m.Classes() == 0 {
		return "<p>a confusion matrix without classes</p>"
	}
	var b strings.Builder
	b.WriteString("<table><tr><th>true \\ predicted</th>")
	for _, name := range m.names {
		fmt.Fprintf(&b, "<th>%s</th>", html.EscapeString(name))
	}
	b.WriteString("<th>recall</th></tr>")
	recall := m.Recall()
	_, _, actual := m.margins()
	for i, name := range m.names {
		fmt.Fprintf(&b, "<tr><th>%s</th>", html.EscapeString(name))
		for _, c := range m.row(i) {
			part := float64(c) / float64(max(1, actual[i]))
			fmt.Fprintf(&b, `<td style="text-align:right;background:rgba(31,119,180,%.2f)">%d</td>`, 0.7*part, c)
		}
		fmt.Fprintf(&b, "<td>%.4f</td></tr>", recall[i])
	}
	b.WriteString("<tr><th>precision</th>")
	for _, p := range m.Precision() {
		fmt.Fprintf(&b, "<td>%.4f</td>", p)
	}
	fmt.Fprintf(&b, "<td><b>%.4f</b></td></tr></table>", m.Accuracy())
	return b.String()
}

// SimpleRender shows the table in a notebook; of more than 40 classes, which no page has room for, the most frequent confusions.
func (m *ConfusionMatrix) SimpleRender() map[string]interface{} {
	if m != nil && m.Classes() > maxShown {
		text, page := m.digest()
		return map[string]interface{}{"text/plain": text, "text/html": page}
	}
	return map[string]interface{}{"text/plain": m.String(), "text/html": m.HTML()}
}
