package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestShort runs as -short does. With 100 labels a class all methods get .8 or more, and on the whole more than with 10.
func TestShort(t *testing.T) {
	o := options{out: filepath.Join(t.TempDir(), "out"), epochs: 30, seeds: 1, seed: 42, short: true}
	if err := run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(o.out, "results.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if cells := strings.Split(strings.Trim(line, "| "), " | "); len(cells) >= 6 {
			rows[cells[0]] = cells
		}
	}
	more := 0.0
	for _, m := range methods {
		row := rows[m.name]
		if len(row) != 7 || row[5] < ".8" {
			t.Fatalf("%s: the row is %q; want an accuracy of .8 or more in the end", m.name, row)
		}
		few, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		many, err := strconv.ParseFloat(row[5], 64)
		if err != nil {
			t.Fatal(err)
		}
		more += (many - few) / float64(len(methods))
	}
	if more <= 0 {
		t.Errorf("100 labels a class give %v more than 10; want more", more)
	}
	if row := rows["42"]; len(row) != 6 || row[3] > ".03" {
		t.Errorf("chapter 15: the row is %q; want a squared error of .03 or less", row)
	}
	for _, name := range []string{"labels.svg", "chapter15.png"} {
		if info, err := os.Stat(filepath.Join(o.out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Images with labels are as many of each class, and the larger draws have the smaller ones.
func TestDraws(t *testing.T) {
	data, err := load(options{short: true})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, n := range []int{50, 10} {
		few, err := data.few(n, 7)
		if err != nil {
			t.Fatal(err)
		}
		counts, err := few.ClassCounts()
		if err != nil {
			t.Fatal(err)
		}
		for class, count := range counts {
			if count != n {
				t.Errorf("%d images of class %d; want %d", count, class, n)
			}
		}
		for x := few.X.Data().([]float32); len(x) > 0; x = x[data.pixels():] {
			var key strings.Builder
			for _, v := range x[:data.pixels()] {
				key.WriteByte(byte(v * 16))
			}
			if n == 50 {
				seen[key.String()] = true
			} else if !seen[key.String()] {
				t.Fatal("an image of the small draw is not in the large one")
			}
		}
	}
}

func TestWrongOptions(t *testing.T) {
	for want, spoil := range map[string]func(o *options){
		"-seeds 0":         func(o *options) { o.seeds = 0 },
		"-epochs -1":       func(o *options) { o.epochs = -1 },
		`-data "cifar"`:    func(o *options) { o.data = "cifar" },
		`-only "chapter9"`: func(o *options) { o.only = "chapter9" },
		"mkdir main.go":    func(o *options) { o.out, o.dir = "main.go/out", t.TempDir() }, // before the data are looked for
		"train-images-idx": func(o *options) { o.dir = t.TempDir() },
	} {
		o := options{epochs: 1, seeds: 1, short: true}
		spoil(&o)
		if err := run(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want an error that says %s", err, want)
		}
	}
}
