package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestShort trains as -short does: on Fashion-MNIST, or on the embedded digits where it is not installed.
func TestShort(t *testing.T) {
	out := t.TempDir()
	accuracy, err := run(options{epochs: 10, batch: 50, rate: 0.05, dropout: 0.5, seed: 42, out: out, short: true})
	if err != nil {
		t.Fatal(err)
	}
	if accuracy < 0.7 {
		t.Errorf("test accuracy %v after two epochs; want .7", accuracy)
	}
	for _, name := range []string{"model.ckpt.index", "loss.svg", "loss.png"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestWrongOptions(t *testing.T) {
	good := options{epochs: 1, batch: 50, rate: 0.05, seed: 42, short: true}
	for name, spoil := range map[string]func(o *options){
		"no epochs":           func(o *options) { o.epochs = 0 },
		"negative batch":      func(o *options) { o.batch = -1 },
		"batch of too many":   func(o *options) { o.batch = 1 << 20 },
		"negative rate":       func(o *options) { o.rate = -1 },
		"dropout of all":      func(o *options) { o.dropout = 1 },
		"a folder without it": func(o *options) { o.dir = t.TempDir() },
	} {
		o := good
		spoil(&o)
		if _, err := run(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
