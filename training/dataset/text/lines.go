package text

import (
	"fmt"
	"os"
	"strings"

	"github.com/pkg/errors"
)

// Lines makes a source of the lines of a file, a text each, without labels. Line ends are those of Unix or of Windows. An error names the
// line, from 1; an empty one is an error unless SkipEmpty is set.
func Lines(path string, cfg Config) (*Source, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.WithMessage(err, "text: Lines")
	}
	if len(content) == 0 {
		return nil, errors.Errorf("text: Lines %s: the file is empty", path)
	}
	lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	s, err := newSource(lines, nil, func(i int) string { return fmt.Sprintf("line %d", i+1) }, cfg)
	return s, errors.WithMessagef(err, "text: Lines %s", path)
}
