package cell

import "strings"

// WithoutCommands is a cell's code without the commands (%kernel, $ls) that may stand before it. Lines keep their numbers.
func WithoutCommands(code string) string {
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '%' && line[0] != '$' {
			break
		}
		lines[i] = ""
	}
	return strings.Join(lines, "\n")
}
