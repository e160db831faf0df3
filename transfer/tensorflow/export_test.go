package tensorflow_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// classifier is a small network that trains.
func classifier(t testing.TB) (g *graph.Graph, x, logits *gorgonia.Node) {
	t.Helper()
	g = graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x = graph.Placeholder(s, "X", tensor.Float32, -1, 4)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	flag := graph.PlaceholderWithDefault(s, "training", false)
	dnn := s.NameScope("dnn")
	h := ops.Dense(dnn.Sub("hidden"), x, 5, ops.DenseConfig{NoBias: true})
	h = ops.ELU(dnn.Sub("hidden"), ops.BatchNorm(dnn.Sub("bn"), h, flag, ops.BatchNormConfig{Momentum: 0.9}), 1)
	h = ops.Dropout(dnn, h, 0.5, flag)
	logits = ops.Dense(dnn.Sub("outputs"), h, 3, ops.DenseConfig{})
	loss := ops.Mean(s.NameScope("loss"), ops.SparseSoftmaxCrossEntropy(s.NameScope("loss"), y, logits))
	g.AddToCollection("mine", loss)
	training.Adam(training.AdamConfig{GlobalStep: training.GlobalStep(s)}).Minimize(s.NameScope("train").After(g.UpdatesOf(loss)...), loss, g.Trainable())
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	return g, x, logits
}

