package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// publicPackages lists Plexaura's packages that cells should be able to import.
func publicPackages(t *testing.T) []string {
	t.Helper()
	list := exec.Command("go", "list", "-f", `{{if ne .Name "main"}}{{.ImportPath}}{{end}}`, "./...")
	list.Dir = filepath.Join("..", "..", "..")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var public []string
	for _, path := range strings.Fields(string(out)) {
		if !strings.Contains(path, "/internal/") && !strings.HasSuffix(path, "test") {
			public = append(public, path)
		}
	}
	if len(public) < 30 {
		t.Fatalf("only %d public packages: %s", len(public), public)
	}
	return public
}

func TestEveryPackageCanBeImported(t *testing.T) {
	c := start(t, t.TempDir())
	paths := append(publicPackages(t), "gorgonia.org/gorgonia", "gorgonia.org/tensor", "github.com/pkg/errors", "gonum.org/v1/plot",
		"gonum.org/v1/plot/plotter", "gonum.org/v1/plot/plotutil", "gonum.org/v1/plot/vg", "gonum.org/v1/plot/vg/draw")
	code := "import (\n"
	for i, path := range paths {
		code += fmt.Sprintf("p%d %q\n", i, path)
	}
	if o := c.run(code + ")"); o.Status != "ok" {
		t.Errorf("all at once: %s", o.Error)
	}
	if o := c.run(`import "github.com/plexaura/plexaura/internal/kernel"`); o.Status != "error" {
		t.Error("a cell can import an internal package")
	}
	if o := c.run("import (\"os\"\n\"strings\"\n\"errors\"\n\"fmt\")\nbefore, after, found := strings.Cut(\"a=b\", \"=\")\n_, err := os.ReadFile(\"none\")\nfmt.Println(before, after, found, errors.Join(err) != nil)"); o.Text != "a b true true\n" {
		t.Errorf("what is new in the standard library: %q, %s", o.Text, o.Error)
	}
}

func TestRecursiveTypes(t *testing.T) {
	c := start(t, t.TempDir())
	if o := c.run(model); o.Status != "ok" {
		t.Fatal(o.Error)
	}
	for _, test := range []struct{ code, text string }{
		{"nodes := []*gorgonia.Node{X, y}\nfmt.Println(len(gorgonia.Nodes(nodes)), len(g.Trainable()))", "2 4\n"},
		{"for _, n := range g.Trainable() {\n\tfmt.Println(g.NameOf(n))\n}", "hidden/kernel\nhidden/bias\noutputs/kernel\noutputs/bias\n"},
		{"grads := training.Adam(training.AdamConfig{}).ComputeGradients(s.NameScope(\"again\"), loss, g.Trainable())\n" +
			"for i := range grads {\n\tgrads[i].Grad = ops.ClipByValue(s, grads[i].Grad, -1, 1)\n}\nfmt.Println(len(grads), grads[0].Grad != nil)", "4 true\n"},
		{"both := graph.Group(s, hidden, logits)\nfmt.Println(both != nil)", "true\n"},
		{"m := map[string]*gorgonia.Node{\"x\": X}\nm[\"y\"] = y\nfmt.Println(len(m), m[\"x\"] == X)", "2 true\n"},
		{"f := func(n *gorgonia.Node) *gorgonia.Node { return ops.Square(s, n) }\nfmt.Println(g.NameOf(f(hidden)))", "Square\n"},
		{"act := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ELU(s, x, 1) }\n" +
			"own := ops.Dense(s.Sub(\"own\"), X, 5, ops.DenseConfig{Activation: act})\nfmt.Println(own.Shape())", "(-1, 5)\n"},
		{"history, err := training.Fit(context.Background(), sess, training.FitConfig{Step: step, Loss: loss, Data: batches, X: X, Y: y, Steps: 100})\n" +
			"last, ok := history.Last(\"loss\")\nfmt.Println(err, last < 2.3, ok)", "<nil> true true\n"},
		{"batches.Next()\nout, err := sess.Run(graph.Feeds{X: batches.X(), y: batches.Y()}, loss)\nfmt.Println(out.Float(0) > 0, err)", "true <nil>\n"},
		{"out, err := sess.Run(graph.Feeds{X: make([]float32, 63)}, logits)\nfmt.Println(err != nil)", "true\n"},
	} {
		if o := c.run(test.code); o.Status != "ok" || o.Text != test.text {
			t.Errorf("%s: prints %q, error %q; want %q", test.code, o.Text, o.Error, test.text)
		}
	}
}

// Hooks may be interpreted types, which compiled code calls.
func TestInterpretedHooks(t *testing.T) {
	c := start(t, t.TempDir())
	for _, code := range []string{model,
		"type counter struct{ steps int }\n" +
			"func (h *counter) Begin(l *training.Loop) error { return nil }\n" +
			"func (h *counter) BeforeStep(l *training.Loop) error { return nil }\n" +
			"func (h *counter) AfterStep(l *training.Loop) error { h.steps++; return nil }\n" +
			"func (h *counter) AfterEpoch(l *training.Loop) error { return nil }\n" +
			"func (h *counter) End(l *training.Loop) error { return nil }",
		"h := &counter{}",
		"training.Fit(context.Background(), sess, training.FitConfig{Step: step, Data: batches, X: X, Y: y, Steps: 7, Hooks: []training.Hook{h}})",
	} {
		if o := c.run(code); o.Status != "ok" {
			t.Fatalf("%s: %s", code, o.Error)
		}
	}
	if o := c.run("h.steps"); o.shown() != "7" {
		t.Errorf("a hook was called after %s steps; want 7", o.shown())
	}
	if o := c.run("n := 0\nl, err := training.NewLoop(sess, training.FitConfig{Step: step, Data: batches, X: X, Y: y, Steps: 5})\n" +
		"for ctx := context.Background(); l.Next(ctx); {\n\tn++\n}\nfmt.Println(n, err, l.Close())"); o.Text != "5 <nil> <nil>\n" {
		t.Errorf("a loop in the cell prints %q, %s", o.Text, o.Error)
	}
}

func TestLibraryErrors(t *testing.T) {
	c := start(t, t.TempDir())
	if o := c.run(model); o.Status != "ok" {
		t.Fatal(o.Error)
	}
	for _, test := range []struct {
		code string
		want []string // parts of the message
	}{
		{"p := graph.New(graph.Config{OnError: graph.PanicOnError})\nops.MatMul(p.Scope().Sub(\"encoder\").Sub(\"layer1\"), graph.Const(p.Scope(), []float32{1, 2}), graph.Const(p.Scope(), []float32{1}))",
			[]string{"encoder/layer1", "MatMul"}},
		{"bad := graph.New(graph.Config{})\nbs := bad.Scope()\nops.MatMul(bs.Sub(\"decoder\"), graph.Const(bs, []float32{1, 2}), graph.Const(bs, []float32{1}))\ngraph.NewSession(bad, graph.SessionConfig{})",
			[]string{"decoder", "MatMul"}},
		{"sess.Run(graph.Feeds{}, loss)", []string{"placeholder y"}},
		{"training.Fit(context.Background(), sess, training.FitConfig{})", []string{"Step is nil"}},
		{"var none *graph.Session\nnone.Run(nil, loss)", []string{"nil"}},
	} {
		o := c.run(test.code)
		if o.Status != "error" {
			t.Errorf("%s: no error, shows %q", test.code, o.shown())
		}
		for _, part := range test.want {
			if !strings.Contains(o.Error, part) {
				t.Errorf("%s: error %q; want one that has %q", test.code, o.Error, part)
			}
		}
		t.Log(o.Error)
	}
}
