package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestInterrupt(t *testing.T) {
	c := start(t, t.TempDir())
	if o := c.run(model + "import (\"display\"; \"github.com/plexaura/plexaura/notebooks/show\")"); o.Status != "ok" {
		t.Fatal(o.Error)
	}
	signal := func() { c.process.Process.Signal(syscall.SIGINT) }
	request := func() { c.reply(c.send(c.control, "interrupt_request", map[string]interface{}{}), 20*time.Second) }
	ways := map[string]func(){"signal": signal, "message": request}
	if runtime.GOOS == "windows" {
		delete(ways, "signal")
	}
	for name, interrupt := range ways {
		t.Run(name, func(t *testing.T) {
			c.t = t
			interrupt() // nothing runs
			if o := c.run("1"); o.Status != "ok" {
				t.Fatalf("an interruption between cells meets the next one: %s", o.Error)
			}
			for _, test := range []struct{ what, code string }{
				{"a loop", "for {\n}"},
				{"a loop of calls", "for i := 0; ; i++ {\n\ttime.Sleep(time.Millisecond)\n}"},
				{"a function", "func forever() { for { fmt.Sprint() } }\nforever()"},
				{"Fit", "history, err := training.Fit(context.Background(), sess, cfg)"},
				{"Fit as an expression", "training.Fit(context.TODO(), sess, cfg)"},
				{"Fit with an older ctx", "kept := context.Background()\ntraining.Fit(kept, sess, cfg)"},
				{"a derived context", "derived, stop := context.WithTimeout(context.Background(), time.Hour)\n<-derived.Done()\nfmt.Sprint(stop != nil)"},
				{"Runs", "for {\n\tbatches.Next()\n\tsess.Run(graph.Feeds{X: batches.X(), y: batches.Y()}, step)\n}"},
				{"a callback", "hook := graph.Feeds{}\ncfg2 := cfg\ncfg2.Feed = func(training.Data) graph.Feeds { time.Sleep(1000); return hook }\ntraining.Fit(context.Background(), sess, cfg2)"},
				{"a method that shows", "type endless struct{}\nfunc (e endless) HTML() string { for {} }\nendless{}"},
				{"displays", "for {\n\tshow.Display(1)\n}"},
				{"a bundle", "for {\n\tDisplay(display.HTML(\"x\"))\n}"},
				{"a compiled call's sleep", "time.Sleep(1500 * time.Millisecond)\nfor {}"},
			} {
				what := test.what
				id := c.beginWell(test.code)
				interrupt()
				o := c.finish(id, 20*time.Second)
				if o.Status != "error" || !strings.HasPrefix(o.Error, "interrupted") {
					t.Errorf("%s: status %s, error %q; want interrupted", what, o.Status, o.Error)
				}
				if o := c.run("2"); o.Status != "ok" || o.shown() != "2" {
					t.Errorf("%s: the next cell is %q, %q", what, o.shown(), o.Error)
				}
			}
			o := c.run("fmt.Println(context.Background().Err(), kept.Err(), history != nil, len(history.Names()) > 0)")
			if o.Text != "<nil> <nil> true true\n" {
				t.Errorf("after interruptions: %q, %s", o.Text, o.Error)
			}
		})
	}
}

// An interruption while the kernel starts, started as Jupyter starts it, is ignored: nothing runs.
func TestInterruptWhileStarting(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("interruptions are messages on Windows, which wait until the kernel listens")
	}
	c := launch(t, t.TempDir(), installed(t))
	for deadline := time.Now().Add(time.Second); !ignoresInterrupts(c.process.Process.Pid) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	begun := time.Now()
	for time.Since(begun) < time.Second {
		c.process.Process.Signal(syscall.SIGINT)
		time.Sleep(time.Millisecond)
	}
	c.connect()
	if o := c.run("for i := 0; i < 1000; i++ {\n}\n1"); o.shown() != "1" {
		t.Errorf("the first cell shows %q, %s", o.shown(), o.Error)
	}
	id := c.beginWell("for {\n}")
	c.process.Process.Signal(syscall.SIGINT)
	if o := c.finish(id, 20*time.Second); o.Error != "interrupted" {
		t.Errorf("later a cell that is interrupted ends with %q %q", o.Status, o.Error)
	}
}

