package hooks_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
)

// timeless replaces seconds.
func timeless(s string) string { return regexp.MustCompile(`\([0-9.]+s\)`).ReplaceAllString(s, "(T)") }

// What is no terminal gets a line for each epoch, with what hooks behind this one record, and one
// for what there is of the last.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	m := newToy(t)
	cfg := m.config(11, &hooks.Progress{Out: &out, EverySteps: 5}, &recorder{values: []float64{0.25}})
	cfg.Steps = 10
	if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
		t.Fatal(err)
	}
	want := "epoch  1/11  loss 1.5000  validation/loss 0.2500  (T)\n" +
		"epoch  2/11  step 5  loss 4.0000\n" +
		"epoch  2/11  loss 5.5000  (T)\n" +
		"epoch  3/11  step 10  loss 8.5000\n" +
		"epoch  3/11  loss 8.5000  (T)\n"
	if got := timeless(out.String()); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	out.Reset()
	m.fit(t, 1, &hooks.Progress{Out: &out, Names: []string{"validation/loss"}}, &recorder{values: []float64{0.25}})
	if got := timeless(out.String()); got != "epoch 1/1  validation/loss 0.2500  (T)\n" {
		t.Error(got)
	}
	_, err := training.Fit(context.Background(), m.sess, m.config(1, &hooks.Progress{EverySteps: -1}))
	wantError(t, err, "hooks.Progress", "EverySteps is -1")
}

// In a notebook the bar is drawn on os.Stdout as it is when the training runs.
func TestProgressDraws(t *testing.T) {
	hook := &hooks.Progress{Draw: true}
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	old := os.Stdout
	os.Stdout = file
	func() {
		defer func() { os.Stdout = old }()
		newToy(t).fit(t, 2, hook)
	}()
	got := readFile(t, file.Name())
	if strings.Count(got, "\n") != 2 || !strings.Contains(got, "\repoch 1/2  (1/-, ") || !strings.Contains(got, "\repoch 2/2  loss 5.5000  (") {
		t.Errorf("%q", got)
	}
	if strings.Contains(got, "\x1b") {
		t.Errorf("escapes in %q", got)
	}
}
