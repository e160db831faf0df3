package hooks_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
)

// childFolder is the variable of the environment that makes TestResumeChild train, in that folder.
const childFolder = "PLEXAURA_TEST_RESUME"

// TestResumeChild is the training that TestResumeAfterKill starts in a process of its own, kills
// and starts again.
func TestResumeChild(t *testing.T) {
	dir := os.Getenv(childFolder)
	if dir == "" {
		t.Skip("it is run by TestResumeAfterKill")
	}
	n := newNet()
	sess := n.open(t)
	train, validation := digits(t)
	cfg := n.config(newNoisy(train, 0.3))
	cfg.Epochs, cfg.StepLosses = 30, true
	cfg.Hooks = []training.Hook{
		&hooks.Checkpoint{Path: filepath.Join(dir, "checkpoints", "model.ckpt"), EverySteps: 4, Resume: true, Saver: training.SaverConfig{MaxToKeep: 2}},
		&hooks.EarlyStopping{Patience: 4},
		&hooks.CSVLog{Path: filepath.Join(dir, "log.csv"), EverySteps: 7, EveryEpochs: 1},
		&hooks.Evaluation{Data: newNoisy(validation, 0), EverySteps: 20},
	}
	h, err := training.Fit(context.Background(), sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "history"), []byte(h.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := training.NewSaver(n.g.Variables(), training.SaverConfig{}).Save(sess, filepath.Join(dir, "final", "model.ckpt")); err != nil {
		t.Fatal(err)
	}
}

// A training that is killed at random times, and resumed from its last checkpoint each time, ends
// with the bits of one that was left alone: variables with Adam's slots and the counters of steps
// and random draws, positions, running means and history, the best weights of early stopping; and
// its log is the same file.
func TestResumeAfterKill(t *testing.T) {
	if runtime.GOOS == "js" || runtime.GOOS == "wasip1" || runtime.GOOS == "ios" {
		t.Skip("no processes can be started here")
	}
	kills := 8
	if testing.Short() {
		kills = 3
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	start := func(dir string) *exec.Cmd {
		child := exec.Command(os.Args[0], "-test.run=^TestResumeChild$")
		child.Env = append(os.Environ(), childFolder+"="+dir)
		return child
	}

	whole := t.TempDir()
	began := time.Now()
	if out, err := start(whole).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	took := time.Since(began)

	killed := t.TempDir()
	checkpoints := filepath.Join(killed, "checkpoints")
	latest := ""
	for i := range kills {
		child := start(killed)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- child.Wait() }()
		for len(ended) == 0 { // it has to get a step further than the one before
			if path, err := training.Latest(checkpoints); err == nil && path != latest {
				latest = path
				break
			}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(r.Int64N(int64(took) / int64(kills))))
		_ = child.Process.Kill() // it may have ended
		if err := <-ended; err == nil {
			if i < 2 {
				t.Fatalf("the training ended before kill %d: make it longer", i+1)
			}
			t.Logf("the training ended before kill %d", i+1)
			break
		}
		t.Logf("killed; the latest checkpoint before was %s", filepath.Base(latest))
	}
	if out, err := start(killed).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	for _, name := range []string{"log.csv", "history"} {
		want, err := os.ReadFile(filepath.Join(whole, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(killed, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
		}
	}
	for _, folder := range []string{"checkpoints", "final"} {
		want, got := contents(t, filepath.Join(whole, folder)), contents(t, filepath.Join(killed, folder))
		if len(want) == 0 || len(got) != len(want) {
			t.Errorf("%s: %d tensors, want %d", folder, len(got), len(want))
		}
		for name, tensor := range want {
			if !reflect.DeepEqual(got[name], tensor) {
				t.Errorf("%s: %s differs", folder, name)
			}
		}
	}
}

// contents reads the newest checkpoint of a folder.
func contents(t *testing.T, dir string) map[string]tffile.Tensor {
	t.Helper()
	path, err := training.Latest(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := tffile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := map[string]tffile.Tensor{}
	for _, name := range r.Names() {
		if out[name], err = r.Read(name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
