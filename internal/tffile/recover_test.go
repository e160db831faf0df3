package tffile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
)

// generation makes the tensors of a save: the same names and sizes in every generation, as when a
// model is saved again, so that only checksums tell the files apart. extra adds a tensor behind
// them.
func generation(t testing.TB, v float32, extra bool) []Tensor {
	out := []Tensor{
		must(New("bias", []int{3}, []float32{v, v, v}))(t),
		must(New("kernel", []int{2, 3}, []float32{v, 1, 2, 3, 4, v}))(t),
		must(NewStrings("labels", []int{1}, []string{fmt.Sprint(v)}))(t),
	}
	if extra {
		out = append(out, must(New("slot", []int{1000}, make([]float32, 1000)))(t))
	}
	return out
}

// saved gives the generation that Open finds at prefix.
func saved(t testing.TB, prefix string) (float32, error) {
	t.Helper()
	r, err := Open(prefix)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	var first float32
	for _, name := range []string{"bias", "kernel", "labels"} {
		tensor, err := r.Read(name)
		if err != nil {
			return 0, err
		}
		if name == "labels" {
			if tensor.Strings[0] != fmt.Sprint(first) {
				t.Fatalf("labels of generation %s with bias of %v", tensor.Strings[0], first)
			}
			continue
		}
		values := must(Values[float32](tensor))(t)
		if name == "bias" {
			first = values[0]
		} else if values[0] != first {
			t.Fatalf("kernel of generation %v with bias of %v", values[0], first)
		}
	}
	return first, nil
}

func filesOf(t testing.TB, prefix string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(prefix))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimPrefix(e.Name(), filepath.Base(prefix)))
	}
	return strings.Join(names, " ")
}

const wholeFiles = ".data-00000-of-00001 .index"

// crashBefore saves generation 2, dying before the given step of Commit ("" for a process that dies
// while adding tensors).
func crashBefore(t testing.TB, prefix, step string, extra bool) {
	t.Helper()
	w, err := Create(prefix)
	if err != nil {
		t.Fatal(err)
	}
	for _, tensor := range generation(t, 2, extra) {
		if err := w.Add(tensor); err != nil {
			t.Fatal(err)
		}
	}
	if step == "" {
		w.out.Flush()
	} else {
		w.crash = func(s string) bool { return s == step }
		if err := w.Commit(); !errors.Is(err, errCrash) {
			t.Fatalf("step %q: %v", step, err)
		}
	}
	w.file.Close()
}

