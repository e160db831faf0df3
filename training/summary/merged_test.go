package summary

import (
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestMerged(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2, 2, 1)
	v := graph.Variable(s, "v", tensor.Shape{3}, graph.VariableConfig{})
	train := s.NameScope("train")
	mean := Scalar(train, "mean", ops.Mean(s, x))
	Histogram(s, "v", v)
	Image(s, "x", x, 2)
	g.AddToCollection(graph.Summaries, v) // which is none
	m := MergeAll(g)
	if n := m.Nodes(); len(n) != 3 || n[0] != mean {
		t.Fatalf("%v", n)
	}
	if only := MergeAll(g, "train/").Nodes(); len(only) != 1 || only[0] != mean {
		t.Errorf("of train: %v", only)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	check(t, sess.SetValue(v, []float32{1, 2, 3}))
	out, err := sess.Run(graph.Feeds{x: tensor.New(tensor.WithShape(2, 2, 2, 1), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6, 7, 8}))}, append(m.Nodes(), graph.AssignAdd(s, v, v))...)
	if err != nil {
		t.Fatal(err)
	}
	w := open(t, WriterConfig{})
	check(t, w.Add(9, m, out), w.Add(10, MergeAll(graph.New(graph.Config{})), nil), w.Add(10, nil, nil))
	list := closed(t, w)
	if len(list) != 1 || list[0].Step != 9 {
		t.Fatalf("%+v", list)
	}
	var tags []string
	for _, s := range list[0].Summary {
		tags = append(tags, s.Tag)
	}
	if !reflect.DeepEqual(tags, []string{"train/mean", "v", "x/image/0", "x/image/1"}) {
		t.Errorf("%q", tags)
	}
	if s := list[0].Summary; *s[0].Scalar != 4.5 || s[1].Histogram.Sum != 6 { // v as it was when the Run began
		t.Errorf("mean %v, histogram %+v", *s[0].Scalar, s[1].Histogram)
	}
	if err := w.Add(1, m, out[:2]); err == nil || !strings.Contains(err.Error(), "2 values for 3 summaries") {
		t.Error(err)
	}
	out[0], out[1] = out[1], out[0]
	again := open(t, WriterConfig{})
	if err := again.Add(1, m, out); err == nil || !strings.Contains(err.Error(), `the scalar "train/mean": 3 values`) {
		t.Error(err)
	}
}

func TestNodeErrors(t *testing.T) {
	for want, build := range map[string]func(s *graph.Scope){
		"want a scalar":                    func(s *graph.Scope) { Scalar(s, "a", graph.Const(s, []float32{1, 2})) },
		"the tag is":                       func(s *graph.Scope) { Scalar(s, "", graph.Const(s, 1.0)) },
		`dtype bool; want numbers`:         func(s *graph.Scope) { Histogram(s, "a", graph.Const(s, true)) },
		"want [batch, height, width, chan": func(s *graph.Scope) { Image(s, "a", graph.Const(s, 1.0), 0) },
		"gets maxOutputs -1":               func(s *graph.Scope) { Image(s, "a", graph.Placeholder(s, "x", tensor.Uint8, -1, 2, 2, 3), -1) },
		`there is a summary with the tag "n/a"`: func(s *graph.Scope) {
			Scalar(s.NameScope("n"), "a", graph.Const(s, 1.0))
			Histogram(s.NameScope("n"), "a", graph.Const(s, 1.0))
		},
		"input 0 is nil": func(s *graph.Scope) { Scalar(s, "a", nil) },
	} {
		g := graph.New(graph.Config{})
		build(g.Scope())
		if err := g.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
