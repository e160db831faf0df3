package graph

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// layers builds a small net whose names the tests select from.
func layers() (*Graph, map[string]*gorgonia.Node) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", 2)
	h := x
	at := map[string]*gorgonia.Node{}
	for _, name := range []string{"hidden1", "hidden2", "hidden3", "outputs"} {
		l := s.NameScope("dnn").Sub(name)
		k := f64(l, "kernel", 1, 2)
		moving := Variable(l, "moving", tensor.Shape{2}, VariableConfig{Dtype: tensor.Float64, NotTrainable: true, Collections: []string{ModelVariables, MovingAverageVariables}})
		h = mul(l, h, k)
		at[name] = h
		update := AssignAdd(l, moving, h)
		g.AddUpdate(h, update)
		at[name+"/update"] = update
		at[name+"/slot"] = Slot(l.NameScope("train"), k, "Momentum", tensor.Shape{2}, constantly(0))
	}
	return g, at
}

// Patterns are regular expressions that match at the beginning of a name, as
// tf.get_collection(key, scope) does.
func TestSelectionByPattern(t *testing.T) {
	g, _ := layers()
	for _, c := range []struct {
		what string
		got  gorgonia.Nodes
		want []string
	}{
		{"trainable", g.Trainable(), []string{"hidden1/kernel", "hidden2/kernel", "hidden3/kernel", "outputs/kernel"}},
		{"class", g.Trainable("hidden[12]"), []string{"hidden1/kernel", "hidden2/kernel"}},
		{"alternatives stay anchored", g.Trainable("outputs|hidden1"), []string{"hidden1/kernel", "outputs/kernel"}},
		{"several, in order of entry", g.Trainable("outputs", "hidden1"), []string{"hidden1/kernel", "outputs/kernel"}},
		{"slots are no model", g.ModelVariables("hidden1"), []string{"hidden1/kernel", "hidden1/moving"}},
		{"all", g.Variables("hidden1"), []string{"hidden1/kernel", "hidden1/moving", "hidden1/kernel/Momentum"}},
		{"by key", g.Collection(MovingAverageVariables, "outputs"), []string{"outputs/moving"}},
		{"operations", g.Operations("dnn/hidden3/.*Add"), []string{"dnn/hidden3/AssignAdd"}},
		{"empty", g.Collection(Losses), []string{}},
	} {
		if got := namesOf(g, c.got); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
	if err := g.Err(); err != nil {
		t.Error(err)
	}
}

// Select returns an error where Collection makes a build error.
func TestSelect(t *testing.T) {
	g, _ := layers()
	for _, patterns := range [][]string{{"hiden1/kernel"}, {"hidden1", "hidden["}} {
		if nodes, err := g.Select(TrainableVariables, patterns...); err == nil || nodes != nil || !strings.Contains(err.Error(), "trainable_variables") {
			t.Errorf("%q: %v, %v", patterns, nodes, err)
		}
	}
	got, err := g.Select(TrainableVariables, "hidden1/kernel")
	if want := g.Trainable("hidden1/kernel"); err != nil || len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if err := g.Err(); err != nil {
		t.Error(err)
	}
}

// "A pattern that matches nothing ... is an error with near names."
func TestPatternsThatMatchNothing(t *testing.T) {
	for name, c := range map[string]struct {
		take  func(g *Graph) gorgonia.Nodes
		words []string
	}{
		"typo":       {func(g *Graph) gorgonia.Nodes { return g.Trainable("hiden1/kernel") }, []string{`"hiden1/kernel" matches nothing`, "trainable_variables", "near: hidden1/kernel"}},
		"scope":      {func(g *Graph) gorgonia.Nodes { return g.Trainable("hiden1") }, []string{"near: hidden1, hidden2"}},
		"scopes":     {func(g *Graph) gorgonia.Nodes { return g.Trainable("hiden[12]") }, []string{"near: hidden1, hidden2"}},
		"middle":     {func(g *Graph) gorgonia.Nodes { return g.Trainable("kernel") }, []string{"matches nothing", "kernel"}},
		"one of two": {func(g *Graph) gorgonia.Nodes { return g.Variables("hidden1", "hidden9") }, []string{`"hidden9"`}},
		"regexp":     {func(g *Graph) gorgonia.Nodes { return g.Variables("hidden[") }, []string{`pattern "hidden["`, "missing closing ]"}},
		"no entries": {func(g *Graph) gorgonia.Nodes { return g.Collection(Losses, "a") }, []string{"losses", "there are none"}},
		"operations": {func(g *Graph) gorgonia.Nodes { return g.Operations("dnn/hidden1/Mull") }, []string{"Operations", "near: dnn/hidden1/Mul"}},
		"model":      {func(g *Graph) gorgonia.Nodes { return g.ModelVariables("hidden1/kernel/Momentum") }, []string{"model_variables"}},
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := layers()
			if got := c.take(g); len(got) > 0 {
				t.Error(got)
			}
			wantError(t, g.Err(), append(c.words, "selection_test.go:")...)
		})
	}
}

