package training_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

func TestSnapshot(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	vars := gorgonia.Nodes{
		variable(s, "matrix", tensor.Float32, 1, 2, 3), variable(s, "scalar", tensor.Float64, 2), variable(s, "count", tensor.Int, 3),
		variable(s, "flags", tensor.Bool, 1, 2), variable(s, "empty", tensor.Float32, 0, 0),
	}
	sess := open(t, g)
	snapshot := training.NewSnapshot(g, vars)
	if !snapshot.Empty() {
		t.Error("it is not empty")
	}
	wantError(t, snapshot.Restore(sess), "empty")
	if err := snapshot.Take(sess); err != nil {
		t.Fatal(err)
	}
	b, err := snapshot.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	second := training.NewSnapshot(g, vars)
	if err := second.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*training.Snapshot{snapshot, second} {
		set(t, sess, vars[0], []float32{9, 9, 9, 9, 9, 9})
		set(t, sess, vars[1], 9.)
		set(t, sess, vars[2], 9)
		set(t, sess, vars[3], []bool{false, false})
		if err := s.Restore(sess); err != nil {
			t.Fatal(err)
		}
		for i, want := range []interface{}{float32(1), 2., 3, true} {
			if got := value(t, sess, vars[i]).Data(); got != want && sliceStart(got) != want {
				t.Errorf("%s is %v, want %v", g.NameOf(vars[i]), got, want)
			}
		}
	}

	for _, other := range []gorgonia.Nodes{vars[:4], {vars[1], vars[0], vars[2], vars[3], vars[4]}} {
		if err := training.NewSnapshot(g, other).UnmarshalBinary(b); err == nil {
			t.Errorf("a snapshot of other variables is taken")
		}
	}
	for _, bad := range [][]byte{nil, b[:10], b[:len(b)-1], []byte("[]")} {
		third := training.NewSnapshot(g, vars)
		if err := third.UnmarshalBinary(bad); err == nil || !third.Empty() {
			t.Errorf("%.20q is taken for a snapshot", bad)
		}
	}
}

// A second Take replaces the first, also where that came from a state; one that fails leaves it.
func TestSnapshotAgain(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v, w := variable(s, "v", tensor.Float32, 1, 2), variable(s, "w", tensor.Int64, 1)
	sess := open(t, g)
	first := training.NewSnapshot(g, gorgonia.Nodes{v, w})
	if err := first.Take(sess); err != nil {
		t.Fatal(err)
	}
	b, err := first.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	second := training.NewSnapshot(g, gorgonia.Nodes{v, w})
	if err := second.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	set(t, sess, v, []float32{2, 3})
	set(t, sess, w, int64(4))
	empty, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	for _, s := range []*training.Snapshot{first, second} {
		if err := s.Take(sess); err != nil {
			t.Fatal(err)
		}
		wantError(t, s.Take(empty), "no value")
		set(t, sess, v, []float32{9, 9})
		set(t, sess, w, int64(9))
		if err := s.Restore(sess); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(value(t, sess, v).Data(), value(t, sess, w).Data()); got != "[2 3] 4" {
			t.Error(got)
		}
	}
}

// sliceStart is the first element of a slice.
func sliceStart(data interface{}) interface{} {
	switch x := data.(type) {
	case []float32:
		return x[0]
	case []bool:
		return x[0]
	}
	return nil
}
