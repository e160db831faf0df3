package transfer

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// rename returns the names that each tensor's may become.
func (c *mapper) rename(tensors []weights.Tensor) ([][]string, error) {
	names := make([][]string, len(tensors))
	for i, t := range tensors {
		names[i] = []string{t.Name}
	}
	for r, re := range c.rules {
		with := func(name string) []string {
			all := make([]string, len(c.Rules[r].With))
			for k, text := range c.Rules[r].With {
				all[k] = re.ReplaceAllString(name, text)
			}
			return all
		}
		if c.Rules[r].Names != nil {
			numbered, err := c.numbered(r, names)
			if err != nil {
				return nil, err
			}
			with = func(name string) []string {
				return []string{re.ReplaceAllStringFunc(name, func(s string) string { return numbered[s] })}
			}
		}
		for i, all := range names {
			var next []string
			for _, n := range all {
				if re.MatchString(n) {
					next = append(next, with(n)...)
				} else {
					next = append(next, n)
				}
			}
			names[i] = next
		}
	}
	return names, nil
}

// numbered returns what becomes of each text that a rule of Names matches.
func (c *mapper) numbered(rule int, names [][]string) (map[string]string, error) {
	r := c.Rules[rule]
	to := map[string]string{}
	var texts []string
	for _, all := range names {
		for _, n := range all {
			for _, text := range c.rules[rule].FindAllString(n, -1) {
				if _, ok := to[text]; !ok {
					to[text] = ""
					texts = append(texts, text)
				}
			}
		}
	}
	if len(texts) > 0 && len(texts) != len(r.Names) {
		return nil, errors.Errorf("the file has %d layers that %q numbers, such as %q and %q; want %d of them", len(texts), r.Pattern, texts[0], texts[len(texts)-1],
			len(r.Names))
	}
	slices.SortFunc(texts, byNumber)
	for i, text := range texts {
		to[text] = r.Names[i]
	}
	return to, nil
}

// byNumber orders texts as strings, but numbers in them by their value.
func byNumber(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x != "" && y != "" {
			n, m := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if by := cmp.Or(cmp.Compare(len(n), len(m)), cmp.Compare(n, m), cmp.Compare(len(x), len(y))); by != 0 {
				return by
			}
			a, b = a[len(x):], b[len(y):]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits returns those that s begins with.
func digits(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}
