package bench

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
)

func newMLP(tb testing.TB, cfg MLPConfig) *MLP {
	m, err := NewMLP(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func (m *MLP) session(tb testing.TB, cfg graph.SessionConfig) *graph.Session {
	sess, err := m.Session(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { sess.Close() })
	return sess
}

func BenchmarkStep(b *testing.B) {
	for _, batch := range []int{50, 200, 1000} {
		b.Run(fmt.Sprintf("plexaura/relu/batch=%d", batch), func(b *testing.B) { benchmarkPlexaura(b, batch, MLPConfig{}) })
		b.Run(fmt.Sprintf("plexaura/bn-elu/batch=%d", batch), func(b *testing.B) {
			benchmarkPlexaura(b, batch, MLPConfig{BatchNorm: true, Clip: true})
		})
		b.Run(fmt.Sprintf("tapemachine/relu/batch=%d", batch), func(b *testing.B) { benchmarkTapeMachine(b, batch) })
	}
}

func benchmarkPlexaura(b *testing.B, batch int, cfg MLPConfig) {
	m := newMLP(b, cfg)
	sess, feeds := m.session(b, graph.SessionConfig{}), m.Feeds(batch)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sess.Run(feeds, m.Step); err != nil {
			b.Fatal(err)
		}
	}
}

// benchmarkTapeMachine is the same network and step in Gorgonia alone.
func benchmarkTapeMachine(b *testing.B, batch int) {
	step, end := TapeMachineStep(batch)
	defer end()
	for b.Loop() {
		if err := step(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestStepAllocatesNothing: the planned step, in the steady state.
func TestStepAllocatesNothing(t *testing.T) {
	for _, batchNorm := range []bool{false, true} {
		m := newMLP(t, MLPConfig{BatchNorm: batchNorm, Clip: true})
		sess, feeds := m.session(t, graph.SessionConfig{}), m.Feeds(200)
		step := func() {
			if _, err := sess.Run(feeds, m.Step); err != nil {
				t.Fatal(err)
			}
		}
		step()
		if n := testing.AllocsPerRun(50, step); n != 0 {
			t.Errorf("batch norm %v: %v allocations a step; want none", batchNorm, n)
		}
	}
}

// BenchmarkTrace says where a step's time goes, and how much of it is not in the
// steps of matrix products; with -v it prints the table.
func BenchmarkTrace(b *testing.B) {
	b.Run("relu", func(b *testing.B) { benchmarkTrace(b, MLPConfig{}) })
	b.Run("bn-elu", func(b *testing.B) { benchmarkTrace(b, MLPConfig{BatchNorm: true, Clip: true}) })
}

func benchmarkTrace(b *testing.B, cfg MLPConfig) {
	tracer := &graph.Tracer{}
	m := newMLP(b, cfg)
	sess, feeds := m.session(b, graph.SessionConfig{Tracer: tracer}), m.Feeds(200)
	for b.Loop() {
		if _, err := sess.Run(feeds, m.Step); err != nil {
			b.Fatal(err)
		}
	}
	runs, total := tracer.Runs()
	other := total
	for _, r := range tracer.ByOp() {
		if strings.HasPrefix(r.Name, "MatMul") { // and what follows it in its step
			other -= r.Time
		}
	}
	b.ReportMetric(float64(total.Microseconds())/float64(runs), "µs/step")
	b.ReportMetric(float64(other.Microseconds())/float64(runs), "µs-not-matmul/step")
	if testing.Verbose() {
		tracer.WriteTable(b.Output())
	}
}
