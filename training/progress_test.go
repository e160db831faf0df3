package training

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := NewProgress(ProgressConfig{Out: &out, Total: 200, Label: "epoch 1/2", Width: 10, Draw: true})
	clock := time.Unix(0, 0)
	p.now = func() time.Time { return clock }
	if out.Len() > 0 {
		t.Error("it writes uninvited")
	}
	p.Update(1, "loss %.2f", 2.5)
	p.Update(2, "loss %.2f", 2.4) // too soon
	clock = clock.Add(time.Second)
	p.Update(100, "loss %.2f", 1.)
	p.Update(200, "")
	p.Line("epoch 1 done")
	p.Start("epoch 2/2", 2)
	p.Update(1, "")
	p.Finish()
	p.Finish()
	// Each drawing ends with blanks over what is left of a longer one before.
	want := "\repoch 1/2  0% [          ] (1/200, RATE) [0s:ETA]  loss 2.50" +
		"\repoch 1/2  50% [====>     ] (100/200, RATE) [0s:ETA]  loss 1.00" +
		"\repoch 1/2  100% [==========] (200/200, RATE)" +
		"\repoch 1 done\n" +
		"\repoch 2/2  50% [====>     ] (1/2, RATE) [0s:ETA]\n"
	if got := timeless(out.String()); got != want {
		t.Errorf("drawn\n%q\nwant\n%q", got, want)
	}
	drawn := strings.Split(strings.Split(out.String(), "\n")[0], "\r")[1:]
	for i, after := range drawn[1:] {
		if len(after) < len(strings.TrimRight(drawn[i], " ")) {
			t.Errorf("%q does not cover %q", after, drawn[i])
		}
	}
}

// timeless replaces what depends on the clock, and drops blanks at ends of lines.
func timeless(s string) string {
	s = regexp.MustCompile(`[0-9]+ steps/(s|min|hr)`).ReplaceAllString(s, "RATE")
	s = regexp.MustCompile(`\[0s:[0-9hms]+\]`).ReplaceAllString(s, "[0s:ETA]")
	return regexp.MustCompile(` +([\r\n]|$)`).ReplaceAllString(s, "$1")
}

// A file gets whole lines only.
func TestProgressInFile(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := NewProgress(ProgressConfig{Out: f, Total: 3})
	for i := 1; i <= 3; i++ {
		p.Update(i, "loss")
	}
	p.Line("done: %d", 3)
	p.Finish()
	b, err := os.ReadFile(f.Name())
	if err != nil || string(b) != "done: 3\n" {
		t.Errorf("%q, %v", b, err)
	}
}

// Whether an output is a terminal is asked once for each, since that takes longer than the rest;
// another output is asked anew.
func TestProgressAsksOnce(t *testing.T) {
	terminal, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer terminal.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p := NewProgress(ProgressConfig{})
	for _, tt := range []struct {
		out  *os.File
		want bool
	}{{file, false}, {terminal, true}, {terminal, true}, {file, false}} { // the null device is a character device too
		if got := p.isTerminal(tt.out); got != tt.want || p.asked != tt.out {
			t.Errorf("%s: %v, want %v", tt.out.Name(), got, tt.want)
		}
	}
	if n := testing.AllocsPerRun(10, func() { p.isTerminal(file) }); n > 0 {
		t.Errorf("asked again: %v allocations", n)
	}
	if p.isTerminal(&bytes.Buffer{}) {
		t.Error("a buffer is taken for a terminal")
	}
}

// The default is the process's standard output at the time of each call, and
// odd numbers do no harm.
func TestProgressDefaults(t *testing.T) {
	old := os.Stdout
	defer func() { os.Stdout = old }()
	p := NewProgress(ProgressConfig{Draw: true})
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	os.Stdout = f
	p.Update(7, "two\nlines")
	p.Start("x", 2)
	p.Update(-5, "")
	p.Start("x", 2)
	p.Update(9, "")
	p.Finish()
	b, err := os.ReadFile(f.Name())
	want := "\r(7/-, RATE) [0s]  two lines\rx  0% [                        ] (0/2, RATE) [0s:ETA]" +
		"\rx  100% [========================] (2/2, RATE)\n"
	if got := timeless(string(b)); err != nil || got != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}
