package schedule_test

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// open makes a session with every variable initialised.
func open(t *testing.T, g *graph.Graph) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

func run(t *testing.T, sess *graph.Session, feeds graph.Feeds, fetches ...*gorgonia.Node) graph.Values {
	t.Helper()
	out, err := sess.Run(feeds, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wantError checks that err says each of the parts.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the error %q does not say %q", err, p)
		}
	}
}
