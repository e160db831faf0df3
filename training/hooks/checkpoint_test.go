package hooks_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
)

// stepsSaved lists the numbers of a folder's checkpoints.
func stepsSaved(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.index"))
	if err != nil {
		t.Fatal(err)
	}
	saved := map[string]bool{}
	for _, f := range files {
		saved[strings.TrimSuffix(filepath.Base(f), ".index")] = true
	}
	var out []string
	for i := range 200 {
		if saved[fmt.Sprintf("m-%d", i)] {
			out = append(out, fmt.Sprint(i))
		}
	}
	return strings.Join(out, " ")
}

func TestCheckpoint(t *testing.T) {
	all := training.SaverConfig{MaxToKeep: training.KeepAll}
	for name, tt := range map[string]struct {
		hook  hooks.Checkpoint
		saved string
	}{
		"by epochs":       {hooks.Checkpoint{Saver: all}, "4 8 12 16"},
		"every 2nd epoch": {hooks.Checkpoint{EveryEpochs: 2, Saver: all}, "8 16"},
		"every 3rd epoch": {hooks.Checkpoint{EveryEpochs: 3, Saver: all}, "12 16"},
		"by steps":        {hooks.Checkpoint{EverySteps: 5, Saver: all}, "5 10 15 16"},
		"by both":         {hooks.Checkpoint{EverySteps: 5, EveryEpochs: 1, Saver: all}, "4 5 8 10 12 15 16"},
		"by time":         {hooks.Checkpoint{Every: time.Nanosecond, Saver: all}, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"},
		"rarely":          {hooks.Checkpoint{Every: time.Hour, Saver: all}, "16"},
		"kept":            {hooks.Checkpoint{EverySteps: 1, Saver: training.SaverConfig{MaxToKeep: 2}}, "15 16"},
	} {
		dir := t.TempDir()
		hook := tt.hook
		hook.Path = filepath.Join(dir, "run", "m")
		newToy(t).fit(t, 4, &hook)
		if got := stepsSaved(t, filepath.Join(dir, "run")); got != tt.saved {
			t.Errorf("%s: saved %s, want %s", name, got, tt.saved)
		}
	}
}

// A training that is stopped, cancelled or left saves where it is; one that fails in a step, or in
// a hook, does not.
func TestCheckpointAtTheEnd(t *testing.T) {
	var cancel context.CancelFunc
	failure := errors.New("oops")
	for name, tt := range map[string]struct {
		do    func(l *training.Loop) error
		saved string
		err   error
	}{
		"stopped":   {func(l *training.Loop) error { l.Stop("enough"); return nil }, "6", nil},
		"cancelled": {func(*training.Loop) error { cancel(); return nil }, "6", context.Canceled},
		"failed":    {func(*training.Loop) error { return failure }, "", failure},
	} {
		var ctx context.Context
		ctx, cancel = context.WithCancel(context.Background())
		dir := t.TempDir()
		m := newToy(t)
		cfg := m.config(4, &hooks.Func{EverySteps: 6, Do: tt.do}, &hooks.Checkpoint{Path: filepath.Join(dir, "m"), EverySteps: 100})
		h, err := training.Fit(ctx, m.sess, cfg)
		if h == nil || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, %v", name, h, err)
		}
		cancel()
		if got := stepsSaved(t, dir); got != tt.saved {
			t.Errorf("%s: saved %q, want %q", name, got, tt.saved)
		}
	}
}

