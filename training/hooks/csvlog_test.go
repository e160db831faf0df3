package hooks_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
)

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCSVLog(t *testing.T) {
	for name, tt := range map[string]struct {
		hook hooks.CSVLog
		want string
	}{
		// The loss is the number of steps done before; the weights of an epoch are 0 1 2 3, then 4
		// 5 6 7, and so on.
		"by epochs": {hooks.CSVLog{}, "epoch,step,loss,validation/loss\n1,4,1.5,\n2,8,5.5,0.1\n3,12,9.5,NaN\n"},
		"by steps":  {hooks.CSVLog{EverySteps: 5}, "epoch,step,loss,validation/loss\n2,5,4,\n3,10,8.5,0.1\n"},
		"by both": {hooks.CSVLog{EverySteps: 8, EveryEpochs: 3},
			"epoch,step,loss,validation/loss\n2,8,5.5,\n3,12,9.5,NaN\n"},
		"names":       {hooks.CSVLog{Names: []string{"validation/loss", "nothing"}}, "epoch,step,validation/loss,nothing\n1,4,,\n2,8,0.1,\n3,12,NaN,\n"},
		"no column":   {hooks.CSVLog{Names: []string{}}, "epoch,step\n1,4\n2,8\n3,12\n"},
		"never a row": {hooks.CSVLog{EverySteps: 100}, "epoch,step\n"},
	} {
		hook := tt.hook
		hook.Path = filepath.Join(t.TempDir(), "run", "log.csv")
		late := &hooks.Func{Do: func(l *training.Loop) error { // from the second epoch on
			if v := map[int]float64{2: 0.1, 3: math.NaN()}; l.Epoch() > 1 {
				return l.Record("validation/loss", v[l.Epoch()])
			}
			return nil
		}}
		newToy(t).fit(t, 3, &hook, late)
		if got := readFile(t, hook.Path); got != tt.want {
			t.Errorf("%s:\n%swant\n%s", name, got, tt.want)
		}
	}
}

// What a hook records before the first step stands in the first row.
func TestCSVLogOfTheBeginning(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.csv")
	newToy(t).fit(t, 2, &hooks.CSVLog{Path: path}, early{})
	if got, want := readFile(t, path), "epoch,step,loss,before\n1,4,1.5,7\n2,8,5.5,\n"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// early records a value before the first step.
type early struct{ training.NoHook }

func (early) Begin(l *training.Loop) error { return l.Record("before", 7) }

// A log of an earlier training is replaced; that of a training which is resumed goes on.
func TestCSVLogAgain(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "log.csv")
	list := func() []training.Hook {
		return []training.Hook{&hooks.CSVLog{Path: path}, &hooks.Checkpoint{Path: filepath.Join(dir, "m"), EveryEpochs: 2, Resume: true}}
	}
	newToy(t).fit(t, 1, &hooks.CSVLog{Path: path})
	newToy(t).fit(t, 2, list()...)
	two := readFile(t, path)
	if two != "epoch,step,loss\n1,4,1.5\n2,8,5.5\n" {
		t.Error(two)
	}
	// What a killed process wrote behind its last checkpoint goes, a torn line too.
	if err := os.WriteFile(path, []byte("epoch,step,loss,more\n1,4,1.5,\n2,8,5.5,\n3,12,9.5,7\n4,1"), 0o666); err != nil {
		t.Fatal(err)
	}
	newToy(t).fit(t, 3, list()...)
	if got := readFile(t, path); got != two+"3,12,9.5\n" {
		t.Error(got)
	}
	for content, want := range map[string]string{
		"epoch,step,loss\n1,4,1.5\n2,": "has 1 rows, at the checkpoint it had 3 rows of 3 columns",
		"":                             "has 0 rows",
	} {
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		m := newToy(t)
		_, err := training.Fit(context.Background(), m.sess, m.config(4, list()...))
		wantError(t, err, "hooks.CSVLog", "log.csv", want)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	m := newToy(t)
	_, err := training.Fit(context.Background(), m.sess, m.config(4, list()...))
	wantError(t, err, "hooks.CSVLog", "resumed", "log.csv")
}

func TestCSVLogBadConfig(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		hook hooks.CSVLog
		want string
	}{
		{hooks.CSVLog{}, "Path is empty"},
		{hooks.CSVLog{Path: filepath.Join(file, "log.csv")}, file},
		{hooks.CSVLog{Path: dir}, dir + " is a folder; want a file"},
		{hooks.CSVLog{Path: filepath.Join(dir, "log.csv"), EveryEpochs: -1}, "EveryEpochs -1"},
	} {
		m := newToy(t)
		_, err := training.Fit(context.Background(), m.sess, m.config(1, &tt.hook))
		wantError(t, err, "hooks.CSVLog", tt.want)
		if m.weightNow(t) != 0 {
			t.Error("there were steps")
		}
		if _, err := os.Stat(dir + ".tmp"); err == nil {
			t.Error("a file lies beside the folder")
		}
	}
}
