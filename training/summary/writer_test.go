package summary

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plexaura/plexaura/internal/tffile"
)

// open makes a writer in a folder of the test, which is not flushed by time.
func open(t *testing.T, cfg WriterConfig) *Writer {
	t.Helper()
	if cfg.FlushEvery == 0 {
		cfg.FlushEvery = time.Hour
	}
	w, err := NewWriter(filepath.Join(t.TempDir(), "logs", "run"), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// events reads what is in a writer's file now, without the file's first event.
func events(t *testing.T, path string) []tffile.Event {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []tffile.Event
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
		list = append(list, e)
	}
	if len(list) == 0 || list[0].FileVersion != tffile.EventVersion {
		t.Fatalf("the first event of %d is not the version", len(list))
	}
	return list[1:]
}

// closed closes a writer and reads its file.
func closed(t *testing.T, w *Writer) []tffile.Event {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return events(t, w.Path())
}

func check(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestWriter(t *testing.T) {
	w := open(t, WriterConfig{Suffix: ".validation"})
	if ok, _ := regexp.MatchString(`^events\.out\.tfevents\.\d{10}\..+\.validation$`, filepath.Base(w.Path())); !ok {
		t.Errorf("the file is %s", w.Path())
	}
	before := float64(time.Now().Unix()) - 1
	check(t, w.Start(7), w.Scalar("loss", 7, 0.5), w.Scalar("loss", 1<<40, 0), w.Text("notes", 3, "# a\xff"))
	list := closed(t, w)
	if len(list) != 4 {
		t.Fatalf("%d events", len(list))
	}
	for _, e := range list {
		if e.WallTime < before || e.WallTime > before+3600 {
			t.Errorf("an event at %f, written at %f", e.WallTime, before)
		}
	}
	if e := list[0]; e.Step != 7 || e.SessionLog == nil || e.SessionLog.Status != tffile.SessionStart {
		t.Errorf("%+v", e)
	}
	if s := list[1].Summary[0]; s.Tag != "loss" || *s.Scalar != 0.5 {
		t.Errorf("%+v", s)
	}
	if s := list[2].Summary[0]; list[2].Step != 1<<40 || *s.Scalar != 0 {
		t.Errorf("%+v", s)
	}
	if s := list[3].Summary[0]; s.Tag != "notes" || s.Plugin != "text" || !reflect.DeepEqual(s.Tensor.Strings, []string{"# a\uFFFD"}) || s.Tensor.DType != tffile.String {
		t.Errorf("%+v", s)
	}
	if err := w.Scalar("loss", 1, 1); err == nil || !strings.Contains(err.Error(), "is closed") {
		t.Errorf("written after Close: %v", err)
	}
	check(t, w.Close(), w.Flush())
}

func TestHyperParameters(t *testing.T) {
	w := open(t, WriterConfig{})
	check(t, w.HyperParameters(map[string]interface{}{"rate": 0.01, "net": "300|100\n10", "batch": 50}))
	want := "| name | value |\n|---|---|\n| batch | 50 |\n| net | 300\\|100 10 |\n| rate | 0.01 |\n"
	if s := closed(t, w)[0].Summary[0]; s.Tag != "hyperparameters" || s.Tensor.Strings[0] != want {
		t.Errorf("%+v", s)
	}
}

// TestTwoWritersInOneSecond: the second file has a name of its own, behind the first in the order
// in which TensorBoard reads.
func TestTwoWritersInOneSecond(t *testing.T) {
	dir := t.TempDir()
	now := func() time.Time { return time.Unix(1500000000, 0) }
	var paths []string
	for i := 0; i < 3; i++ {
		w, err := newWriter(dir, WriterConfig{}, now)
		if err != nil {
			t.Fatal(err)
		}
		check(t, w.Scalar("a", int64(i), 1), w.Close())
		paths = append(paths, w.Path())
	}
	for i, p := range paths {
		if e := events(t, p); len(e) != 1 || e[0].Step != int64(i) || e[0].WallTime != 1.5e9 {
			t.Errorf("%s: %+v", p, e)
		}
		if i > 0 && !(paths[i-1] < p) {
			t.Errorf("%s is not behind %s", p, paths[i-1])
		}
	}
}

func TestFlush(t *testing.T) {
	w := open(t, WriterConfig{BufferBytes: 200})
	check(t, w.Scalar("a", 1, 1))
	if n := len(events(t, w.Path())); n != 0 {
		t.Errorf("%d events are in the file before Flush", n)
	}
	check(t, w.Flush())
	if n := len(events(t, w.Path())); n != 1 {
		t.Errorf("%d events are in the file after Flush", n)
	}
	for i := 0; i < 100; i++ {
		check(t, w.Scalar("a", int64(i), 1))
	}
	if info, err := os.Stat(w.Path()); err != nil || info.Size() < 3000 {
		t.Errorf("with a buffer of 200 bytes, 100 events left %v in the file, %v", info.Size(), err)
	}
	now := open(t, WriterConfig{FlushEvery: -1})
	check(t, now.Scalar("a", 1, 1))
	if n := len(events(t, now.Path())); n != 1 {
		t.Errorf("%d events are in the file that is written at once", n)
	}
	soon := open(t, WriterConfig{FlushEvery: time.Millisecond})
	check(t, soon.Scalar("a", 1, 1))
	for len(events(t, soon.Path())) == 0 { // the test's time limit ends it
		time.Sleep(time.Millisecond)
	}
}

func TestConcurrentWriters(t *testing.T) {
	w := open(t, WriterConfig{FlushEvery: time.Millisecond, BufferBytes: 100})
	var wait sync.WaitGroup
	for i := 0; i < 8; i++ {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			for step := int64(0); step < 50; step++ {
				if err := w.Scalar(fmt.Sprint("tag", i), step, float64(i)); err != nil {
					t.Error(err)
				}
			}
		}(i)
	}
	wait.Wait()
	next := map[string]int64{}
	for _, e := range closed(t, w) {
		tag := e.Summary[0].Tag
		if e.Step != next[tag] {
			t.Fatalf("%s: step %d; want %d", tag, e.Step, next[tag])
		}
		next[tag]++
	}
	if len(next) != 8 || next["tag3"] != 50 {
		t.Errorf("steps by tag: %v", next)
	}
}

func TestNewWriterErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for want, c := range map[string]struct {
		dir string
		cfg WriterConfig
	}{
		"the folder's name is empty":  {"", WriterConfig{}},
		"making the folder of events": {filepath.Join(file, "logs"), WriterConfig{}},
		`the Suffix "/../x"`:          {t.TempDir(), WriterConfig{Suffix: "/../x"}},
		"BufferBytes is -1":           {t.TempDir(), WriterConfig{BufferBytes: -1}},
		"making the file of events":   {"/proc/self", WriterConfig{}}, // a folder that takes no files, of anyone
	} {
		if _, err := os.Stat(c.dir); c.dir == "/proc/self" && err != nil {
			t.Log("this system has no /proc")
			continue
		}
		if w, err := NewWriter(c.dir, c.cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", c.dir, w, err, want)
		}
	}
}

// TestDiskError has a file that cannot be written any more: the error is said by what meets it and
// by all that follows.
func TestDiskError(t *testing.T) {
	w := open(t, WriterConfig{})
	check(t, w.Scalar("a", 1, 1))
	w.file.Close() // behind the writer's back
	first := w.Flush()
	if first == nil || !strings.Contains(first.Error(), w.Path()) {
		t.Errorf("Flush: %v", first)
	}
	if err := w.Scalar("a", 2, 1); err != first {
		t.Errorf("the next event: %v", err)
	}
	if err := w.Close(); err != first {
		t.Errorf("Close: %v", err)
	}
	if n := len(events(t, w.Path())); n != 0 {
		t.Errorf("%d events", n)
	}
}

func TestEmptyTag(t *testing.T) {
	w := open(t, WriterConfig{})
	for _, err := range []error{w.Scalar("", 1, 1), w.Histogram("", 1, []float32{1}), w.Text("", 1, "a")} {
		if err == nil || !strings.Contains(err.Error(), "the tag is empty") {
			t.Errorf("%v", err)
		}
	}
}
