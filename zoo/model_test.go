package zoo

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

func TestEndpoint(t *testing.T) {
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, graph.Unknown, 32, 32, 1)
	m := LeNet5(g.Scope().Sub("lenet"), x, Config{})
	if n := m.Endpoint("C3"); g.NameOf(n) != "lenet/C3/Tanh" && !strings.HasPrefix(g.NameOf(n), "lenet/C3/") {
		t.Errorf("C3 is %s", g.NameOf(n))
	}
	if m.Endpoint("output") != m.Output || len(m.Endpoints()) != 7 {
		t.Errorf("endpoints are %v", m.Endpoints())
	}
	names := []string{}
	for _, v := range m.Variables() {
		names = append(names, g.NameOf(v))
	}
	if got, want := strings.Join(names[:3], " "), "lenet/C1/kernel lenet/C1/bias lenet/C3/kernel"; got != want {
		t.Errorf("variables begin with %s; want %s", got, want)
	}
	if n := m.Endpoint("C4"); !graph.IsBad(n) || g.Err() == nil || !strings.Contains(g.Err().Error(), `no endpoint "C4"; it has C1, S2`) {
		t.Errorf("a missing endpoint gives %v", g.Err())
	}
}

func TestConfigBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  Config
		want string
	}{
		"classes":   {Config{Classes: -1}, "Classes is -1"},
		"no top":    {Config{Classes: 5, NoTop: true}, "NoTop leaves the classifier out"},
		"width":     {Config{Width: 0.5}, "one width only"},
		"port":      {Config{Port: Keras}, "Port is Keras, but this network"},
		"auxiliary": {Config{Auxiliary: true}, "one classifier only"},
		"NaN":       {Config{Width: math.NaN()}, "Width is NaN"},
	} {
		g := graph.New(graph.Config{})
		m := LeNet5(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 32, 32, 1), c.cfg)
		if err := g.Err(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
		if m.Output == nil || !graph.IsBad(m.Output) {
			t.Errorf("%s: the output is not a bad node", name)
		}
	}
}
