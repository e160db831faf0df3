package budgettest

import (
	"fmt"
	"regexp"
	"strings"
)

var many = regexp.MustCompile(`MANY\(([^()]*)\)`)

// Text makes a long text of a short one, which a table of tests can hold: MANY(member) stands for members with commas between them, each with its number
// for #######, and LONG for a word, of Small bytes each.
func Text(short string) string {
	if strings.Contains(short, "LONG") {
		short = strings.ReplaceAll(short, "LONG", strings.Repeat("x", Small))
	}
	return many.ReplaceAllStringFunc(short, func(m string) string {
		member := m[len("MANY(") : len(m)-1]
		var b strings.Builder
		for i := 0; b.Len() < Small; i++ {
			b.WriteString(strings.ReplaceAll(member, "#######", fmt.Sprintf("%07d", i)) + ",")
		}
		return strings.TrimSuffix(b.String(), ",")
	})
}