// A save is stopped at every step, over an earlier checkpoint and without one. Open must find one
// whole generation, put the files in place where they are mixed, and a later save must work from
// every state.
func TestCrashPoints(t *testing.T) {
	const old, new, none = 1, 2, 0
	for _, c := range []struct {
		step          string
		damage        func(prefix string) // what the crash did to the file being written
		before, first float32             // the generation found with and without an earlier checkpoint
		completed     bool                // only the files in place are left after Open
	}{
		{step: "", before: old, first: none},
		{step: "flush data", before: old, first: none},
		{step: "write index", before: old, first: none},
		{step: "sync names", damage: func(p string) { os.Truncate(tempIndexPath(p), 50) }, before: old, first: none},
		{step: "sync names", damage: func(p string) { os.Truncate(tempIndexPath(p), 0) }, before: old, first: none},
		{step: "sync names", damage: func(p string) { os.Truncate(tempDataPath(p), 20) }, before: old, first: none},
		{step: "sync names", before: old, first: new},
		{step: "rename data", before: old, first: new},
		{step: "sync data name", before: new, first: new, completed: true},
		{step: "rename index", before: new, first: new, completed: true},
		{step: "sync index name", before: new, first: new, completed: true},
		// The renames reached the disk in the other order.
		{step: "rename data", damage: func(p string) { os.Rename(tempIndexPath(p), indexPath(p)) }, before: new, first: new, completed: true},
	} {
		for _, extra := range []bool{false, true} {
			for _, earlier := range []bool{true, false} {
				name := fmt.Sprintf("crash before %q, damage %v, extra tensor %v, earlier checkpoint %v", c.step, c.damage != nil, extra, earlier)
				prepare := func() string {
					prefix := filepath.Join(t.TempDir(), "m.ckpt")
					if earlier {
						if err := Write(prefix, generation(t, old, false)); err != nil {
							t.Fatal(err)
						}
					}
					crashBefore(t, prefix, c.step, extra)
					if c.damage != nil {
						c.damage(prefix)
					}
					return prefix
				}
				want := c.first
				if earlier {
					want = c.before
				}
				prefix := prepare()
				for i := 0; i < 2; i++ { // the second time there may be nothing left to do
					got, err := saved(t, prefix)
					if got != want || (err != nil) != (want == none) {
						t.Errorf("%s: generation %v, want %v (%v)", name, got, want, err)
					}
				}
				files := filesOf(t, prefix)
				if (c.completed || !earlier && want == new) && files != wholeFiles {
					t.Errorf("%s: files after Open: %s", name, files)
				}

				// The next save begins on the crashed state, dies at its own worst moment, and one
				// more save works.
				prefix = prepare()
				w, err := Create(prefix)
				if err != nil {
					t.Errorf("%s: save again: %v", name, err)
					continue
				}
				w.file.Close() // dies at once
				if got, err := saved(t, prefix); got != want || (err != nil) != (want == none) {
					t.Errorf("%s: after the next save died at its start: generation %v, want %v (%v)", name, got, want, err)
				}
				if err := Write(prefix, generation(t, 3, false)); err != nil {
					t.Errorf("%s: save again: %v", name, err)
				}
				if got, err := saved(t, prefix); got != 3 || err != nil || filesOf(t, prefix) != wholeFiles {
					t.Errorf("%s: after saving again: %v, %v, files %s", name, got, err, filesOf(t, prefix))
				}
			}
		}
	}
}

