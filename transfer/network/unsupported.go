package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// Unsupported returns an error that lists what of a file is not supported, with its counts; nil where there is nothing. what says what
// they are in the format's words, such as "operators" or "layers".
func Unsupported(format, what string, counts map[string]int) error {
	if len(counts) == 0 {
		return nil
	}
	var list []string
	for op, n := range counts {
		list = append(list, fmt.Sprintf("%s (%d)", op, n))
	}
	slices.Sort(list)
	return errors.Errorf("%s: %s that are not supported: %s", format, what, strings.Join(list, ", "))
}
