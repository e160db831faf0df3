package hooks_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
	"github.com/plexaura/plexaura/training/summary"
)

// board reads all event files of a folder in the order in which TensorBoard does. It returns the
// scalars by tag, as "step:value", and the tags of all else.
func board(t *testing.T, dir string) (scalars map[string]string, others []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has %d files, %v", dir, len(files), err)
	}
	scalars = map[string]string{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for r := tffile.NewRecordReader(f); ; {
			b, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			e, err := tffile.DecodeEvent(b)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case e.FileVersion != "":
				others = append(others, "version")
			case len(e.GraphDef) > 0:
				others = append(others, "graph")
			case e.SessionLog != nil:
				others = append(others, fmt.Sprint("start ", e.Step))
			}
			for _, s := range e.Summary {
				if s.Scalar == nil {
					others = append(others, fmt.Sprintf("%s %d", s.Tag, e.Step))
					continue
				}
				scalars[s.Tag] = strings.TrimSpace(fmt.Sprintf("%s %d:%v", scalars[s.Tag], e.Step, *s.Scalar))
			}
		}
	}
	return scalars, others
}

func TestTensorBoard(t *testing.T) {
	m := newToy(t)
	dir := filepath.Join(t.TempDir(), "runs", "toy")
	s := m.g.Scope()
	rate := graph.ConstOf(s, tensor.Float64, 0.25)
	summary.Histogram(s, "product", summary.Scalar(s, "merged", m.product))
	grads := graph.Gradients(s, gorgonia.Nodes{m.product}, gorgonia.Nodes{m.weight}, nil)
	hook := &hooks.TensorBoard{
		Dir: dir, EverySteps: 3, HistogramSteps: 4, Rate: rate, Summaries: summary.MergeAll(m.g),
		Gradients:       []training.GradVar{{Grad: grads[0], Var: m.weight}, {Var: m.weight}},
		HyperParameters: map[string]interface{}{"rate": 0.25},
	}
	cfg := m.config(2, early{}, hook, &recorder{values: []float64{5, 6}})
	cfg.Metrics = map[string]*gorgonia.Node{"rate": rate}
	if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
		t.Fatal(err)
	}
	scalars, others := board(t, dir)
	// The loss is the number of steps done before.
	want := map[string]string{
		"loss": "3:2 6:5", "rate": "3:0.25 6:0.25", "learning_rate": "3:0.25 6:0.25", "merged": "3:2 6:5",
		"epoch/loss": "4:1.5 8:5.5", "epoch/rate": "4:0.25 8:0.25", "validation/loss": "4:5 8:6", "before": "0:7",
	}
	if !reflect.DeepEqual(scalars, want) {
		t.Errorf("scalars %v\nwant %v", scalars, want)
	}
	wantOthers := []string{"version", "start 1", "hyperparameters 0", "graph", "product 3", "variables/weight 4", "gradients/weight 4", "product 6",
		"variables/weight 8", "gradients/weight 8"}
	if !reflect.DeepEqual(others, wantOthers) {
		t.Errorf("%q\nwant %q", others, wantOthers)
	}
}

// A training that is resumed writes a second file, which begins behind the checkpoint and repeats
// nothing.
func TestTensorBoardResumes(t *testing.T) {
	dir := t.TempDir()
	list := func() []training.Hook {
		return []training.Hook{
			&hooks.TensorBoard{Dir: filepath.Join(dir, "run"), EverySteps: 1, NoGraph: true},
			&hooks.Checkpoint{Path: filepath.Join(dir, "m"), EveryEpochs: 1, Resume: true},
			&recorder{values: []float64{5, 6, 7}},
		}
	}
	newToy(t).fit(t, 2, list()...)
	newToy(t).fit(t, 3, list()...)
	scalars, others := board(t, filepath.Join(dir, "run"))
	want := map[string]string{
		"loss":       "1:0 2:1 3:2 4:3 5:4 6:5 7:6 8:7 9:8 10:9 11:10 12:11",
		"epoch/loss": "4:1.5 8:5.5 12:9.5", "validation/loss": "4:5 8:6 12:7",
	}
	if !reflect.DeepEqual(scalars, want) || !reflect.DeepEqual(others, []string{"version", "start 1", "version", "start 9"}) {
		t.Errorf("%v, %q", scalars, others)
	}
}

// The axis is that of the global step, which an earlier training has moved on.
func TestTensorBoardGlobalStep(t *testing.T) {
	m := newToy(t)
	step := training.GlobalStep(m.g.Scope())
	count := graph.AssignAdd(m.g.Scope(), step, graph.ConstOf(m.g.Scope(), tensor.Int64, 1))
	if err := m.sess.Init(); err != nil {
		t.Fatal(err)
	}
	if err := m.sess.SetValue(step, int64(100)); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cfg := m.config(1, &hooks.TensorBoard{Dir: dir, EverySteps: 2, NoGraph: true})
	cfg.GlobalStep, cfg.Step = step, graph.Group(m.g.Scope(), m.step, count)
	if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
		t.Fatal(err)
	}
	scalars, others := board(t, dir)
	if want := map[string]string{"loss": "102:1 104:3", "epoch/loss": "104:1.5"}; !reflect.DeepEqual(scalars, want) || others[1] != "start 101" {
		t.Errorf("%v, %q", scalars, others)
	}
}

func TestTensorBoardErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	other := newToy(t)
	for want, hook := range map[string]*hooks.TensorBoard{
		"Dir is empty":              {},
		"EverySteps is -1":          {Dir: "x", EverySteps: -1},
		"making the folder":         {Dir: filepath.Join(file, "run")},
		"of another graph than":     {Dir: t.TempDir(), Rate: other.product},
		"BufferBytes is -1":         {Dir: t.TempDir(), Writer: summary.WriterConfig{BufferBytes: -1, FlushEvery: time.Hour}},
		"Variables, Gradients or S": {Dir: t.TempDir(), Variables: gorgonia.Nodes{nil}},
	} {
		m := newToy(t)
		_, err := training.Fit(context.Background(), m.sess, m.config(1, hook))
		if err == nil || !strings.Contains(err.Error(), "hooks.TensorBoard: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
		if m.weightNow(t) != 0 {
			t.Errorf("%s: a step was done", want)
		}
	}
}
