package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/safetensors"
	"github.com/plexaura/plexaura/transfer/weights"
)

func TestInspect(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model")
	err := safetensors.Write(path, []weights.Named{
		{Name: "dense/kernel", Value: tensor.New(tensor.WithShape(2, 3), tensor.WithBacking(make([]float32, 6)))},
		{Name: "a\x1b[2J", Value: tensor.New(tensor.WithShape(1), tensor.WithBacking([]int64{7}))},
	}, map[string]string{"made by": "hand"})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := inspect(&b, path, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"dense/kernel", "float32", "[2 3]", `"a\x1b[2J"`, "made by: hand", "safetensors, 2 tensors of 7 elements in 32 bytes"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s lacks %s", b.String(), want)
		}
	}
	b.Reset()
	if err := inspect(&b, path, true); err != nil {
		t.Fatal(err)
	}
	var c contents
	if err := json.Unmarshal(b.Bytes(), &c); err != nil || len(c.Tensors) != 2 || c.Elements != 7 || c.Bytes != 32 || c.Metadata["made by"] != "hand" {
		t.Errorf("got %+v, %v of %s", c, err, b.String())
	}
	if err := inspect(&b, filepath.Join(t.TempDir(), "missing"), false); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("got %v", err)
	}
}