// A .meta has what tf.train.Saver writes: variables with their slots, collections and the saver, and nothing of the training.
func TestSave(t *testing.T) {
	g, _, logits := classifier(t)
	sess := session(t, g)
	saver := training.NewSaver(g.Variables(), training.SaverConfig{MaxToKeep: 1})
	dir := t.TempDir()
	for _, name := range []string{"old", "model"} {
		if _, err := tensorflow.Save(sess, saver, filepath.Join(dir, name), tensorflow.ExportConfig{}); err != nil {
			t.Fatal(err)
		}
	}
	if old, _ := filepath.Glob(filepath.Join(dir, "old*")); len(old) > 0 {
		t.Errorf("of the old checkpoint there are %v", old)
	}
	m := readMeta(t, filepath.Join(dir, "model.meta"))
	validate(t, m.Graph)
	nodes := map[string]tffile.NodeDef{}
	for _, n := range m.Graph.Nodes {
		nodes[n.Name] = n
	}
	for name, op := range map[string]string{"X": "Placeholder", "training": "PlaceholderWithDefault", "hidden/kernel": "VariableV2", "hidden/kernel/Assign": "Assign",
		"hidden/kernel/read": "Identity", "hidden/kernel/Initializer/random_uniform": "Add", "hidden/kernel/Adam": "VariableV2", g.NameOf(logits): "BiasAdd",
		"save/restore_all": "NoOp", "save/SaveV2": "SaveV2", "save/control_dependency": "Identity", "init": "NoOp", "dnn/bn/AssignMovingAvg": "AssignSub", "dnn/bn/Merge": "Merge"} {
		if nodes[name].Op != op {
			t.Errorf("%s is %q; want %s", name, nodes[name].Op, op)
		}
	}
	for name := range nodes {
		if strings.HasPrefix(name, "train/") {
			t.Errorf("%s (%s) is of the training", name, nodes[name].Op)
		}
	}
	want := tffile.SaverDef{Filename: "save/Const:0", Save: "save/control_dependency:0", Restore: "save/restore_all", MaxToKeep: 5, KeepEveryHours: 10000, Version: 2}
	if m.Saver != want {
		t.Errorf("SaverDef %v; want %v", m.Saver, want)
	}
	if got := m.Collections["mine"].Nodes; !reflect.DeepEqual(got, []string{"loss/Mean:0"}) {
		t.Errorf("the collection has %v", got)
	}
	if got := len(m.Collections[graph.UpdateOps].Nodes); got != 2 {
		t.Errorf("there are %d update ops", got)
	}
	for key, vars := range map[string]gorgonia.Nodes{graph.GlobalVariables: g.Variables(), graph.TrainableVariables: g.Trainable()} {
		if len(m.Collections[key].Bytes) != len(vars) {
			t.Errorf("%s has %d variables; want %d", key, len(m.Collections[key].Bytes), len(vars))
		}
		for i, b := range m.Collections[key].Bytes {
			v, err := tffile.DecodeVariableDef([]byte(b))
			name := g.NameOf(vars[i])
			if err != nil || v.Name != name+":0" || v.Snapshot != name+"/read:0" || v.Initializer != name+"/Assign" || v.Trainable != slices.Contains(g.Trainable(), vars[i]) {
				t.Errorf("got %v, %v; want %s", v, err, name)
			}
		}
	}
	f, err := tensorflow.Open(filepath.Join(dir, "model"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	names := slices.Clone(nodes["save/RestoreV2/tensor_names"].Attrs["value"].Value.(*tffile.Tensor).Strings)
	slices.Sort(names)
	if have := slices.Sorted(slices.Values(f.Names())); !slices.Equal(names, have) {
		t.Errorf("the graph restores %v; the checkpoint has %v", names, have)
	}
}

// A frozen graph and a SavedModel are for inference: the training flag is decided, and dropout is gone.
func TestWriteForInference(t *testing.T) {
	g, x, logits := classifier(t)
	sess := session(t, g)
	dir := t.TempDir()
	cfg := tensorflow.ExportConfig{Outputs: gorgonia.Nodes{logits}}
	frozen, saved := filepath.Join(dir, "frozen.pb"), filepath.Join(dir, "saved")
	if err := tensorflow.WriteFrozen(frozen, sess, cfg); err != nil {
		t.Fatal(err)
	}
	if err := tensorflow.WriteSavedModel(saved, sess, cfg); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(saved, "saved_model.pb"))
	if err != nil {
		t.Fatal(err)
	}
	models, err := tffile.DecodeSavedModel(b)
	if err != nil {
		t.Fatal(err)
	}
	for what, def := range map[string]tffile.GraphDef{"frozen": readGraph(t, frozen), "saved": models[0].Graph} {
		validate(t, def)
		for _, n := range def.Nodes {
			if slices.Contains([]string{"Switch", "Merge", "RandomUniform", "PlaceholderWithDefault", "AssignSub"}, n.Op) && !strings.Contains(n.Name, "Initializer") {
				t.Errorf("%s: there is %s (%s)", what, n.Name, n.Op)
			}
		}
	}
	signature := models[0].Signatures["serving_default"]
	if signature.Inputs["X"].Name != "X:0" || signature.Outputs[g.NameOf(logits)].Name != g.NameOf(logits)+":0" || len(signature.Inputs) != 1 {
		t.Errorf("the signature is %v", signature)
	}
	feed := numbers(3, 4)
	want, err := sess.Run(graph.Feeds{x: feed}, logits)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{frozen, saved} {
		read, out := imported(t, path, g.NameOf(logits))
		got, err := read.Run(graph.Feeds{read.Graph().Node("X"): feed}, out...)
		if err != nil {
			t.Fatal(err)
		}
		near(t, path, got.Tensor(0), want.Tensor(0), 1e-6)
	}
}

func TestWriteMetaErrors(t *testing.T) {
	g, x, logits := classifier(t)
	s := g.Scope()
	odd := graph.Apply(s, graph.OpDef{Name: "Odd", Infer: graph.SameAs, Kernel: func(*graph.Binding) (graph.Kernel, error) { return func(*graph.Call) error { return nil }, nil }}, x)
	two := ops.Add(s, odd, graph.Apply(s, graph.OpDef{Name: "Odd", Infer: graph.SameAs, Kernel: func(*graph.Binding) (graph.Kernel, error) { return func(*graph.Call) error { return nil }, nil }}, x))
	other := graph.Placeholder(graph.New(graph.Config{}).Scope(), "other", tensor.Bool)
	path := filepath.Join(t.TempDir(), "x.meta")
	for want, cfg := range map[string]tensorflow.ExportConfig{
		"the graph: ops that are not supported: Odd (2)":             {Outputs: gorgonia.Nodes{two}},
		"Constants has dnn/outputs/BiasAdd, which is no placeholder": {Constants: map[*gorgonia.Node]interface{}{logits: 1}},
		"the constant for training":                                  {Constants: map[*gorgonia.Node]interface{}{g.Node("training"): 0.5}},
		"output 0, other of another graph, is no node of the graph":  {Outputs: gorgonia.Nodes{other}},
	} {
		if err := tensorflow.WriteMeta(path, g, cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
	sess := session(t, g)
	for want, err := range map[string]error{
		"the graph is nil":       tensorflow.WriteMeta(path, nil, tensorflow.ExportConfig{}),
		"the session is nil":     tensorflow.WriteFrozen(path, nil, tensorflow.ExportConfig{}),
		"there are no Outputs":   tensorflow.WriteSavedModel(path, sess, tensorflow.ExportConfig{}),
		"no such file or direct": tensorflow.WriteMeta(filepath.Join(path, "none", "x"), g, tensorflow.ExportConfig{Outputs: gorgonia.Nodes{logits}}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
	if files, _ := filepath.Glob(path + "*"); len(files) > 0 {
		t.Errorf("a failed export left %v", files)
	}
}
