package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkStart is the time from the start of the process until the kernel answers. The goal is less than a second.
func BenchmarkStart(b *testing.B) {
	var sum time.Duration
	for range b.N {
		c := start(b, b.TempDir())
		sum += c.ready
		c.process.Process.Kill()
	}
	b.ReportMetric(float64(sum.Microseconds())/1000/float64(b.N), "ms/start")
}

// BenchmarkImports is the time of a cell with all imports of a notebook, in a fresh kernel. The goal is less than 50 ms.
func BenchmarkImports(b *testing.B) {
	notebooks, err := filepath.Glob(filepath.Join("..", "..", "*.ipynb"))
	if err != nil || len(notebooks) == 0 {
		b.Fatalf("no notebooks: %v", err)
	}
	for _, notebook := range notebooks {
		b.Run(filepath.Base(notebook), func(b *testing.B) {
			code := importsOf(b, notebook)
			var sum time.Duration
			for range b.N {
				c := start(b, b.TempDir())
				begun := time.Now()
				if o := c.run(code); o.Status != "ok" {
					b.Fatal(o.Error)
				}
				sum += time.Since(begun)
				c.process.Process.Kill()
			}
			b.ReportMetric(float64(sum.Microseconds())/1000/float64(b.N), "ms/imports")
			b.ReportMetric(0, "ns/op") // of the start, mostly
		})
	}
}

// imported matches the path of an import in a line of its own, and the name that may stand before it.
var imported = regexp.MustCompile(`(?m)^(?:import )?\s*(\w+ )?"([\w./-]+)"$`)

// importsOf is a cell that imports what a notebook imports.
func importsOf(b *testing.B, path string) string {
	b.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	var notebook struct {
		Cells []struct {
			Kind   string   `json:"cell_type"`
			Source []string `json:"source"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(text, &notebook); err != nil {
		b.Fatalf("%s: %v", path, err)
	}
	var specs []string
	for _, cell := range notebook.Cells {
		if cell.Kind == "code" {
			for _, m := range imported.FindAllStringSubmatch(strings.Join(cell.Source, ""), -1) {
				specs = append(specs, m[1]+fmt.Sprintf("%q", m[2]))
			}
		}
	}
	slices.Sort(specs)
	if specs = slices.Compact(specs); len(specs) < 2 {
		b.Fatalf("%s imports %q", path, specs)
	}
	return "import (\n" + strings.Join(specs, "\n") + "\n)"
}

// BenchmarkCell is the time of an empty cell, there and back.
func BenchmarkCell(b *testing.B) {
	c := start(b, b.TempDir())
	for b.Loop() {
		if o := c.run("1"); o.Status != "ok" {
			b.Fatal(o.Error)
		}
	}
}

// BenchmarkElements is the time of one element in a loop over a slice, in a cell and compiled.
func BenchmarkElements(b *testing.B) {
	const n = 1_000_000
	b.Run("cell", func(b *testing.B) {
		c := start(b, b.TempDir())
		c.run(fmt.Sprintf("x := make([]float32, %d)", n))
		for b.Loop() {
			if o := c.run("for i, v := range x {\n\tx[i] = v*0.5 + 1\n}"); o.Status != "ok" {
				b.Fatal(o.Error)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/element")
	})
	b.Run("compiled", func(b *testing.B) {
		x := make([]float32, n)
		for b.Loop() {
			for i, v := range x {
				x[i] = v*0.5 + 1
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/element")
	})
}
