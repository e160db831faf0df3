package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// expected is what a cell's metadata say, under "plexaura", of the cell's outputs.
type expected struct {
	Patterns []string          `json:"expect"` // regular expressions, each of which must match in the text shown, whatever the data set
	MIME     []string          `json:"mime"`   // types that must be among those of the outputs
	Ranges   map[string]ranges `json:"range"`  // of the numbers that follow a name, for the embedded digits
}

// ranges are the least and the greatest value of one number, [0.9, 1], or of several that stand in a row, [[0.9, 1], [0, 0.1]].
type ranges [][2]float64

func (r *ranges) UnmarshalJSON(b []byte) error {
	var row [][]float64
	if json.Unmarshal(b, &row) != nil {
		row = make([][]float64, 1)
		if err := json.Unmarshal(b, &row[0]); err != nil {
			return fmt.Errorf("a range is %s; wanted [least, greatest], or a list of such", b)
		}
	}
	for _, limits := range row {
		if len(limits) != 2 || !(limits[0] <= limits[1]) {
			return fmt.Errorf("a range is %s; wanted [least, greatest], or a list of such", b)
		}
		*r = append(*r, [2]float64(limits))
	}
	if len(row) == 0 {
		return errors.New("a range is [], which holds whatever comes; wanted [least, greatest], or a list of such")
	}
	return nil
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

// outside says which numbers are missing or lie outside their range.
func (e *expected) outside(printed, shown string) (problems []string) {
	for _, name := range slices.Sorted(maps.Keys(e.Ranges)) {
		row := e.Ranges[name]
		found := row.numbers(name, printed, shown)
		if len(found) == 0 {
			problems = append(problems, fmt.Sprintf("range: no %s %q in %s", follows(len(row)), name, quoted(shown)))
		}
		for _, numbers := range found {
			for k, limits := range row {
				if v, err := strconv.ParseFloat(numbers[k], 64); err != nil || !(v >= limits[0] && v <= limits[1]) {
					problems = append(problems, fmt.Sprintf("range: %s is %s, wanted %v to %v", name, strings.Join(numbers, ", "), limits[0], limits[1]))
				}
			}
		}
	}
	return problems
}

// numbers are the rows of numbers that follow a name. Where it has such in what was printed, they count; otherwise those in all that is shown, as
// the text of a table is.
func (r ranges) numbers(name, printed, shown string) (found [][]string) {
	re := regexp.MustCompile(regexp.QuoteMeta(name) + strings.Repeat(number, len(r)))
	matches := re.FindAllStringSubmatch(printed, -1)
	if len(matches) == 0 {
		matches = re.FindAllStringSubmatch(shown, -1)
	}
	for _, m := range matches {
		found = append(found, m[1:])
	}
	return found
}

// follows says what a name lacks.
func follows(numbers int) string {
	if numbers == 1 {
		return "number follows"
	}
	return fmt.Sprintf("row of %d numbers follows", numbers)
}

// quoted shortens what a message quotes.
func quoted(s string) string {
	const limit = 300
	if len(s) > limit {
		return strconv.Quote(strings.ToValidUTF8(s[:limit], "")) + "..."
	}
	return strconv.Quote(s)
}
