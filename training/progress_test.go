package training

import (
	"bytes"
	"os"
	"path/filepath"
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
	want := "\repoch 1/2 [>         ]   0%    1/200  loss 2.50" +
		"\repoch 1/2 [=====>    ]  50%  100/200  loss 1.00" +
		"\repoch 1/2 [==========] 100%  200/200" + strings.Repeat(" ", 11) +
		"\repoch 1 done" + strings.Repeat(" ", 24) + "\n" +
		"\repoch 2/2 [=====>    ]  50%  1/2\n"
	if got := out.String(); got != want {
		t.Errorf("drawn\n%q\nwant\n%q", got, want)
	}
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
	if err != nil || !strings.HasPrefix(string(b), "\r7  two lines\rx [>") || !strings.HasSuffix(string(b), "] 100%  2/2\n") {
		t.Errorf("%q, %v", b, err)
	}
}
