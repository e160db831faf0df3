package main

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// The notebooks of the repository must be sound as they are committed. This needs no Jupyter; -execute runs them.
func TestNotebooks(t *testing.T) {
	for _, file := range notebooks(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problemsOf(t, file, raw) {
				t.Error(p)
			}
		})
	}
}

// Expectations that hold whatever comes are none: a range must end near the least and the greatest number that is committed, within 0.1 or half of the
// number, and a cell that prints or shows something must expect something of it.
func TestExpectationsAreTight(t *testing.T) {
	for _, file := range notebooks(t) {
		name := filepath.Base(file)
		for _, c := range readNotebook(t, file).Cells {
			e := c.Metadata.Expected
			if e == nil {
				if len(c.Outputs) > 0 {
					t.Errorf("%s, cell %q expects nothing of its outputs", name, c.ID)
				}
				continue
			}
			for what, row := range e.Ranges {
				for k, limits := range row {
					least, greatest := math.Inf(1), math.Inf(-1)
					for _, numbers := range row.numbers(what, c.printed(), c.shown()) {
						v, err := strconv.ParseFloat(numbers[k], 64)
						if err != nil {
							t.Fatal(err)
						}
						least, greatest = min(least, v), max(greatest, v)
					}
					if slack := max(0.101, math.Abs(least)/2); limits[0] < least-slack {
						t.Errorf("%s, cell %q: the range of %q begins at %v; the least number is %v", name, c.ID, what, limits[0], least)
					}
					if slack := max(0.101, math.Abs(greatest)/2); limits[1] > greatest+slack {
						t.Errorf("%s, cell %q: the range of %q ends at %v; the greatest number is %v", name, c.ID, what, limits[1], greatest)
					}
				}
			}
		}
	}
}

// What a page draws broken: a link ends at the first parenthesis of its address, and a table's last cell is lost where it is empty.
func TestDrawnWhole(t *testing.T) {
	parenthesis := regexp.MustCompile(`\]\(https?://[^)\s]*\([^)\s]*\)`)
	lost := regexp.MustCompile(`(?m)^\|.*\|\s*\|$(?:\n[^|]|\n?\z)`)
	for _, file := range notebooks(t) {
		for _, file := range []string{file, filepath.Join("..", "zh", filepath.Base(file))} {
			for _, c := range readNotebook(t, file).Cells {
				if c.Type != "markdown" {
					continue
				}
				for _, broken := range []*regexp.Regexp{parenthesis, lost} {
					if m := broken.FindString(string(c.Source)); m != "" {
						t.Errorf("%s, cell %q: %q", file, c.ID, m)
					}
				}
			}
		}
	}
}

// Notebooks link to each other by file name.
func TestLinks(t *testing.T) {
	files := notebooks(t)
	there := map[string]bool{}
	for _, file := range files {
		there[filepath.Base(file)] = true
	}
	links := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\((\d\d)(-[^)#]*)`).FindAllStringSubmatch(string(raw), -1) {
			links++
			if name := m[1] + m[2]; !there[name] {
				t.Errorf("%s links to %s, which is not there", filepath.Base(file), name)
			}
		}
	}
	if links == 0 {
		t.Error("no notebook links to another")
	}
}

// notebooks are the committed files, in order.
func notebooks(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "*.ipynb"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks in the folder above (%v)", err)
	}
	return files
}