// installed returns the command by which Jupyter starts the kernel.
func installed(t *testing.T) func(connection string) *exec.Cmd {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(filepath.Dir(kernelProgram(t)), "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Argv []string `json:"argv"`
	}
	if err := json.Unmarshal(text, &spec); err != nil {
		t.Fatal(err)
	}
	return func(connection string) *exec.Cmd {
		args := slices.Clone(spec.Argv)
		args[slices.Index(args, "{connection_file}")] = connection
		return exec.Command(args[0], args[1:]...)
	}
}

// ignoresInterrupts tells whether a process ignores SIGINT, as far as the system says so.
func ignoresInterrupts(pid int) bool {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, after, _ := strings.Cut(string(status), "SigIgn:")
	line, _, _ := strings.Cut(after, "\n")
	mask, err := strconv.ParseUint(strings.TrimSpace(line), 16, 64)
	return err == nil && mask&(1<<(syscall.SIGINT-1)) != 0
}

// A cell that reads its input comes to its end: Jupyter gives kernels none.
func TestInput(t *testing.T) {
	c := start(t, t.TempDir())
	if o := c.run("import (\"fmt\"; \"os\"; \"bufio\")\nvar name string\n_, err := fmt.Scanln(&name)\nfmt.Println(err)"); o.Text != "EOF\n" {
		t.Errorf("reading prints %q, %s", o.Text, o.Error)
	}
}

// What nothing can interrupt is waited for, and the cell says so: here a call that reads.
func TestInterruptOfCompiledCode(t *testing.T) {
	var input io.WriteCloser
	c := launch(t, t.TempDir(), func(connection string) *exec.Cmd {
		command := exec.Command(kernelProgram(t), connection)
		var err error
		if input, err = command.StdinPipe(); err != nil {
			t.Fatal(err)
		}
		return command
	})
	c.connect()
	c.run("import (\"bufio\"; \"fmt\"; \"os\")\nlines := bufio.NewScanner(os.Stdin)")
	id := c.beginWell("lines.Scan()\nfmt.Println(\"behind\")")
	c.send(c.control, "interrupt_request", map[string]interface{}{})
	for late := time.After(20 * time.Second); ; {
		select {
		case m := <-c.heard:
			text, _ := m.Content["text"].(string)
			if m.Kind != "stream" || m.Parent != id || !strings.Contains(text, "waiting for a compiled call") {
				continue
			}
		case <-late:
			t.Fatal("the cell does not say what it waits for")
		}
		break
	}
	fmt.Fprintln(input, "a line")
	if o := c.finish(id, 20*time.Second); o.Error != "interrupted" || o.Text != "" {
		t.Errorf("error %q, text %q; want nothing that stands behind the call", o.Error, o.Text)
	}
	if o := c.run("lines.Text()"); o.shown() != "a line" {
		t.Errorf("the next cell shows %q, %s", o.shown(), o.Error)
	}
}

// Interruptions between cells and during completion meet nothing.
func TestInterruptWhileCompleting(t *testing.T) {
	c := start(t, t.TempDir())
	if o := c.run("import \"github.com/plexaura/plexaura/graph\""); o.Status != "ok" {
		t.Fatal(o.Error)
	}
	var completions []string
	for range 50 {
		completions = append(completions, c.send(c.shell, "complete_request", map[string]interface{}{"code": "graph.", "cursor_pos": 6}))
		c.send(c.control, "interrupt_request", map[string]interface{}{})
		if runtime.GOOS != "windows" {
			c.process.Process.Signal(syscall.SIGINT)
		}
	}
	for _, id := range completions {
		r := c.reply(id, 20*time.Second)
		if matches, _ := r.Content["matches"].([]interface{}); len(matches) < 50 {
			t.Fatalf("completed by %v", r.Content)
		}
	}
	c.reply(c.send(c.control, "interrupt_request", map[string]interface{}{}), 20*time.Second)
	if o := c.run("for i := 0; i < 1000; i++ {\n}\n1"); o.shown() != "1" {
		t.Errorf("the next cell shows %q, %s", o.shown(), o.Error)
	}
}
