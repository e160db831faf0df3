package graph

import (
	"reflect"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// "A training step without the BN updates, or with `training` left false: when
// a plan that writes trainable variables is first made, a Warning names the
// layer and the fix."
func TestWarningsAboutUpdates(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", 2)
	training := PlaceholderWithDefault(s.NameScope("flags"), "training", false)
	l := s.Sub("layer")
	w := f64(l, "w", 1, 2)
	moving := Variable(l, "moving", tensor.Shape{2}, VariableConfig{Dtype: tensor.Float64, NotTrainable: true, Initializer: constantly(0)})
	in := l.Branch(training, true)
	batch := scale(in, mul(in, x, w), 2)
	g.AddUpdate(batch, AssignAdd(in, moving, batch))
	y := sum(s, Merge(l, training, batch, mul(l.Branch(training, false), moving, w)))
	dw := grad(s, y, w)
	bare := AssignSub(s, w, dw)
	full := AssignSub(s.After(g.UpdatesOf(y)...), w, dw)

	if got := namesOf(g, g.UpdatesOf(y)); !reflect.DeepEqual(got, []string{"layer/AssignAdd"}) {
		t.Error(got)
	}
	for _, c := range []struct {
		what  string
		feeds Feeds
		fetch gorgonia.Nodes
		words []string
	}{
		{"as it should be", Feeds{x: []float64{1, 2}, training: true}, gorgonia.Nodes{full, y}, nil},
		{"inference", Feeds{x: []float64{1, 2}}, gorgonia.Nodes{y}, nil},
		{"without the updates", Feeds{x: []float64{1, 2}, training: true}, gorgonia.Nodes{bare}, []string{"layer/Scale", "UpdatesOf"}},
		{"with training left false", Feeds{x: []float64{1, 2}}, gorgonia.Nodes{full}, []string{"layer/Scale", "feed flags/training true"}},
	} {
		var heard []Warning
		sess := newSession(t, g, SessionConfig{OnWarning: func(w Warning) { heard = append(heard, w) }})
		for range 2 { // once only
			mustRun(t, sess, c.feeds, c.fetch...)
			mustRun(t, sess, c.feeds, append(gorgonia.Nodes{x}, c.fetch...)...)
		}
		if len(heard) != min(1, len(c.words)) || !reflect.DeepEqual(heard, append([]Warning(nil), sess.Warnings()...)) {
			t.Errorf("%s: %v, %v", c.what, heard, sess.Warnings())
			continue
		}
		if len(heard) == 1 {
			wantError(t, errorf("%s", heard[0]), c.words...)
		}
	}
}
