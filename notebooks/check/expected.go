package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
)

// expected is what a cell's metadata say, under "plexaura", of the cell's outputs.
type expected struct {
	Patterns []string              `json:"expect"` // regular expressions, each of which must match in the text shown, whatever the data set
	MIME     []string              `json:"mime"`   // types that must be among those of the outputs
	Ranges   map[string][2]float64 `json:"range"`  // limits of the numbers that follow a name, for the embedded digits
}

// UnmarshalJSON refuses keys that are not known, as a misspelt one would expect nothing.
func (e *expected) UnmarshalJSON(b []byte) error {
	type plain expected // without this method
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode((*plain)(e)); err != nil {
		return fmt.Errorf("a cell's metadata \"plexaura\": %w; wanted the keys expect, mime and range", err)
	}
	return nil
}

// number follows a name: accuracy: 0.97, accuracy = .97, | accuracy | 9.7e-1 |.
const number = `[\s:=|]+([-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|Inf)|NaN)`

// unmet says which expectations the cell's outputs do not meet. Ranges count where digits holds.
func (c cell) unmet(digits bool) (problems []string) {
	e := c.Metadata.Expected
	if e == nil {
		return nil
	}
	shown := c.shown()
	for _, p := range e.Patterns {
		switch re, err := regexp.Compile("(?m)" + p); {
		case err != nil:
			problems = append(problems, fmt.Sprintf("expect: %v", err))
		case !re.MatchString(shown):
			problems = append(problems, fmt.Sprintf("expect: nothing in its output matches %q; it is %s", p, quoted(shown)))
		}
	}
	var mimes []string
	for _, o := range c.Outputs {
		mimes = append(mimes, o.mimes()...)
	}
	for _, m := range e.MIME {
		if !slices.Contains(mimes, m) {
			problems = append(problems, fmt.Sprintf("mime: wanted an output of type %s, came %v", m, mimes))
		}
	}
	if digits {
		problems = append(problems, e.outside(c.printed(), shown)...)
	}
	return problems
}

// outside says which numbers are missing or lie outside their range. Where a name has numbers in what was printed, they
// count; otherwise those in all that is shown, such as the text of a table.
func (e *expected) outside(printed, shown string) (problems []string) {
	var names []string
	for name := range e.Ranges {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		lo, hi := e.Ranges[name][0], e.Ranges[name][1]
		re := regexp.MustCompile(regexp.QuoteMeta(name) + number)
		found := re.FindAllStringSubmatch(printed, -1)
		if len(found) == 0 {
			found = re.FindAllStringSubmatch(shown, -1)
		}
		if len(found) == 0 {
			problems = append(problems, fmt.Sprintf("range: no number follows %q in %s", name, quoted(shown)))
		}
		for _, f := range found {
			if v, err := strconv.ParseFloat(f[1], 64); err != nil || !(v >= lo && v <= hi) {
				problems = append(problems, fmt.Sprintf("range: %s is %s, wanted %v to %v", name, f[1], lo, hi))
			}
		}
	}
	return problems
}

// quoted shortens what a message quotes.
func quoted(s string) string {
	const limit = 300
	if len(s) > limit {
		return strconv.Quote(s[:limit]) + "..."
	}
	return strconv.Quote(s)
}
