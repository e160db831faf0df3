package onnx

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
)

// exported is a case that has been built and exported.
type exported struct {
	model   *Model
	inputs  []*tensor.Dense
	outputs []*tensor.Dense // what our Session computes
}

func exportCaseOf(t *testing.T, c exportCase, dt tensor.Dtype, cfg ExportConfig) exported {
	t.Helper()
	g := graph.New(graph.Config{Seed: 3, Dtype: dt})
	s := g.Scope()
	feeds := graph.Feeds{}
	var x nodes
	var e exported
	for i, f := range c.inputs {
		v := f.value(i, dt)
		shape := slices.Clone(f.shape)
		if !f.known {
			shape[0] = graph.Unknown
		}
		n := graph.Placeholder(s, fmt.Sprintf("x%d", i), v.Dtype(), shape...)
		x, feeds[n] = append(x, n), v
		e.inputs = append(e.inputs, v)
	}
	outputs := c.build(s, x)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	for i, v := range g.Variables() { // norms and biases differ from their initial values
		sp := graph.SpecOf(v)
		if sp.IsFloat() {
			if err := sess.SetValue(v, fed{shape: sp.Shape, lo: 0.2, hi: 1.2}.value(i+50, sp.Dtype)); err != nil {
				t.Fatal(err)
			}
		}
	}
	cfg.Inputs = x
	if e.model, err = Export(sess, outputs, cfg); err != nil {
		t.Fatal(err)
	}
	if n, ok := g.Lookup("training"); ok {
		feeds[n] = false
	}
	got, err := sess.Run(feeds, outputs...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		e.outputs = append(e.outputs, got.Tensor(i))
	}
	return e
}

// wantSame compares an output, of floats within tolerance of the greatest, or of 1.
func wantSame(t *testing.T, what string, got, want *tensor.Dense, tolerance float64) {
	t.Helper()
	if !slices.Equal([]int(got.Shape()), []int(want.Shape())) {
		t.Errorf("%s: shape %v; want %v", what, got.Shape(), want.Shape())
		return
	}
	a, b := numbersOf(got), numbersOf(want)
	scale := 1.0
	for _, v := range b {
		if !math.IsInf(v, 0) {
			scale = max(scale, math.Abs(v))
		}
	}
	for i := range b {
		if same := a[i] == b[i] || math.IsNaN(a[i]) && math.IsNaN(b[i]); !same && !(math.Abs(a[i]-b[i]) <= tolerance*scale) {
			t.Errorf("%s: element %d is %v; want %v", what, i, a[i], b[i])
			return
		}
	}
}

// TestExportedOps: ONNX Runtime computes of every op that is exported what our Session does.
func TestExportedOps(t *testing.T) {
	runtime := golden.StartONNXRuntime(t)
	for _, c := range exportCases() {
		t.Run(c.name, func(t *testing.T) {
			e := exportCaseOf(t, c, tensor.Float32, ExportConfig{})
			path := filepath.Join(t.TempDir(), "model.onnx")
			if err := e.model.Save(path); err != nil {
				t.Fatal(err)
			}
			inputs := map[string]*tensor.Dense{}
			for i, in := range e.model.Graph.Inputs {
				inputs[in.Name] = e.inputs[i]
			}
			out, err := runtime.Run(path, inputs)
			if err != nil {
				t.Fatal(err)
			}
			for i, o := range e.model.Graph.Outputs {
				wantSame(t, o.Name, out[o.Name], e.outputs[i], 1e-5)
			}
		})
	}
}

// TestExportedOpsAgain: what is written is read as what it was, and computes the same, as far as Import has its operators.
func TestExportedOpsAgain(t *testing.T) {
	ran, imported := 0, 0
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, c := range exportCases() {
			t.Run(c.name+"/"+dt.String(), func(t *testing.T) {
				ran++
				e := exportCaseOf(t, c, dt, ExportConfig{})
				var b bytes.Buffer
				if _, err := e.model.WriteTo(&b); err != nil {
					t.Fatal(err)
				}
				m, err := Parse(b.Bytes())
				if err != nil {
					t.Fatal(err)
				}
				if m.Graph.needs(nil, nil).supported() != nil {
					return
				}
				g := graph.New(graph.Config{Dtype: dt})
				net, err := m.Import(g.Scope(), network.Config{})
				if c.name == "sorted" && err != nil && strings.Contains(err.Error(), "TopK: input 1 is computed") {
					return // along an axis whose size only a Run knows
				}
				if err != nil {
					t.Fatal(err)
				}
				imported++
				sess, err := graph.NewSession(g, graph.SessionConfig{})
				if err != nil {
					t.Fatal(err)
				}
				defer sess.Close()
				if err := sess.Init(); err != nil {
					t.Fatal(err)
				}
				feeds := graph.Feeds{}
				for i, in := range net.Inputs {
					feeds[in.Node] = e.inputs[i]
				}
				var outputs gorgonia.Nodes
				for _, o := range net.Outputs {
					outputs = append(outputs, o.Node)
				}
				got, err := sess.Run(feeds, outputs...)
				if err != nil {
					t.Fatal(err)
				}
				for i, o := range net.Outputs {
					wantSame(t, o.Name, got.Tensor(i), e.outputs[i], 1e-5)
				}
			})
		}
	}
	if ran == 2*len(exportCases()) && imported < leastImported { // all of them, not what -run picks
		t.Errorf("%d cases were imported; want %d at least", imported, leastImported)
	}
}

// leastImported keeps TestExportedOpsAgain from comparing less and less.
const leastImported = 434

// TestExportedAreValid: ONNX's own checker takes every model, and infers its shapes.
func TestExportedAreValid(t *testing.T) {
	var paths []string
	dir := t.TempDir()
	for i, c := range exportCases() {
		for _, cfg := range []ExportConfig{{}, {DataFormat: ops.ChannelsFirst}} {
			path := filepath.Join(dir, fmt.Sprintf("%d %s %v.onnx", i, c.name, cfg.DataFormat))
			if err := exportCaseOf(t, c, tensor.Float32, cfg).model.Save(path); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
		}
	}
	golden.CheckONNX(t, paths...)
}
