package training_test

import (
	"errors"
	"fmt"
	"io/fs"
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
	"github.com/plexaura/plexaura/training"
)

// model is a graph with variables of every dtype, an optimizer's slots and a
// global step.
type model struct {
	g    *graph.Graph
	sess *graph.Session
	w    *gorgonia.Node
	step *gorgonia.Node
	grad *gorgonia.Node
	all  gorgonia.Nodes
}

func newModel(t *testing.T) *model {
	t.Helper()
	m := &model{g: graph.New(graph.Config{})}
	s := m.g.Scope()
	m.w = variable(s.Sub("layer"), "kernel", tensor.Float32, 1, 2, 3)
	variable(s, "wide", tensor.Float64, .1)
	for i, dtype := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool} {
		graph.Variable(s, "v_"+dtype.String(), tensor.Shape{1 + i}, graph.VariableConfig{Dtype: dtype, NotTrainable: true, Initializer: constantly(3)})
	}
	variable(s, "empty", tensor.Float32, 0, 0, 4)
	m.grad = graph.Placeholder(s, "grad", tensor.Float32, 2, 3)
	count := training.GlobalStep(s)
	m.step = training.Adam(training.AdamConfig{GlobalStep: count}).ApplyGradients(s, []training.GradVar{{Grad: m.grad, Var: m.w}})
	m.all = m.g.Variables()
	m.sess = open(t, m.g)
	return m
}

func (m *model) train(t *testing.T, steps int) {
	t.Helper()
	for i := 0; i < steps; i++ {
		x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, -2, 3, float32(i), .5, 0}))
		run(t, m.sess, graph.Feeds{m.grad: x}, m.step)
	}
}

func (m *model) values(t *testing.T) []interface{} {
	t.Helper()
	var out []interface{}
	for _, v := range m.all {
		x := value(t, m.sess, v)
		out = append(out, x.Shape().Clone())
		if x.Size() > 0 { // Data panics for an empty tensor
			out = append(out, x.Data())
		}
	}
	return out
}

// What was saved comes back, every dtype, slot and counter; training goes on
// with the same numbers in another session of another graph.
func TestSaveAndRestore(t *testing.T) {
	dir := t.TempDir()
	m := newModel(t)
	m.train(t, 3)
	saver := training.NewSaver(m.all, training.SaverConfig{})
	path, err := saver.Save(m.sess, filepath.Join(dir, "new", "model.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	if path != filepath.Join(dir, "new", "model.ckpt") {
		t.Errorf("saved at %s", path)
	}
	saved := m.values(t)
	m.train(t, 2)
	later := m.values(t)
	if err := saver.Restore(m.sess, path); err != nil {
		t.Fatal(err)
	}
	if got := m.values(t); !reflect.DeepEqual(got, saved) {
		t.Errorf("restored %v\nsaved %v", got, saved)
	}
	m.train(t, 0)

	fresh := newModel(t)
	latest, err := training.Latest(filepath.Join(dir, "new"))
	if err != nil || latest != path {
		t.Fatalf("latest is %s, %v", latest, err)
	}
	if err := training.NewSaver(fresh.all, training.SaverConfig{}).Restore(fresh.sess, latest); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 2; i++ {
		x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, -2, 3, float32(i), .5, 0}))
		run(t, fresh.sess, graph.Feeds{fresh.grad: x}, fresh.step)
	}
	if got := fresh.values(t); !reflect.DeepEqual(got, later) {
		t.Errorf("training went on to %v\nwant %v", got, later)
	}
	// Init after Restore changes nothing.
	if err := fresh.sess.Init(); err != nil {
		t.Fatal(err)
	}
	if got := fresh.values(t); !reflect.DeepEqual(got, later) {
		t.Error("Init wiped a restored value")
	}
}

func (m *model) exists(path string) bool {
	_, err := os.Stat(path + ".index")
	return err == nil
}

func bases(paths []string) []string {
	var out []string
	for _, p := range paths {
		out = append(out, filepath.Base(p))
	}
	return out
}

