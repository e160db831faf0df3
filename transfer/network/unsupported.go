package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// Unsupported returns an error that lists operators or layers which are not supported, with their
// counts; nil where there are none.
func Unsupported(format string, counts map[string]int) error {
	if len(counts) == 0 {
		return nil
	}
	var list []string
	for op, n := range counts {
		list = append(list, fmt.Sprintf("%s (%d)", op, n))
	}
	slices.Sort(list)
	return errors.Errorf("%s: operators that are not supported: %s", format, strings.Join(list, ", "))
}
