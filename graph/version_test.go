package graph

import (
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
)

// A version changes with every kind of write to its variable, and with nothing else.
func TestVersions(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	a, b := f64(s, "a", 1), f64(s, "b", 2)
	add := AssignAdd(s, a, b)
	sess, err := NewSession(g, SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	versions := func() []uint64 {
		t.Helper()
		v, err := sess.Versions(a, b)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := versions()
	for _, c := range []struct {
		name    string
		do      func() error
		changed []bool
	}{
		{"nothing", func() error { return nil }, []bool{false, false}},
		{"Init", func() error { return sess.Init() }, []bool{true, true}},
		{"Init of what has values", func() error { return sess.Init() }, []bool{false, false}},
		{"Init of one", func() error { return sess.Init(b) }, []bool{false, true}},
		{"a Run that writes", func() error { _, err := sess.Run(nil, add); return err }, []bool{true, false}},
		{"one that reads", func() error { _, err := sess.Run(nil, a, b); return err }, []bool{false, false}},
		{"SetValue of what it has", func() error { return sess.SetValue(b, 2.0) }, []bool{false, true}},
	} {
		if err := c.do(); err != nil {
			t.Fatal(err)
		}
		after := versions()
		for i := range after {
			if (after[i] > before[i]) != c.changed[i] || after[i] < before[i] {
				t.Errorf("%s: variable %d goes from version %d to %d", c.name, i, before[i], after[i])
			}
		}
		before = slices.Clone(after)
	}
	for _, bad := range []*gorgonia.Node{nil, add, f64(New(Config{}).Scope(), "c", 1)} {
		if _, err := sess.Versions(a, bad); err == nil {
			t.Errorf("%v has a version", bad)
		}
	}
	sess.Close()
	if _, err := sess.Versions(a); err == nil {
		t.Error("a closed session has versions")
	}
}