// g.Node accepts TensorFlow's "name:0"; a missing name is a bad node with near
// names; g.Lookup says whether there is one.
func TestNodeByName(t *testing.T) {
	g, at := layers()
	for _, name := range []string{"dnn/hidden1/Mul", "dnn/hidden1/Mul:0"} {
		if g.Node(name) != at["hidden1"] {
			t.Error(name)
		}
		if n, ok := g.Lookup(name); !ok || n != at["hidden1"] {
			t.Error(name, ok)
		}
	}
	if n, ok := g.Lookup("dnn/hidden1/mul"); ok || n != nil || g.Err() != nil {
		t.Error(n, g.Err())
	}
	if n := g.Node("dnn/hiden1/Mul"); !IsBad(n) {
		t.Error(n)
	}
	wantError(t, g.Err(), `no node "dnn/hiden1/Mul"`, "near: dnn/hidden1/Mul", "selection_test.go:")
	if _, ok := g.Lookup("Node"); ok {
		t.Error("a bad node can be looked up")
	}
}

// UpdatesOf: the update ops that a loss depends on.
func TestUpdatesOf(t *testing.T) {
	g, at := layers()
	s := g.Scope()
	v := f64(s, "bare", 1, 2)
	bare := AssignAdd(s, v, v)
	g.AddToCollection(UpdateOps, bare) // without a companion: found through the variable that it writes
	group := Group(s, AssignAdd(s, f64(s, "grouped", 1, 2), v))
	g.AddToCollection(UpdateOps, group, group)
	for _, c := range []struct {
		of   *gorgonia.Node
		want []string
	}{
		{at["hidden1"], []string{"dnn/hidden1/AssignAdd"}},
		{sum(s, at["hidden2"]), []string{"dnn/hidden1/AssignAdd", "dnn/hidden2/AssignAdd"}},
		{scale(s, v, 2), []string{"AssignAdd"}},
		{scale(s, g.Node("grouped"), 2), []string{"Group"}},
		{double(s, "alone"), []string{}},
	} {
		if got := namesOf(g, g.UpdatesOf(c.of)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", g.NameOf(c.of), got, c.want)
		}
	}
	if got := g.Collection(UpdateOps); len(got) != 6 {
		t.Error(namesOf(g, got))
	}
	g.RemoveFromCollection(UpdateOps, group, bare)
	if got := g.Collection(UpdateOps); len(got) != 4 {
		t.Error(namesOf(g, got))
	}
}

// Collections carry TensorFlow's keys.
func TestCollectionKeys(t *testing.T) {
	for got, want := range map[string]string{
		GlobalVariables: "variables", TrainableVariables: "trainable_variables", LocalVariables: "local_variables",
		ModelVariables: "model_variables", MovingAverageVariables: "moving_average_variables", UpdateOps: "update_ops",
		Losses: "losses", RegularizationLosses: "regularization_losses", Summaries: "summaries", GlobalStep: "global_step", TrainOp: "train_op",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	g, _ := layers()
	if got := g.Collections(); !reflect.DeepEqual(got, []string{"model_variables", "moving_average_variables", "trainable_variables", "update_ops", "variables"}) {
		t.Error(got)
	}
}

// Slots are named after the variable, whatever the scope.
func TestSlots(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v := f64(s.Sub("hidden1"), "kernel", 1, 2, 3)
	in := s.NameScope("train").Sub("optimizer").Reuse()
	var names []string
	for _, slot := range []string{"Momentum", "Adam", "Adam", "Adam"} {
		n := Slot(in, v, slot, tensor.Shape{2, 3}, constantly(0))
		names = append(names, g.NameOf(n))
		if SpecOf(n).Dtype != tensor.Float64 || !g.IsVariable(n) {
			t.Error(SpecOf(n))
		}
	}
	if !reflect.DeepEqual(names, []string{"hidden1/kernel/Momentum", "hidden1/kernel/Adam", "hidden1/kernel/Adam_1", "hidden1/kernel/Adam_2"}) {
		t.Error(names)
	}
	if len(g.Trainable()) != 1 || len(g.ModelVariables()) != 1 || len(g.Variables()) != 5 || g.Err() != nil {
		t.Error(namesOf(g, g.Variables()), g.Err())
	}
	// A variable adopted from Gorgonia keeps a name that ours could not have.
	eg := gorgonia.NewGraph()
	w := gorgonia.NewVector(eg, tensor.Float64, gorgonia.WithShape(2), gorgonia.WithName("my w"),
		gorgonia.WithValue(tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2}))))
	g = Wrap(eg)
	if err := g.AsVariable(w); err != nil {
		t.Fatal(err)
	}
	if n := Slot(g.Scope(), w, "Adam", tensor.Shape{2}, constantly(0)); g.NameOf(n) != "my w/Adam" || !g.IsVariable(n) || g.Err() != nil {
		t.Error(g.NameOf(n), g.Err())
	}
}