// The step is in the name, old checkpoints go, the state file lists the rest;
// what another Saver wrote stays.
func TestMaxToKeep(t *testing.T) {
	dir := t.TempDir()
	m := newModel(t)
	count := training.GlobalStep(m.g.Scope())
	best := training.NewSaver(m.g.ModelVariables(), training.SaverConfig{})
	if _, err := best.Save(m.sess, filepath.Join(dir, "best.ckpt")); err != nil {
		t.Fatal(err)
	}
	saver := training.NewSaver(m.all, training.SaverConfig{MaxToKeep: 2, GlobalStep: count})
	var paths []string
	for i := 0; i < 4; i++ {
		m.train(t, 1)
		path, err := saver.Save(m.sess, filepath.Join(dir, "model.ckpt"))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	if got := bases(paths); !reflect.DeepEqual(got, []string{"model.ckpt-1", "model.ckpt-2", "model.ckpt-3", "model.ckpt-4"}) {
		t.Errorf("saved %v", got)
	}
	for i, p := range paths {
		if m.exists(p) != (i >= 2) {
			t.Errorf("%s exists: %v", p, m.exists(p))
		}
	}
	if !m.exists(filepath.Join(dir, "best.ckpt")) {
		t.Error("another Saver's checkpoint was deleted")
	}
	if got := saver.Checkpoints(); !reflect.DeepEqual(got, paths[2:]) {
		t.Errorf("kept %v", got)
	}
	st, err := tffile.ReadState(dir)
	if err != nil || st.Latest != paths[3] || !reflect.DeepEqual(st.All, paths[2:]) {
		t.Errorf("state %+v, %v", st, err)
	}

	// Saving under the same name again keeps one entry.
	if path, err := saver.SaveStep(m.sess, filepath.Join(dir, "model.ckpt"), 3); err != nil || path != paths[2] {
		t.Fatalf("%s, %v", path, err)
	}
	if got := bases(saver.Checkpoints()); !reflect.DeepEqual(got, []string{"model.ckpt-4", "model.ckpt-3"}) {
		t.Errorf("kept %v", got)
	}

	// A new Saver deletes nothing of the old one's unless it continues it.
	next := training.NewSaver(m.all, training.SaverConfig{MaxToKeep: 1})
	if err := next.Continue(dir); err != nil {
		t.Fatal(err)
	}
	if path, err := next.SaveStep(m.sess, filepath.Join(dir, "model.ckpt"), 9); err != nil || filepath.Base(path) != "model.ckpt-9" {
		t.Fatalf("%s, %v", path, err)
	}
	if m.exists(paths[2]) || m.exists(paths[3]) || !m.exists(filepath.Join(dir, "model.ckpt-9")) {
		t.Error("the continued Saver did not replace the older checkpoints")
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range left {
		files = append(files, f.Name())
	}
	want := []string{"best.ckpt.data-00000-of-00001", "best.ckpt.index", "checkpoint", "model.ckpt-9.data-00000-of-00001", "model.ckpt-9.index"}
	if !reflect.DeepEqual(files, want) {
		t.Errorf("files %v", files)
	}
}

func TestKeepAll(t *testing.T) {
	dir := t.TempDir()
	m := newModel(t)
	saver := training.NewSaver(m.g.ModelVariables(), training.SaverConfig{MaxToKeep: training.KeepAll})
	for i := int64(0); i < 8; i++ {
		if _, err := saver.SaveStep(m.sess, filepath.Join(dir, "m"), i); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(saver.Checkpoints()); n != 8 || !m.exists(filepath.Join(dir, "m-0")) {
		t.Errorf("%d kept", n)
	}
}

// Rename maps names both ways; alone it is the list of variables.
func TestRename(t *testing.T) {
	dir := t.TempDir()
	m := newModel(t)
	m.train(t, 1)
	saver := training.NewSaver(nil, training.SaverConfig{Rename: map[string]*gorgonia.Node{"weights1": m.w}})
	path, err := saver.Save(m.sess, filepath.Join(dir, "m.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := tffile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := r.Names(); !reflect.DeepEqual(got, []string{"weights1"}) {
		t.Errorf("stored %v", got)
	}
	want := value(t, m.sess, m.w).Data()
	set(t, m.sess, m.w, tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Float32)))
	if err := saver.Restore(m.sess, path); err != nil {
		t.Fatal(err)
	}
	if got := value(t, m.sess, m.w).Data(); !reflect.DeepEqual(got, want) {
		t.Errorf("restored %v; want %v", got, want)
	}
	// The plain name is not there: the error says what is near.
	err = training.NewSaver(gorgonia.Nodes{m.w}, training.SaverConfig{}).Restore(m.sess, path)
	wantError(t, err, "no layer/kernel", "m.ckpt", "nothing was changed")
}

// Restore is all or nothing; RestoreSubset takes what fits and reports the
// rest.
func TestRestoreReport(t *testing.T) {
	dir := t.TempDir()
	old := graph.New(graph.Config{})
	s := old.Scope()
	variable(s, "same", tensor.Float32, 5, 2)
	variable(s, "shape", tensor.Float32, 5, 2)
	variable(s, "dtype", tensor.Float32, 5, 2)
	variable(s.Sub("dnn"), "moved", tensor.Float32, 5, 2)
	path, err := training.NewSaver(old.Variables(), training.SaverConfig{}).Save(open(t, old), filepath.Join(dir, "m.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	s = g.Scope()
	same := variable(s, "same", tensor.Float32, 1, 2)
	variable(s, "shape", tensor.Float32, 1, 3)
	variable(s, "dtype", tensor.Float64, 1, 2)
	variable(s, "moved", tensor.Float32, 1, 2)
	sess := open(t, g)
	saver := training.NewSaver(g.Variables(), training.SaverConfig{})
	err = saver.Restore(sess, path)
	var re *training.RestoreError
	if !errors.As(err, &re) || re.Path != path {
		t.Fatalf("error %v", err)
	}
	wantError(t, err, "no moved (but dnn/moved)", "shape is float32[2] in the checkpoint, float32[3] in the graph",
		"dtype is float32[2] in the checkpoint, float64[2] in the graph", "nothing was changed")
	if got := value(t, sess, same).Data().([]float32); got[0] != 1 {
		t.Errorf("a failed Restore changed a value to %v", got)
	}
	report, err := saver.RestoreSubset(sess, path)
	if err != nil {
		t.Fatal(err)
	}
	want := training.Report{
		Restored: []string{"same"},
		Missing:  []string{"moved"},
		Mismatched: []training.Mismatch{
			{Name: "shape", Stored: "float32[2]", Want: "float32[3]"},
			{Name: "dtype", Stored: "float32[2]", Want: "float64[2]"},
		},
		Unused: []string{"dnn/moved"},
	}
	if !reflect.DeepEqual(report, want) {
		t.Errorf("report %+v\nwant %+v", report, want)
	}
	for _, part := range []string{"restored (1): same\n", "missing (1): moved\n", "mismatched (2): shape is", "unused (1): dnn/moved\n"} {
		if !strings.Contains(report.String(), part) {
			t.Errorf("the report %q lacks %q", report, part)
		}
	}
	if got := value(t, sess, same).Data().([]float32); got[0] != 5 {
		t.Errorf("RestoreSubset left %v", got)
	}
	// Nothing fits: an error, not an empty success.
	moved, _ := g.Lookup("moved")
	if _, err := training.NewSaver(gorgonia.Nodes{moved}, training.SaverConfig{}).RestoreSubset(sess, path); !errors.As(err, &re) {
		t.Errorf("error %v", err)
	}
}

func TestSaverErrors(t *testing.T) {
	dir := t.TempDir()
	m := newModel(t)
	good := training.NewSaver(m.all, training.SaverConfig{})
	path, err := good.Save(m.sess, filepath.Join(dir, "m.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	other := graph.New(graph.Config{})
	stranger := variable(other.Scope(), "stranger", tensor.Float32, 0)
	for _, c := range []struct {
		name  string
		saver *training.Saver
		want  []string
	}{
		{"empty", training.NewSaver(nil, training.SaverConfig{}), []string{"empty", "g.ModelVariables()", "layer/kernel"}},
		{"nil", training.NewSaver(gorgonia.Nodes{nil}, training.SaverConfig{}), []string{"nil"}},
		{"no variable", training.NewSaver(gorgonia.Nodes{m.grad}, training.SaverConfig{}), []string{"grad is not a variable"}},
		{"another graph", training.NewSaver(gorgonia.Nodes{stranger}, training.SaverConfig{}), []string{"stranger is not a variable"}},
		{"twice", training.NewSaver(gorgonia.Nodes{m.w, m.w}, training.SaverConfig{}), []string{"layer/kernel is given to the Saver twice"}},
		{"clash", training.NewSaver(m.all, training.SaverConfig{Rename: map[string]*gorgonia.Node{"wide": m.w}}), []string{"layer/kernel and wide would both be saved as wide"}},
		{"two names", training.NewSaver(nil, training.SaverConfig{Rename: map[string]*gorgonia.Node{"a": m.w, "b": m.w}}), []string{"two names, a and b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.saver.Save(m.sess, filepath.Join(dir, "x.ckpt"))
			wantError(t, err, append(c.want, "save")...)
			wantError(t, c.saver.Restore(m.sess, path), append(c.want, "restore")...)
		})
	}
	_, err = training.NewSaver(m.all, training.SaverConfig{GlobalStep: m.w}).Save(m.sess, path)
	wantError(t, err, "GlobalStep layer/kernel")
	_, err = good.SaveStep(m.sess, path, -1)
	wantError(t, err, "step is -1")
	_, err = good.Save(m.sess, "")
	wantError(t, err, "names no file")
	_, err = good.Save(m.sess, dir+string(filepath.Separator))
	wantError(t, err, "names no file")
	_, err = good.Save(nil, path)
	wantError(t, err, "session is nil")
	_, err = good.Save(m.sess, filepath.Join(path+".index", "below", "m.ckpt"))
	wantError(t, err, "m.ckpt")

	// A variable without a value is named; nothing is written.
	raw, err := graph.NewSession(m.g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	_, err = good.Save(raw, filepath.Join(dir, "raw.ckpt"))
	wantError(t, err, "layer/kernel", "no value")
	if m.exists(filepath.Join(dir, "raw.ckpt")) {
		t.Error("a checkpoint was written")
	}
	// ... but Restore needs no Init before it.
	if err := good.Restore(raw, path); err != nil {
		t.Error(err)
	}
	raw.Close()
	_, err = good.Save(raw, path)
	wantError(t, err, "closed")
	wantError(t, good.Restore(raw, path), "closed")
}

// A checkpoint that is missing, cut or changed gives an error and changes no
// value.
func TestDamagedCheckpoints(t *testing.T) {
	dir := t.TempDir()
	m := newModel(t)
	saver := training.NewSaver(m.all, training.SaverConfig{})
	path, err := saver.Save(m.sess, filepath.Join(dir, "m.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	m.train(t, 1)
	before := m.values(t)
	index, err := os.ReadFile(path + ".index")
	if err != nil {
		t.Fatal(err)
	}
	dataPath := path + ".data-00000-of-00001"
	data, err := os.ReadFile(dataPath)
	if err != nil {
		t.Fatal(err)
	}
	write := func(index, data []byte) {
		for p, b := range map[string][]byte{path + ".index": index, dataPath: data} {
			os.Remove(p)
			if b != nil {
				if err := os.WriteFile(p, b, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	fails := func(what string, missing bool) {
		t.Helper()
		err := saver.Restore(m.sess, path)
		if err == nil {
			t.Errorf("%s: no error", what)
		} else if missing != errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "m.ckpt") {
			t.Errorf("%s: error %v", what, err)
		}
		if got := m.values(t); !reflect.DeepEqual(got, before) {
			t.Errorf("%s: values changed", what)
		}
	}
	write(nil, data)
	fails("no index", true)
	write(index, nil)
	fails("no data", true)
	for n := 0; n < len(index); n += 7 {
		write(index[:n], data)
		fails("cut index", false)
	}
	for n := 0; n < len(data); n += 13 {
		write(index, data[:n])
		fails("cut data", false)
	}
	for i := range data {
		bad := slices.Clone(data)
		bad[i] ^= 4
		write(index, bad)
		fails("changed data", false)
	}
	write(index, data)
	if err := saver.Restore(m.sess, path); err != nil {
		t.Fatal(err)
	}
	wantError(t, saver.Restore(m.sess, path+".index"), "without .index")
	wantError(t, saver.Restore(m.sess, dir), "folder")
}

// A checkpoint written while the session trains holds values of one moment.
func TestSaveDuringTraining(t *testing.T) {
	dir := t.TempDir()
	g := graph.New(graph.Config{})
	s := g.Scope()
	var grads []training.GradVar
	for i := 0; i < 8; i++ {
		v := variable(s, "v"+string(rune('0'+i)), tensor.Float32, 0, 50)
		grads = append(grads, training.GradVar{Grad: graph.OnesLike(s, v), Var: v})
	}
	count := training.GlobalStep(s)
	step := training.GradientDescent(training.GradientDescentConfig{LearningRate: 1, GlobalStep: count}).ApplyGradients(s, grads)
	sess := open(t, g)
	stop, done := make(chan struct{}), make(chan error)
	go func() {
		for {
			select {
			case <-stop:
				done <- nil
				return
			default:
				if _, err := sess.Run(nil, step); err != nil {
					done <- err
					return
				}
			}
		}
	}()
	saver := training.NewSaver(g.Variables(), training.SaverConfig{GlobalStep: count, MaxToKeep: training.KeepAll})
	var paths []string
	for i := 0; i < 10; i++ {
		path, err := saver.Save(sess, filepath.Join(dir, "m"))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	close(stop)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if err := saver.Restore(sess, path); err != nil {
			t.Fatal(err)
		}
		n := run(t, sess, nil, count).Float(0)
		if !strings.HasSuffix(path, fmt.Sprintf("m-%d", int(n))) {
			t.Errorf("%s holds step %v", path, n)
		}
		for _, gv := range grads {
			for _, x := range value(t, sess, gv.Var).Data().([]float32) {
				if float64(x) != -n {
					t.Fatalf("%s: a weight is %v at step %v", path, x, n)
				}
			}
		}
	}
}

func TestLatest(t *testing.T) {
	dir := t.TempDir()
	if _, err := training.Latest(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	m := newModel(t)
	saver := training.NewSaver(m.all, training.SaverConfig{})
	if _, err := saver.Save(m.sess, filepath.Join(dir, "run", "m.ckpt")); err != nil {
		t.Fatal(err)
	}
	// The folder is moved: the state file's absolute path is stale.
	if err := os.Rename(filepath.Join(dir, "run"), filepath.Join(dir, "moved")); err != nil {
		t.Fatal(err)
	}
	path, err := training.Latest(filepath.Join(dir, "moved"))
	if err != nil || path != filepath.Join(dir, "moved", "m.ckpt") {
		t.Fatalf("%s, %v", path, err)
	}
	if err := saver.Restore(m.sess, path); err != nil {
		t.Error(err)
	}
	if err := os.Remove(path + ".index"); err != nil {
		t.Fatal(err)
	}
	_, err = training.Latest(filepath.Join(dir, "moved"))
	wantError(t, err, "does not exist", "m.ckpt")
	if err := os.WriteFile(filepath.Join(dir, "moved", "checkpoint"), []byte("model_checkpoint_path: {"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = training.Latest(filepath.Join(dir, "moved"))
	wantError(t, err, "moved")
}
