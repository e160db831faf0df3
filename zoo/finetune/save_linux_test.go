package finetune_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/plexaura/plexaura/zoo/finetune"
)

// TestFullDisk saves, in a process of its own, where files of the network's size cannot be written: what was saved before stays as it was, nothing is left beside it, and
// Run says so before it trains.
func TestFullDisk(t *testing.T) {
	cfg := small
	cfg.Data = zeroAndOne(t, small)
	cfg.FromScratch, cfg.Tune.Epochs = true, 1
	if dir := os.Getenv("FINETUNE_TEST_FULL"); dir != "" {
		s, err := finetune.New(ctx, cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100_000, Max: 100_000}); err != nil {
			t.Fatal(err)
		}
		wantError(t, s.Save(dir), "finetune: Save "+dir, "file too large")
		cfg.Out = dir
		r, err := finetune.Run(ctx, cfg)
		wantError(t, err, "finetune: Out", "could not be saved", "file too large")
		if r != nil {
			t.Errorf("there is a report:\n%v", r)
		}
		return
	}
	cfg.Out = t.TempDir()
	if _, err := finetune.Run(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	before := contents(t, cfg.Out)
	if len(before) != 2 {
		t.Errorf("there are %d files; want the weights and the labels", len(before))
	}
	c := exec.Command(os.Args[0], "-test.run", "^TestFullDisk$")
	c.Env = append(os.Environ(), "FINETUNE_TEST_FULL="+cfg.Out)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	after := contents(t, cfg.Out)
	for name, text := range after {
		if before[name] != text {
			t.Errorf("%s is another than before", name)
		}
	}
	if len(after) != len(before) {
		t.Errorf("there are %d files; want the %d of before", len(after), len(before))
	}
}

// A folder that cannot be written is an error of Save, and of Run before it trains.
func TestReadOnlyFolder(t *testing.T) {
	cfg := small
	cfg.Data = zeroAndOne(t, small)
	cfg.FromScratch = true
	s, err := finetune.New(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	dir := "/proc/self/fdinfo" // neither can root write it
	if os.Getuid() != 0 {
		dir = t.TempDir()
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, s.Save(dir), "finetune: Save "+dir)
	cfg.Out = dir
	r, err := finetune.Run(ctx, cfg)
	wantError(t, err, "finetune: Out", dir)
	if r != nil {
		t.Errorf("there is a report:\n%v", r)
	}
}

// contents are the files of a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Error(err)
		}
		all[e.Name()] = string(text)
	}
	return all
}
