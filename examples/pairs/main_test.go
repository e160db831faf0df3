package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A few epochs on the embedded digits must learn something of every task.
func TestShort(t *testing.T) {
	o := options{out: filepath.Join(t.TempDir(), "out"), pairEpochs: 100, pairBatch: 500, epochs: 100, batch: 50, seeds: 1, seed: 42, short: true}
	if err := run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(o.out, "results.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if cells := strings.Split(line, " | "); len(cells) == 6 {
			rows[strings.TrimPrefix(cells[0], "| ")] = cells[2]
		}
	}
	for _, r := range append(pairRows, classRows...) {
		if least := ".7"; rows[r.name] < least {
			t.Errorf("%s: accuracy %q; want %s or more", r.name, rows[r.name], least)
		}
	}
}

func TestWrongOptions(t *testing.T) {
	for want, spoil := range map[string]func(o *options){
		"-seeds 0":         func(o *options) { o.seeds = 0 },
		"-pair-epochs 0":   func(o *options) { o.pairEpochs = 0 },
		"-batch -1":        func(o *options) { o.batch = -1 },
		`-data "cifar"`:    func(o *options) { o.data = "cifar" },
		"mkdir main.go":    func(o *options) { o.out, o.dir = "main.go/out", t.TempDir() }, // before the data are looked for
		"train-images-idx": func(o *options) { o.dir = t.TempDir() },
	} {
		o := options{pairEpochs: 1, pairBatch: 50, epochs: 1, batch: 50, seeds: 1, short: true}
		spoil(&o)
		if err := run(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want an error that says %s", err, want)
		}
	}
}
