package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// The tracer gives per-node times as a text table and as Chrome's trace JSON.
func TestTracer(t *testing.T) {
	g := New(Config{})
	s := g.Scope().NameScope("net")
	x := double(s, "x", -1)
	y := sum(s, scale(s, x, 2))
	var fail error
	fragile := failing(s, y, &fail)
	var tracer Tracer
	var none bytes.Buffer
	if err := tracer.WriteTable(&none); err != nil || !strings.Contains(none.String(), "no Run") {
		t.Error(none.String(), err)
	}
	sess := newSession(t, g, SessionConfig{Tracer: &tracer})
	for range 3 {
		mustRun(t, sess, Feeds{x: []float64{1, 2}}, fragile)
	}
	fail = errors.New("broken")
	if _, err := sess.Run(Feeds{x: []float64{1, 2}}, fragile); err == nil {
		t.Error("no error")
	}
	fail = nil
	runs, total := tracer.Runs()
	if runs != 4 || total <= 0 {
		t.Error(runs, total)
	}
	calls := map[string]int{}
	for _, r := range tracer.ByNode() {
		calls[r.Name] = r.Calls
		if r.Time < 0 || r.Time > total || r.Op == "" {
			t.Errorf("%+v of %v", r, total)
		}
	}
	if calls["net/Scale"] != 4 || calls["net/Sum"] != 4 || calls["net/Fragile"] != 3 {
		t.Error(calls)
	}
	for _, r := range tracer.ByOp() {
		if r.Name != r.Op {
			t.Errorf("%+v", r)
		}
	}
	var table bytes.Buffer
	if err := tracer.WriteTable(&table); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"µs/run", "net/Scale", "Sum", "100.0%", "all"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("no %q in\n%s", want, table.String())
		}
	}
	var chrome bytes.Buffer
	if err := tracer.WriteChrome(&chrome); err != nil {
		t.Error(err)
	}
	var doc struct {
		TraceEvents []struct {
			Name, Cat, Ph string
			TS, Dur       float64
			PID, TID      int
		}
	}
	if err := json.Unmarshal(chrome.Bytes(), &doc); err != nil || len(doc.TraceEvents) != 11 {
		t.Fatalf("%v in %s", err, chrome.String())
	}
	last := -1.0
	for _, e := range doc.TraceEvents {
		if e.Ph != "X" || e.TS < last || e.Dur < 0 || e.Name == "" || e.Cat == "" {
			t.Errorf("%+v", e)
		}
		last = e.TS
	}
	tracer.Reset()
	if runs, total := tracer.Runs(); runs != 0 || total != 0 || len(tracer.ByNode()) != 0 {
		t.Error(runs, total)
	}
}
