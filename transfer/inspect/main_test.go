package main

import (
	"bytes"
	"encoding/json"
	"os"
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
	if err := inspect(&b, path, false, false); err != nil {
		t.Fatal(err)
	}
	want := `dense/kernel  float32  [2 3]
"a\x1b[2J"    int64    [1]
made by: hand
safetensors, 2 tensors of 7 elements in 32 bytes
`
	if b.String() != want {
		t.Errorf("got\n%s; want\n%s", b.String(), want)
	}
	b.Reset()
	if err := inspect(&b, path, true, false); err != nil {
		t.Fatal(err)
	}
	var c contents
	if err := json.Unmarshal(b.Bytes(), &c); err != nil || len(c.Tensors) != 2 || c.Elements != 7 || c.Bytes != 32 || c.Metadata["made by"] != "hand" {
		t.Errorf("got %+v, %v of %s", c, err, b.String())
	}
	if err := inspect(&b, filepath.Join(t.TempDir(), "missing"), false, false); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("got %v", err)
	}
}

// A model of a node y = Relu(x), with x [batch 3].
const relu = "\x08\x08\x42\x02\x10\x0d\x3a\x2d" + "\x0a\x0c\x0a\x01x\x12\x01y\x22\x04Relu" + "\x5a\x18\x0a\x01x\x12\x13\x0a\x11\x08\x01\x12\x0d" +
	"\x0a\x07\x12\x05batch" + "\x0a\x02\x08\x03" + "\x62\x03\x0a\x01y"

func TestInspectGraph(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model")
	if err := os.WriteFile(path, []byte(relu), 0o644); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := inspect(&b, path, false, false); err != nil {
		t.Fatal(err)
	}
	want := "a graph of 1 nodes\n     1 Relu\ninput x float32[? 3]\noutput y\ngraph: \"\"\nir_version: 8\nopset: 13\nproducer: \"\"\nONNX, 0 tensors of 0 elements in 0 bytes\n"
	if b.String() != want {
		t.Errorf("got\n%s; want\n%s", b.String(), want)
	}
	b.Reset()
	if err := inspect(&b, path, false, true); err != nil {
		t.Fatal(err)
	}
	if want = `"" Relu(x) -> y` + "\n" + want; b.String() != want {
		t.Errorf("with nodes: got\n%s; want\n%s", b.String(), want)
	}
	b.Reset()
	if err := inspect(&b, path, true, true); err != nil {
		t.Fatal(err)
	}
	var c contents
	if err := json.Unmarshal(b.Bytes(), &c); err != nil || len(c.Graph.List) != 1 || c.Graph.List[0].Op != "Relu" || c.Graph.List[0].Outputs[0].Name != "y" {
		t.Errorf("with nodes: got %+v, %v of %s", c, err, b.String())
	}
	b.Reset()
	if err := inspect(&b, path, true, false); err != nil {
		t.Fatal(err)
	}
	want = `{
  "format": "ONNX",
  "metadata": {
    "graph": "",
    "ir_version": "8",
    "opset": "13",
    "producer": ""
  },
  "tensors": [],
  "elements": 0,
  "bytes": 0,
  "graph": {
    "nodes": 1,
    "ops": {
      "Relu": 1
    },
    "inputs": [
      {
        "name": "x",
        "dtype": "float32",
        "shape": [
          -1,
          3
        ]
      }
    ],
    "outputs": [
      {
        "name": "y",
        "shape": null
      }
    ]
  }
}
`
	if b.String() != want {
		t.Errorf("got\n%s; want\n%s", b.String(), want)
	}
}
