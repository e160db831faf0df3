package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A checkpoint of exercise 8 that -from names must lead to what -from plain leads to.
func TestShort(t *testing.T) {
	o := options{from: "plain", out: filepath.Join(t.TempDir(), "out"), perClass: 50, epochs: 1000, seeds: 1, seed: 42, short: true}
	made := accuracies(t, o)
	for _, d := range append(lower, upper...) {
		if made[d.name] == "" {
			t.Errorf("results.md has no row %s", d.name)
		}
	}
	if made["plain"] < ".8" || made["scratch"] < ".8" {
		t.Errorf("test accuracies %v after three epochs; want .8 of plain and scratch", made)
	}
	o.from, o.out = filepath.Join(o.out, "plain_42.ckpt"), t.TempDir()
	given := accuracies(t, o)
	for _, d := range upper {
		if given[d.name] != made[d.name] {
			t.Errorf("%s has test accuracy %s from a checkpoint, %s from the network that it was saved of", d.name, given[d.name], made[d.name])
		}
	}
}

// accuracies runs the program and returns the column of accuracies in its tables by the names of rows.
func accuracies(t *testing.T, o options) map[string]string {
	t.Helper()
	if err := run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(o.out, "results.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "bit for bit") {
		t.Error("results.md does not say that caching changes no bit")
	}
	rows := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if cells := strings.Split(line, " | "); len(cells) == 7 {
			rows[strings.TrimPrefix(cells[0], "| ")] = cells[2]
		}
	}
	return rows
}

func TestWrongOptions(t *testing.T) {
	for want, spoil := range map[string]func(o *options){
		"-seeds 0":         func(o *options) { o.seeds = 0 },
		"-n -1":            func(o *options) { o.perClass = -1 },
		"-epochs 0":        func(o *options) { o.epochs = 0 },
		`-data "cifar"`:    func(o *options) { o.data = "cifar" },
		"no_such":          func(o *options) { o.from = "no_such" },
		"mkdir main.go":    func(o *options) { o.out, o.dir = "main.go/out", t.TempDir() }, // before the data are looked for
		"train-images-idx": func(o *options) { o.dir = t.TempDir() },
	} {
		o := options{from: "plain", perClass: 50, epochs: 1, seeds: 1, short: true}
		spoil(&o)
		if err := run(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want an error that says %s", err, want)
		}
	}
}
