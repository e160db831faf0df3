package main

import (
	"testing"
	"time"
)

// BenchmarkStart is the time from the start of the process until the kernel answers.
func BenchmarkStart(b *testing.B) {
	var sum time.Duration
	for range b.N {
		c := start(b, b.TempDir())
		sum += c.ready
		c.process.Process.Kill()
	}
	b.ReportMetric(float64(sum.Milliseconds())/float64(b.N), "ms/start")
}

// BenchmarkImport is the time of a cell that imports the packages of a training, in a fresh kernel.
func BenchmarkImport(b *testing.B) {
	var sum time.Duration
	for range b.N {
		c := start(b, b.TempDir())
		begun := time.Now()
		if o := c.run("import (\n\"gorgonia.org/gorgonia\"\n\"gorgonia.org/tensor\"\n\"github.com/plexaura/plexaura/graph\"\n\"github.com/plexaura/plexaura/ops\"\n" +
			"\"github.com/plexaura/plexaura/training\"\n\"github.com/plexaura/plexaura/zoo\"\n\"gonum.org/v1/plot\"\n)"); o.Status != "ok" {
			b.Fatal(o.Error)
		}
		sum += time.Since(begun)
		c.process.Process.Kill()
	}
	b.ReportMetric(float64(sum.Microseconds())/1000/float64(b.N), "ms/import")
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
