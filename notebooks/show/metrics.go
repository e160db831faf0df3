package show

import (
	"fmt"
	"sort"
)

// Metrics shows named numbers, such as training.Evaluate returns, by name.
func Metrics(values map[string]float64) *View {
	if len(values) == 0 {
		return plain("no metrics")
	}
	var names []string
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	rows := [][]string{{"metric", "value"}}
	for i, name := range names {
		if i == 100 {
			rows = append(rows, []string{fmt.Sprintf("… %s more", grouped(len(names)-i))})
			break
		}
		rows = append(rows, []string{shortened(clean(name), 80), number(values[name])})
	}
	return &View{text: textTable(rows[1:], 1), html: table(rows, 1)}
}
