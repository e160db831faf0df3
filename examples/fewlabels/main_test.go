package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// defaults are what the flags have where they are not set, but for -short.
func defaults(t *testing.T) options {
	t.Helper()
	folder := mirrors("")
	if folder == nil {
		t.Skip("go list does not find Gorgonia's module, which has the weights")
	}
	if _, err := os.Stat(filepath.Join(folder[0], "yolov2-tiny.weights")); err != nil {
		t.Skipf("Gorgonia's module is not downloaded (go mod download gorgonia.org/gorgonia): %v", err)
	}
	return options{draws: 10, seed: 42, l2: 0.03, out: t.TempDir(), short: true}
}

// TestShort runs as -short does: on Fashion-MNIST, or on the embedded digits where it is not installed. With either, 20 labels of each
// class give more than 5, and no less than .6.
func TestShort(t *testing.T) {
	o := defaults(t)
	if err := run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(o.out, "results.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`\| (.*) \| \d+ \| (\.\d+) ± \.\d+ \| (\.\d+) ± `).FindAllStringSubmatch(string(text), -1)
	if len(rows) != 2 || rows[0][1] != "pixels" || rows[1][1] != "layers 0 to 7" {
		t.Fatalf("results.md has the rows %q; want pixels and layers 0 to 7", rows)
	}
	for _, r := range rows {
		if few, more := r[2], r[3]; more <= few || more < ".6" {
			t.Errorf("%s: accuracy %s with 5 labels a class and %s with 20; want .6 or more, and that more labels help", r[1], few, more)
		}
	}
}

// Every draw has as many images of each class as of any other, at its beginning too, and no image is drawn twice.
func TestDraws(t *testing.T) {
	data, err := load(options{draws: 2, seed: 1, short: true})
	if err != nil {
		t.Fatal(err)
	}
	if data.pool.Len() != 2*most*classes {
		t.Fatalf("%d images in the pool; want %d", data.pool.Len(), 2*most*classes)
	}
	for i, label := range data.pool.Labels() {
		if label != int64(i%classes) {
			t.Fatalf("image %d of the pool is of class %d; want %d", i, label, i%classes)
		}
	}
	seen, size := map[string]bool{}, data.pixels*data.pixels
	x := data.pool.X.Data().([]float32)
	for ; len(x) > 0; x = x[size:] {
		var key strings.Builder
		for _, v := range x[:size] {
			key.WriteByte(byte(v * 255))
		}
		seen[key.String()] = true
	}
	if len(seen) != data.pool.Len() {
		t.Errorf("%d different images in a pool of %d", len(seen), data.pool.Len())
	}
}

func TestWrongOptions(t *testing.T) {
	for want, spoil := range map[string]func(o *options){
		"-draws 0": func(o *options) { o.draws = 0 }, "-l2 -1": func(o *options) { o.l2 = -1 }, "train-images-idx": func(o *options) { o.dir = t.TempDir() },
		"mkdir main.go": func(o *options) { o.out, o.dir = "main.go/out", t.TempDir() }, // before the data are looked for
	} {
		o := options{draws: 1, short: true}
		spoil(&o)
		if err := run(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want an error that says %s", err, want)
		}
	}
	t.Setenv("PLEXAURA_OFFLINE", "1")
	t.Setenv("PLEXAURA_CACHE", t.TempDir())
	o := options{draws: 1, weights: t.TempDir(), short: true}
	if err := run(context.Background(), o); err == nil || !strings.Contains(err.Error(), "yolov2-tiny.weights") {
		t.Errorf("without weights: %v; want an error that names the file", err)
	}
}
