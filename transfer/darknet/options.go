package darknet

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// options reads the options of one section and notes what is wrong with them.
type options struct {
	Section
	problems *problems
}

// problems are what keeps a .cfg from becoming a graph.
type problems struct {
	invalid     []string // each with its line
	unsupported []string // in the order in which they first occur
	lines       map[string][]int
	more        int // that were found when there were many already
}

const (
	maxProblems = 100 // that are listed
	maxShown    = 80  // characters of what is not supported
)

// wrong notes what makes no sense, with its line.
func (p *problems) wrong(what string) {
	if len(p.invalid) == maxProblems {
		p.more++
		return
	}
	p.invalid = append(p.invalid, what)
}

// lacks notes something that is right in Darknet but not known here.
func (p *problems) lacks(what string, line int) {
	if len(what) > maxShown {
		what = what[:maxShown] + "..."
	}
	if p.lines[what] == nil && len(p.unsupported) == maxProblems {
		p.more++
		return
	}
	if p.lines == nil {
		p.lines = map[string][]int{}
	}
	if p.lines[what] == nil {
		p.unsupported = append(p.unsupported, what)
	}
	p.lines[what] = append(p.lines[what], line)
}

// err is all of them.
func (p *problems) err() error {
	more := ""
	if p.more > 0 {
		more = "; and " + strconv.Itoa(p.more) + " more"
	}
	if len(p.invalid) > 0 {
		return errors.New(strings.Join(p.invalid, "; ") + more)
	}
	if len(p.unsupported) == 0 {
		return nil
	}
	all := make([]string, len(p.unsupported))
	for i, what := range p.unsupported {
		lines := p.lines[what]
		words := make([]string, 0, maxListed)
		for _, l := range lines[:min(len(lines), maxListed)] {
			words = append(words, strconv.Itoa(l))
		}
		if len(lines) > maxListed {
			words = append(words, "...")
		}
		all[i] = strconv.Itoa(len(lines)) + " x " + what + " (line " + strings.Join(words, ", ") + ")"
	}
	return errors.Errorf("not supported: %s%s", strings.Join(all, "; "), more)
}

const maxListed = 8 // lines of one problem

// find returns an option, the first of its key as in Darknet.
func (o options) find(key string) (Option, bool) {
	for _, p := range o.Options {
		if p.Key == key {
			return p, true
		}
	}
	return Option{}, false
}

func (o options) invalid(p Option, want string) {
	o.problems.wrong(fmt.Sprintf("line %d: %s of [%.60s] is %.60q; want %s", p.Line, p.Key, o.Name, p.Value, want))
}

// most bounds sizes, counts and strides, so that no product of two overflows.
const most = 1 << 24

// count is an integer from lo up.
func (o options) count(key string, otherwise, lo int) int {
	p, ok := o.find(key)
	if !ok {
		return otherwise
	}
	v, err := strconv.Atoi(p.Value)
	if err != nil || v < lo || v > most {
		o.invalid(p, "an integer from "+strconv.Itoa(lo)+" to "+strconv.Itoa(most))
		return otherwise
	}
	return v
}

// flag is an integer that counts as true unless it is 0.
func (o options) flag(key string) bool { return o.count(key, 0, -most) != 0 }

// number is a finite number.
func (o options) number(key string, otherwise float64) float64 {
	p, ok := o.find(key)
	if !ok {
		return otherwise
	}
	v, err := strconv.ParseFloat(p.Value, 64)
	if err != nil || math.IsInf(v, 0) || v != v {
		o.invalid(p, "a number")
		return otherwise
	}
	return v
}

// word is a string.
func (o options) word(key, otherwise string) string {
	if p, ok := o.find(key); ok {
		return p.Value
	}
	return otherwise
}

// maxNumbers is more than any list has: layers of [route], or anchors.
const maxNumbers = 10000

// numbers is a list with commas between; a comma at the end is let pass.
func (o options) numbers(key string) []float64 {
	p, ok := o.find(key)
	if !ok {
		return nil
	}
	if strings.Count(p.Value, ",") > maxNumbers {
		o.invalid(p, "at most "+strconv.Itoa(maxNumbers)+" numbers")
		return nil
	}
	fields := strings.Split(strings.TrimSuffix(p.Value, ","), ",")
	out := make([]float64, len(fields))
	for i, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || math.IsInf(v, 0) || v != v {
			o.invalid(p, "numbers with commas between them")
			return nil
		}
		out[i] = v
	}
	return out
}

// integers is a list of integers with commas between.
func (o options) integers(key string) []int {
	var out []int
	for _, v := range o.numbers(key) {
		if v != math.Trunc(v) || math.Abs(v) > most {
			p, _ := o.find(key)
			o.invalid(p, "integers with commas between them")
			return nil
		}
		out = append(out, int(v))
	}
	return out
}

// refuse notes options that change what a layer computes and are not known here, where they are set.
func (o options) refuse(keys ...string) {
	for _, key := range keys {
		if p, ok := o.find(key); ok && p.Value != "0" {
			o.problems.lacks(key+"="+p.Value+" of ["+o.Name+"]", p.Line)
		}
	}
}

// where puts the line of the section before a problem of all of it.
func (o options) where(problem string) string {
	return "line " + strconv.Itoa(o.Line) + ": " + problem
}
