package training

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// One checkpoint an hour survives MaxToKeep.
func TestKeepEvery(t *testing.T) {
	dir := t.TempDir()
	g := graph.New(graph.Config{})
	v := graph.Variable(g.Scope(), "v", tensor.Shape{1}, graph.VariableConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	saver := NewSaver(g.Variables(), SaverConfig{MaxToKeep: 2, KeepEvery: time.Hour})
	clock := saver.preserved
	saver.now = func() time.Time { return clock }
	for i := int64(0); i < 12; i++ {
		clock = clock.Add(20 * time.Minute)
		if _, err := saver.SaveStep(sess, filepath.Join(dir, "m"), i); err != nil {
			t.Fatal(err)
		}
	}
	var left []int64
	for i := int64(0); i < 12; i++ {
		if tffile.Exists(filepath.Join(dir, "m-"+string(rune('0'+i)))) || i > 9 && tffile.Exists(filepath.Join(dir, "m-1"+string(rune('0'+i-10)))) {
			left = append(left, i)
		}
	}
	// Saved at 20, 40, ... minutes: 80 is the first beyond an hour, then 160.
	if want := []int64{3, 7, 10, 11}; !reflect.DeepEqual(left, want) {
		t.Errorf("left %v; want %v", left, want)
	}
	st, err := tffile.ReadState(dir)
	if err != nil || len(st.Timestamps) != 2 || st.LastPreserved == 0 {
		t.Errorf("state %+v, %v", st, err)
	}
	again := NewSaver(g.Variables(), SaverConfig{MaxToKeep: 2, KeepEvery: time.Hour})
	if err := again.Continue(dir); err != nil {
		t.Fatal(err)
	}
	if len(again.kept) != 2 || again.kept[1].written.Sub(clock).Abs() > time.Millisecond || again.preserved.Sub(saver.preserved).Abs() > time.Millisecond {
		t.Errorf("continued with %+v, preserved %v", again.kept, again.preserved)
	}
	_ = v
}