// Whatever the step at which a training ends and another process goes on, the end is the same, with
// values by chance for early stopping.
func TestResumeFromAnyStep(t *testing.T) {
	train, validation := digits(t)
	values := []float64{5, 3, 4, 2, 6, 7, 1, 8, 9, 9, 9, 9}
	run := func(dir string, until int) (string, bool) {
		n := newNet()
		sess := n.open(t)
		data := newNoisy(train, 0.2)
		cfg := n.config(data)
		cfg.Steps = 3 * data.Steps()
		es := &hooks.EarlyStopping{Monitor: "chance", Patience: 3}
		check := &hooks.Checkpoint{Path: filepath.Join(dir, "c", "m"), EverySteps: 1000, Resume: true}
		cfg.Hooks = []training.Hook{
			es, &hooks.CSVLog{Path: filepath.Join(dir, "log.csv"), EverySteps: 4, EveryEpochs: 1},
			&hooks.Func{EverySteps: 6, Do: func(l *training.Loop) error {
				if i := l.Step() / 6; i%2 == 1 || i > 5 { // a column that comes late, with empty cells
					return l.Record("chance", values[i%len(values)])
				}
				return nil
			}},
			&hooks.Evaluation{Data: newNoisy(validation, 0), EverySteps: 13}, check,
		}
		if until > 0 {
			cfg.Hooks = append(cfg.Hooks, &hooks.StopAt{GlobalStep: int64(until)})
		}
		h, err := training.Fit(context.Background(), sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		values, err := sess.Values(n.g.Variables()...)
		if err != nil {
			t.Fatal(err)
		}
		log, err := os.ReadFile(filepath.Join(dir, "log.csv"))
		if err != nil {
			t.Fatal(err)
		}
		best, at, _ := es.Best()
		text := fmt.Sprint(h, string(log), best, at)
		for _, v := range values {
			text += fmt.Sprintf("%x", v.Data())
		}
		return text, check.Resumed() != ""
	}
	want, _ := run(t.TempDir(), 0)
	if !strings.Contains(want, "early stopping: chance") {
		t.Fatalf("want an early stop, not %s", want[:1000])
	}
	at := []int{1, 3, 4, 6, 12, 13, 24, 25, 26, 27, 36, 51, 52, 53} // where something is logged, saved, measured, and around the ends of epochs
	if testing.Short() {
		at = []int{6, 26, 51}
	}
	for _, k := range at {
		dir := t.TempDir()
		run(dir, k)
		got, resumed := run(dir, 0)
		if !resumed {
			t.Errorf("step %d: not resumed", k)
		}
		if got != want {
			t.Errorf("stopped after step %d and resumed:\n%.3000s\nwant\n%.3000s", k, got, want)
		}
	}
}

// A damaged checkpoint is passed over for the one before it.
func TestResumePassesOverDamage(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "m")
	newToy(t).fit(t, 3, &hooks.Checkpoint{Path: path})
	damage := func(step int) {
		file := fmt.Sprintf("%s-%d.data-00000-of-00001", path, step)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b[0] ^= 1
		if err := os.WriteFile(file, b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	damage(12)
	m := newToy(t)
	check := &hooks.Checkpoint{Path: path, Resume: true}
	h := m.fit(t, 5, check)
	if filepath.Base(check.Resumed()) != "m-8" || m.weightNow(t) != 20 || len(h.Epochs) != 5 {
		t.Errorf("resumed %s, then %v:\n%v", check.Resumed(), m.weightNow(t), h)
	}
	for step := 4; step <= 20; step += 4 {
		damage(step)
	}
	m = newToy(t)
	_, err := training.Fit(context.Background(), m.sess, m.config(6, &hooks.Checkpoint{Path: path, Resume: true}))
	wantError(t, err, "hooks.Checkpoint", "none of the 5 checkpoints", "m-20")
	if m.weightNow(t) != 0 {
		t.Error("there were steps")
	}
}

// A training that had come to its end is at its end when it is resumed.
func TestResumeAtTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m")
	list := func() []training.Hook {
		return []training.Hook{&recorder{values: []float64{2, 1, 3, 4, 5, 6}}, &hooks.EarlyStopping{Patience: 2}, &hooks.Checkpoint{Path: path, Resume: true}}
	}
	first := newToy(t).fit(t, 6, list()...)
	m := newToy(t)
	second := m.fit(t, 6, list()...)
	if first.String() != second.String() || m.weightNow(t) != 8 {
		t.Errorf("%v, then %v and the weights of %v", first, second, m.weightNow(t))
	}
}

func TestCheckpointBadConfig(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		hook hooks.Checkpoint
		want string
	}{
		{hooks.Checkpoint{}, "Path is empty"},
		{hooks.Checkpoint{Path: filepath.Join(file, "m")}, "file"},
		{hooks.Checkpoint{Path: filepath.Join(dir, "m"), EverySteps: -1}, "EverySteps is -1"},
		{hooks.Checkpoint{Path: filepath.Join(dir, "m"), Every: -1}, "Every is -1"},
		{hooks.Checkpoint{Path: filepath.Join(dir, "m"), Saver: training.SaverConfig{State: map[string]training.State{"loop": &ones{}}}}, `"loop"`},
	} {
		m := newToy(t)
		_, err := training.Fit(context.Background(), m.sess, m.config(1, &tt.hook))
		wantError(t, err, "hooks.Checkpoint", tt.want)
	}
	m := newToy(t)
	hourly := &hooks.Checkpoint{Path: filepath.Join(dir, "hourly.ckpt"), Every: time.Hour}
	_, err := training.Fit(context.Background(), m.sess, m.config(1, &hooks.Checkpoint{Path: filepath.Join(dir, "m")}, hourly))
	wantError(t, err, "hooks.Checkpoint", "hourly.ckpt", "a folder of its own")

	cfg := m.config(1, &hooks.Checkpoint{Path: filepath.Join(dir, "m"), Resume: true})
	cfg.Data = stateless{&ones{steps: 2}}
	_, err = training.Fit(context.Background(), m.sess, cfg)
	wantError(t, err, "training.State", "hooks_test.stateless")

	// Without Resume, such data are fine; their checkpoint lacks the state that another training
	// then wants.
	cfg.Hooks = []training.Hook{&hooks.Checkpoint{Path: filepath.Join(dir, "m")}}
	if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
		t.Fatal(err)
	}
	m = newToy(t)
	_, err = training.Fit(context.Background(), m.sess, m.config(1, &hooks.Checkpoint{Path: filepath.Join(dir, "m"), Resume: true}))
	wantError(t, err, "no training_state/data", "nothing was changed", "the graph, the hooks and the data of then")
	var differs *training.RestoreError
	if !errors.As(err, &differs) || strings.Contains(err.Error(), "RestoreSubset") {
		t.Errorf("advice that a hook cannot follow, or a lost cause: %v", err)
	}
}
