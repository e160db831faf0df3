package network

import (
	"regexp"
	"strings"
)

var (
	notInNames = regexp.MustCompile(`[^A-Za-z0-9_.\-/]`)
	notAtFirst = regexp.MustCompile(`^[^A-Za-z0-9.]`)
)

// ValidName makes of a name in a file one that scopes take: other characters than theirs become "_".
func ValidName(name string) string {
	name = strings.Trim(notInNames.ReplaceAllString(name, "_"), "/")
	if name == "" || notAtFirst.MatchString(name) {
		name = "n" + name
	}
	return name
}
