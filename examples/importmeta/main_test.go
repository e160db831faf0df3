package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The network of TestShort's first half is the one that -meta takes: both ways must end the same.
func TestShort(t *testing.T) {
	o := options{input: "X", hidden: "dnn/hidden2/elu", logits: "dnn/outputs/BiasAdd", seed: 42, out: t.TempDir(), short: true}
	made, err := run(o)
	if err != nil {
		t.Fatal(err)
	}
	if made < 0.85 {
		t.Errorf("accuracy %v of the new outputs; want .85", made)
	}
	for _, name := range []string{"my_model_0_to_4.ckpt.index", "my_model_0_to_4.ckpt.meta", "my_model_5_to_9.ckpt.meta"} {
		if _, err := os.Stat(filepath.Join(o.out, name)); err != nil {
			t.Error(err)
		}
	}
	o.meta, o.out = filepath.Join(o.out, "my_model_0_to_4.ckpt.meta"), t.TempDir()
	given, err := run(o)
	if err != nil {
		t.Fatal(err)
	}
	if given != made {
		t.Errorf("accuracy %v of the graph in a file, %v of the same after training it; want equal ones", given, made)
	}

	for name, spoil := range map[string]func(o *options){
		"no_such_layer": func(o *options) { o.hidden = "dnn/no_such_layer" },
		"no_such_input": func(o *options) { o.input = "no_such_input" },
		"no_such.meta":  func(o *options) { o.meta = "no_such.meta" },
		"-epochs 0":     func(o *options) { o.short, o.epochs = false, 0 },
	} {
		wrong := o
		spoil(&wrong)
		if _, err := run(wrong); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v; want one that names it", name, err)
		}
	}
}
