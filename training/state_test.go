package training_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/training"
)

// text is a State of a few words.
type text struct {
	words string
	fails bool
}

func (t *text) MarshalBinary() ([]byte, error) {
	if t.fails {
		return nil, errors.New("cannot be written")
	}
	return []byte(t.words), nil
}

func (t *text) UnmarshalBinary(b []byte) error {
	if string(b) == "bad" {
		return errors.New("cannot be read")
	}
	t.words = string(b)
	return nil
}

// States travel with the variables, as string scalars under names that TensorFlow lists with the
// rest.
func TestSaverState(t *testing.T) {
	g := graph.New(graph.Config{})
	v := variable(g.Scope(), "v", tensor.Float32, 1)
	sess := open(t, g)
	a, b := &text{words: "left at \x00 7"}, &text{words: ""}
	saver := training.NewSaver(gorgonia.Nodes{v}, training.SaverConfig{State: map[string]training.State{"a": a, "deep/b": b}})
	path, err := saver.Save(sess, filepath.Join(t.TempDir(), "m"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := tffile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := strings.Join(r.Names(), " "); got != "training_state/a training_state/deep/b v" {
		t.Error(got)
	}
	if e, _ := r.Entry("training_state/a"); e.DType != tffile.String || len(e.Shape) != 0 {
		t.Error(e)
	}

	a.words, b.words = "", "else"
	set(t, sess, v, float32(5))
	if err := saver.Restore(sess, path); err != nil || a.words != "left at \x00 7" || b.words != "" || value(t, sess, v).Data() != float32(1) {
		t.Errorf("%v: %q %q %v", err, a.words, b.words, value(t, sess, v))
	}

	// A plain Saver reads the variables and lets the states be; one that wants more says so, or
	// takes what there is.
	set(t, sess, v, float32(5))
	plain := training.NewSaver(gorgonia.Nodes{v}, training.SaverConfig{})
	if err := plain.Restore(sess, path); err != nil || value(t, sess, v).Data() != float32(1) {
		t.Error(err)
	}
	set(t, sess, v, float32(5))
	c := &text{words: "c"}
	more := training.NewSaver(gorgonia.Nodes{v}, training.SaverConfig{State: map[string]training.State{"a": a, "c": c}})
	a.words = "changed"
	wantError(t, more.Restore(sess, path), "no training_state/c", "nothing was changed")
	if a.words != "changed" || value(t, sess, v).Data() != float32(5) {
		t.Error("something was changed")
	}
	report, err := more.RestoreSubset(sess, path)
	if err != nil || fmt.Sprint(report.Missing, report.Restored) != "[training_state/c] [v training_state/a]" || c.words != "c" || a.words == "changed" {
		t.Error(report, err, a, c)
	}
}

// A state that cannot be read leaves the variables and the other states alone.
func TestSaverStateFails(t *testing.T) {
	g := graph.New(graph.Config{})
	v := variable(g.Scope(), "v", tensor.Float32, 1)
	sess := open(t, g)
	a, b := &text{words: "first"}, &text{words: "bad"}
	cfg := training.SaverConfig{State: map[string]training.State{"a": a, "b": b}}
	saver := training.NewSaver(gorgonia.Nodes{v}, cfg)
	path, err := saver.Save(sess, filepath.Join(t.TempDir(), "m"))
	if err != nil {
		t.Fatal(err)
	}
	set(t, sess, v, float32(5))
	a.words, b.words = "second", "good"
	wantError(t, saver.Restore(sess, path), `the state "b"`, "cannot be read")
	if a.words != "second" || b.words != "good" || value(t, sess, v).Data() != float32(5) {
		t.Errorf("%q, %q, %v", a.words, b.words, value(t, sess, v))
	}
	a.fails = true
	_, err = saver.Save(sess, path+"x")
	wantError(t, err, `the state "a"`, "cannot be written")
	cfg.State["a"] = nil
	_, err = saver.Save(sess, path+"x")
	wantError(t, err, `the state "a" is nil`)
}

// A loop that is given the state of another goes on where that one was, history and all; numbers
// that are none survive.
func TestLoopState(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(5)
	cfg.Epochs, cfg.StepLosses = 2, true
	cfg.Hooks = []training.Hook{&diary{lines: new([]string), at: map[string]func(*training.Loop) error{"after": func(l *training.Loop) error {
		return l.Record("odd", []float64{math.NaN(), math.Inf(1), 0.1}[l.Step()%3])
	}}}}
	whole, err := training.Fit(context.Background(), m.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for stop := 1; stop <= 6; stop++ {
		m := newSumming(t)
		cfg.Step, cfg.Loss, cfg.X, cfg.GlobalStep, cfg.Data = m.step, m.loss, m.x, m.globalStep, &numbers{n: 5}
		first, err := training.NewLoop(m.sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for range stop {
			first.Next(context.Background())
		}
		cfg.Data = &numbers{n: 5}
		second, err := training.NewLoop(m.sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for name, st := range first.State() {
			b, err := st.MarshalBinary()
			if err == nil {
				err = second.State()[name].UnmarshalBinary(b)
			}
			if err != nil {
				t.Fatal(name, err)
			}
		}
		for second.Next(context.Background()) {
		}
		if err := second.Close(); err != nil {
			t.Fatal(err)
		}
		h := second.History()
		steps, values := h.Series("odd")
		wantSteps, wantValues := whole.Series("odd")
		if h.String() != whole.String() || fmt.Sprint(h.Losses, steps, values) != fmt.Sprint(whole.Losses, wantSteps, wantValues) {
			t.Errorf("stopped after %d:\n%v%v\nwant\n%v%v", stop, h, values, whole, wantValues)
		}
	}
}

func TestLoopStateBad(t *testing.T) {
	m := newSumming(t)
	cfg := m.config(5)
	cfg.Epochs = 2
	l, err := training.NewLoop(m.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	l.Next(context.Background())
	b, err := l.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Metrics = map[string]*gorgonia.Node{"squares": m.n}
	other, err := training.NewLoop(m.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, other.UnmarshalBinary(b), "middle of an epoch", `["loss"]`, `["loss" "squares"]`)
	for _, bad := range []string{"", "{}", "7", `{"At":{"Epoch":1},"Means":["a"]}`, `{"At":{"Epoch":2,"Step":3},"Series":[{"Name":"a","Steps":[1]}]}`} {
		if err := other.UnmarshalBinary([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a state", bad)
		}
	}
	if other.Step() != 0 || other.Epoch() != 1 {
		t.Error("a bad state changed the loop")
	}
}
