package ops_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

func TestPrint(t *testing.T) {
	var out bytes.Buffer
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	count := graph.Const(s, []int64{7, 8})
	y := ops.Print(s.NameScope("net"), x, ops.PrintConfig{Out: &out, Label: "step"}, x, count, graph.Const(s, true))
	z := ops.Print(s, y, ops.PrintConfig{Out: &out, Summarize: -1})
	sess := sessionOn(t, g)
	feed := func(data ...float64) graph.Feeds {
		return graph.Feeds{x: at([]int{len(data) / 2, 2}, data...).feed(tensor.Float32)}
	}
	got, err := sess.Run(feed(1, 2, 3, 4.5), y)
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, got.Tensor(0), []int{2, 2}, 1, 2, 3, 4.5)
	if want := "step: x float32[2, 2] = [1 2 3 ...]\nstep: Const int64[2] = [7 8]\nstep: Const_1 bool[] = true\n"; out.String() != want {
		t.Errorf("printed %q; want %q", out.String(), want)
	}
	out.Reset()
	if _, err := sess.Run(feed(), z); err != nil {
		t.Fatal(err)
	}
	if want := "net/Print float32[0, 2] = []\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("printed %q; want %q at the end", out.String(), want)
	}
	out.Reset()
	if _, err := sess.Run(feed(1, 2, 3, 4), z); err != nil {
		t.Fatal(err)
	}
	if want := "net/Print float32[2, 2] = [1 2 3 4]\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("printed %q; want %q at the end", out.String(), want)
	}
}

// Every dtype passes through unchanged, and prints.
func TestPrintDtypes(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool} {
		var out bytes.Buffer
		got := eval(t, dt, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.Print(s, x, ops.PrintConfig{Out: &out})
		}), at([]int{2}, 0, 1))
		wantValues(t, got, []int{2}, 0, 1)
		if !strings.Contains(out.String(), dt.String()+"[2]") {
			t.Errorf("%v: printed %q", dt, out.String())
		}
	}
}

// FirstN counts over Runs, plans and sessions.
func TestPrintFirstN(t *testing.T) {
	var out bytes.Buffer
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1)
	y := ops.Print(g.Scope(), x, ops.PrintConfig{Out: &out, FirstN: 3})
	for range 2 {
		sess := sessionOn(t, g)
		for n := range 3 {
			if _, err := sess.Run(graph.Feeds{x: make([]float32, n)}, y); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := strings.Count(out.String(), "\n"); n != 3 {
		t.Errorf("printed %d times; want 3: %q", n, out.String())
	}
}

// Control edges order prints among the effects; the gradient passes, and prints
// nothing of its own.
func TestPrintOrderAndGradient(t *testing.T) {
	var out bytes.Buffer
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := graph.Variable(s, "v", nil, graph.VariableConfig{Initializer: initializers.Constant(1)})
	print := func(s *graph.Scope, label string) *gorgonia.Node {
		return ops.Print(s, graph.Read(s, v), ops.PrintConfig{Out: &out, Label: label})
	}
	before := print(s, "before")
	write := graph.AssignAdd(s.After(before), v, graph.Const(s, 1.0))
	after := print(s.After(write), "after")
	sess := sessionOn(t, g)
	if _, err := sess.Run(nil, after); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "before: Read float32[] = 1\nafter: Read_1 float32[] = 2\n") {
		t.Errorf("printed %q", got)
	}
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Square(s, ops.Print(s, x, ops.PrintConfig{Out: io.Discard}, x, x))
	}), wave(1, 0, 3))
}

// Only the branch that is taken prints, and so for its gradient.
func TestPrintInABranch(t *testing.T) {
	var out bytes.Buffer
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, 1)
	shout := func(label string) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.Print(s.NameScope(label), ops.Square(s, x), ops.PrintConfig{Out: &out, Label: label})
		}
	}
	y := ops.Cond(s, ops.Less(s, ops.Sum(s, x), graph.Const(s, 0.0)), shout("negative"), shout("positive"))
	dx := graph.Gradients(s, gorgonia.Nodes{ops.Square(s, y)}, gorgonia.Nodes{x}, nil)[0]
	sess := sessionOn(t, g)
	for v, want := range map[float32]string{-1: "negative", 2: "positive"} {
		out.Reset()
		if _, err := sess.Run(graph.Feeds{x: []float32{v}}, y, dx); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, want) {
			t.Errorf("%v printed %q", v, got)
		}
	}
}

// The default is the standard error of the moment, and a failing Writer fails
// the Run.
func TestPrintWriters(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	y := ops.Print(s, graph.Const(s, 1.0), ops.PrintConfig{Label: "to stderr"})
	old := os.Stderr
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = w
	_, err = tryRun(t, g, nil, y)
	os.Stderr = old
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(r); !strings.HasPrefix(string(got), "to stderr: Const float32[] = 1") {
		t.Errorf("printed %q", got)
	}
	wantRunError(t, g, nil, ops.Print(s, graph.Const(s, 1.0), ops.PrintConfig{Out: failingWriter{}}), "Print", "disk full")
	wantBuildError(t, func(s *graph.Scope) { ops.Print(s, graph.Const(s, 1.0), ops.PrintConfig{FirstN: -1}) }, "Print", "FirstN is -1")
	wantBuildError(t, func(s *graph.Scope) { ops.Print(s, nil, ops.PrintConfig{}) }, "Print", "nil")
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// Lines of Runs side by side stay whole.
func TestPrintConcurrently(t *testing.T) {
	var out bytes.Buffer
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32)
	y := ops.Print(s, x, ops.PrintConfig{Out: &out})
	sess := sessionOn(t, g)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 25 {
				if _, err := sess.Run(graph.Feeds{x: 3}, y); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wg.Wait()
	if want := strings.Repeat("x float32[] = 3\n", 100); out.String() != want {
		t.Errorf("printed %q", out.String())
	}
}
