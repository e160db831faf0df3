package keras

import (
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

func TestDescribe(t *testing.T) {
	const text = `{"class_name": "Sequential", "config": {"name": "s", "layers": [
		{"class_name": "Sequential", "config": {"name": "inner", "layers": [{"class_name": "Dense", "config": {"name": "d1", "units": 3, "batch_input_shape": [null, 2]}}]}},
		{"class_name": "ReLU", "config": {"name": "r"}}, {"class_name": "Own", "config": {"name": "o"}}, {"class_name": "Dense", "config": {"name": "d2", "units": 1}}]}}`
	m, err := ParseModel([]byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "a graph of 7 nodes\n     2 Dense\n     2 InputLayer\n     1 Own\n     1 ReLU\n     1 Sequential\ninput inner_input float32[? 2]\noutput d2\n"
	if got := m.Describe().String(); got != want {
		t.Errorf("got\n%s; want\n%s", got, want)
	}
}

// Calls are listed by the names that Node takes; the error of one that is misspelled says what there is.
func TestNodes(t *testing.T) {
	m := sharedModel(t, keras3File(t))
	g := graph.New(graph.Config{})
	n, err := m.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	listed := m.Nodes()
	for _, l := range listed {
		for _, out := range l.Outputs {
			if _, err := n.Node(out.Name); err != nil {
				t.Errorf("%s: %v", l, err)
			}
		}
	}
	last := listed[len(listed)-1]
	if len(last.Inputs) == 0 {
		t.Errorf("%s has no inputs", last)
	}
	if _, err := n.Node(last.Name + "x"); err == nil || !strings.Contains(err.Error(), "near: "+last.Name) {
		t.Errorf("got %v; want %s for near", err, last.Name)
	}
}

// Variables are by the names of the tensors that they begin with.
func TestNetworkVariables(t *testing.T) {
	m := sharedModel(t, keras3File(t))
	g := graph.New(graph.Config{})
	n, err := m.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"layers/dense/vars/0 hidden/kernel", "layers/dense/vars/1 hidden/bias"}
	for i, v := range n.Variables {
		if got := v.Name + " " + g.NameOf(v.Node); len(n.Variables) != 2 || got != want[i] {
			t.Errorf("variable %d of %d is %s; want %s", i, len(n.Variables), got, want[i])
		}
	}
	if len(n.Variables) == 0 {
		t.Error("no variables")
	}
}
