package zoo

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// wantBehaviour holds a classifier to what every one does: NoTop ends with the endpoint that is named, of that
// shape; Classes gives the size of the output; a step of training changes every variable.
func wantBehaviour(t *testing.T, b build, input []int, features string, shape []int) {
	t.Helper()
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, graph.Unknown, graph.Unknown, graph.Unknown, input[3])
	m := b(s.Sub("net"), x, Config{Classes: 3})
	headless := b(s.Sub("headless"), x, Config{NoTop: true})
	if err := g.Err(); err != nil {
		t.Errorf("%v", err)
		return
	}
	t.Run(m.Name, func(t *testing.T) {
		wantHead(t, m, headless, input, features, shape)
		wantTraining(t, b, input...)
	})
}

func wantHead(t *testing.T, m, headless *Model, input []int, features string, shape []int) {
	t.Helper()
	full, cut := m.Endpoints(), headless.Endpoints()
	if len(cut) >= len(full) {
		t.Fatalf("NoTop has %d endpoints of %d", len(cut), len(full))
	}
	for i, e := range cut {
		if e.Name != full[i].Name {
			t.Errorf("endpoint %d is %s; with NoTop %s", i, full[i].Name, e.Name)
		}
	}
	if headless.Output != headless.Endpoint(features) {
		t.Errorf("NoTop does not end with %s", features)
	}
	of, err := headless.Summary(input...)
	if err != nil {
		t.Fatal(err)
	}
	if got := of.Layers[len(of.Layers)-1].Output; !got.Eq(tensor.Shape(shape)) {
		t.Errorf("%s has shape %v; want %v", features, got, shape)
	}
	of, err = m.Summary(input...)
	if err != nil {
		t.Fatal(err)
	}
	if got := of.Layers[len(of.Layers)-1].Output; !got.Eq(tensor.Shape{input[0], 3}) {
		t.Errorf("of 3 classes the output has shape %v", got)
	}
}