// Completing an interrupted save can be interrupted as well.
func TestCrashWhileCompleting(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	crashBefore(t, prefix, "rename data", false)
	if err := os.Rename(tempDataPath(prefix), dataPath(prefix, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if got, err := saved(t, prefix); got != 2 || err != nil || filesOf(t, prefix) != wholeFiles {
		t.Error(got, err, filesOf(t, prefix))
	}
}

// Where the rename is refused (here by a folder in its place, since a folder's permissions do not
// stop root), Open reads the files where they are, and Create does not take the names of the only
// index that fits.
func TestRecoverWithoutRename(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	crashBefore(t, prefix, "rename index", false)
	if err := os.Mkdir(indexPath(prefix), 0o755); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 2; i++ {
		if got, err := saved(t, prefix); got != 2 || err != nil {
			t.Error(got, err)
		}
		if _, err := Create(prefix); err == nil || !strings.Contains(err.Error(), "could not be completed") {
			t.Error(err)
		}
	}
	if err := os.Remove(indexPath(prefix)); err != nil {
		t.Fatal(err)
	}
	if got, err := saved(t, prefix); got != 2 || err != nil || filesOf(t, prefix) != wholeFiles {
		t.Error(got, err, filesOf(t, prefix))
	}
}

// A reader may finish the save under the writer's hands; the writer then must not report a failure.
func TestReaderCompletesBeforeWriter(t *testing.T) {
	for _, step := range []string{"rename data", "rename index"} {
		prefix := filepath.Join(t.TempDir(), "m")
		w, err := Create(prefix)
		if err != nil {
			t.Fatal(err)
		}
		for _, tensor := range generation(t, 2, false) {
			if err := w.Add(tensor); err != nil {
				t.Fatal(err)
			}
		}
		w.crash = func(s string) bool {
			if s == step {
				if got, err := saved(t, prefix); got != 2 || err != nil || filesOf(t, prefix) != wholeFiles {
					t.Errorf("before %s: %v, %v, %s", step, got, err, filesOf(t, prefix))
				}
			}
			return false
		}
		if err := w.Commit(); err != nil {
			t.Errorf("completed before %s: %v", step, err)
		}
		if got, err := saved(t, prefix); got != 2 || err != nil {
			t.Error(got, err)
		}
	}
}

// Commit that fails after the data is in place must leave the temporary index to Open, also when
// Abort is deferred.
func TestAbortKeepsTheOnlyIndex(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	if err := Write(prefix, generation(t, 1, false)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		step string
		want float32
	}{{"flush data", 1}, {"rename data", 1}, {"rename index", 2}} {
		w, err := Create(prefix)
		if err != nil {
			t.Fatal(err)
		}
		for _, tensor := range generation(t, 2, false) {
			if err := w.Add(tensor); err != nil {
				t.Fatal(err)
			}
		}
		w.crash = func(s string) bool { return s == c.step }
		if err := w.Commit(); err == nil {
			t.Fatal("Commit passed")
		}
		if err := w.Add(generation(t, 2, false)[0]); !errors.Is(err, errCrash) {
			t.Errorf("Add after a failed Commit: %v", err)
		}
		if err := w.Abort(); err != nil {
			t.Error(err)
		}
		if got, err := saved(t, prefix); got != c.want || err != nil || filesOf(t, prefix) != wholeFiles {
			t.Errorf("failed before %s: generation %v, want %v (%v), files %s", c.step, got, c.want, err, filesOf(t, prefix))
		}
	}
}

// A one-shard save over a two-shard checkpoint: until the index is renamed the old one is whole.
func TestCrashOverShards(t *testing.T) {
	prefix := partitionedBundle(t, []slice{{{0, 1}, {0, -1}}, {{1, 3}, {0, -1}}})
	crashBefore(t, prefix, "rename index", false)
	r, err := Open(prefix)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Read("embedding"); err != nil || !slices.Equal(r.Names(), []string{"embedding"}) {
		t.Error(r.Names(), err)
	}
}

// With nothing whole the error must say so and name the files.
func TestNothingWhole(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	if err := Write(prefix, generation(t, 1, false)); err != nil {
		t.Fatal(err)
	}
	crashBefore(t, prefix, "rename index", false)
	os.Truncate(tempIndexPath(prefix), 30)
	_, err := Open(prefix)
	if err == nil || !strings.Contains(err.Error(), "older checkpoint") || !strings.Contains(err.Error(), "crc32c") {
		t.Error(err)
	}
}

// Readers that open a prefix while it is saved again and again see whole generations only.
func TestOpenWhileSaving(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	if err := Write(prefix, generation(t, 1, false)); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		for i := 2; i < 60; i++ {
			if err := Write(prefix, generation(t, float32(i), i%3 == 0)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	last := float32(0)
	for n := 0; ; n++ {
		select {
		case err := <-done:
			if got, openErr := saved(t, prefix); err != nil || openErr != nil || got != 59 {
				t.Errorf("after all: generation %v, %v, %v", got, openErr, err)
			}
			t.Logf("opened %d times while saving", n)
			return
		default:
		}
		got, err := saved(t, prefix)
		if err != nil {
			t.Fatal(err)
		}
		if got < last {
			t.Errorf("generation %v after %v", got, last)
		}
		last = got
	}
}

func TestExists(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	if Exists(prefix) {
		t.Error("nothing exists")
	}
	if _, err := saved(t, prefix); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	crashBefore(t, prefix, "rename data", false)
	if !Exists(prefix) {
		t.Error("a whole temporary pair exists")
	}
	if err := Remove(prefix); err != nil || filesOf(t, prefix) != "" || Exists(prefix) {
		t.Error(err, filesOf(t, prefix))
	}
}
