package graph

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// "Runs of a session may be concurrent; one that writes excludes the others":
// a reader that comes while a write is half done waits for its end.
func TestWriterExcludesReaders(t *testing.T) {
	scenario := func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		v := f64(s, "v", 1, 2)
		half, read := make(chan bool), make(chan bool)
		write := Apply(s, OpDef{
			Name:    "Slow",
			Infer:   SameAs,
			Assigns: []int{0},
			Kernel: func(*Binding) (Kernel, error) {
				return func(c *Call) error {
					c.Out.Float64s()[0] = 2
					close(half)
					select {
					case <-read: // only possible when nothing excludes it
					case <-time.After(100 * time.Millisecond):
					}
					c.Out.Float64s()[1] = 2
					return nil
				}, nil
			},
		}, v)
		sess := with(g, SessionConfig{})
		mustRun(t, sess, nil, v) // so that the plan exists
		var got []float64
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-half
			out, err := sess.Run(nil, v)
			if err != nil {
				t.Error(err)
				return
			}
			got = out.Float64s(0)
			close(read)
		}()
		mustRun(t, sess, nil, write)
		wg.Wait()
		if fmt.Sprint(got) != "[2 2]" {
			return fmt.Sprintf("the reader saw %v", got)
		}
		return ""
	}
	if raceDetector {
		if wrong := scenario(t, func(g *Graph, cfg SessionConfig) *Session { return newSession(t, g, cfg) }); wrong != "" {
			t.Error(wrong)
		}
		return
	}
	ablated(t, func(a *ablation) { a.exclusion = true }, scenario)
}

// A writer among concurrent readers, readers with other shapes, SetValue, Value
// and a growing graph, under the race detector. Every value that a reader sees
// is uniform: no write is seen in part.
func TestConcurrentRuns(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	v := f64(s, "v", 1, 512)
	step := AssignAdd(s, v, OnesLike(s, v))
	y := scale(s, x, 2)
	z := add(s, scale(s, v, 1), scale(s, v, 2))
	sess := newSession(t, g, SessionConfig{})
	uniform := func(what string, a []float64) {
		for _, e := range a {
			if e != a[0] {
				t.Errorf("%s: %v beside %v", what, a[0], e)
				return
			}
		}
	}
	const rounds = 60
	var wg sync.WaitGroup
	do := func(f func(i int) error) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range rounds {
				if err := f(i); err != nil {
					t.Error(err)
					return
				}
			}
		}()
	}
	for range 2 {
		do(func(i int) error { _, err := sess.Run(nil, step); return err })
	}
	for range 3 {
		do(func(i int) error {
			out, err := sess.Run(nil, z, v)
			if err == nil {
				uniform("z", out.Float64s(0))
				if out.Float64s(0)[0] != 3*out.Float64s(1)[0] {
					t.Error("z and v are of different moments")
				}
			}
			return err
		})
		do(func(i int) error {
			n := i%7 + 1
			in := make([]float64, n)
			in[0] = float64(i)
			out, err := sess.Run(Feeds{x: in}, y)
			if err == nil && (len(out.Float64s(0)) != n || out.Float64s(0)[0] != float64(2*i)) {
				t.Errorf("fed %v, got %v", in, out.Float64s(0))
			}
			return err
		})
	}
	do(func(i int) error {
		value, err := sess.Value(v)
		if err == nil {
			uniform("Value", value.Data().([]float64))
		}
		return err
	})
	do(func(i int) error { // one goroutine builds
		w := Variable(s, fmt.Sprintf("w%d", i), nil, VariableConfig{Dtype: tensor.Float64, Initializer: constantly(2)})
		r := random(s, nil)
		n := mul(s, s.Try(gorgonia.Neg(w)), r)
		grad := Gradients(s, gorgonia.Nodes{n}, gorgonia.Nodes{w}, nil)
		if err := sess.Init(w); err != nil {
			return err
		}
		_, err := sess.Run(nil, n, grad[0])
		return err
	})
	do(func(i int) error {
		other, err := NewSession(g, SessionConfig{From: sess})
		if err != nil {
			return err
		}
		defer other.Close()
		out, err := other.Run(nil, v)
		if err == nil {
			uniform("From", out.Float64s(0))
		}
		return err
	})
	wg.Wait()
	if got := mustRun(t, sess, nil, v).Float64s(0)[0]; got != 1+2*rounds {
		t.Errorf("%v after %d additions", got, 2*rounds)
	}
}
