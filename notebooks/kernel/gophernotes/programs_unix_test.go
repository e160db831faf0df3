//go:build unix

package main

import (
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// What a program prints that a cell starts is seen where the cell asks for it. One that goes on has the cell go on, until
// an interruption, which Jupyter sends to all programs of the kernel.
func TestProgramsOfCells(t *testing.T) {
	start := installed(t)
	c := launch(t, t.TempDir(), func(connection string) *exec.Cmd {
		command := start(connection)
		command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as Jupyter does
		return command
	})
	c.connect()
	c.run("import (\"fmt\"; \"os\"; \"os/exec\")")
	for code, want := range map[string]string{
		"exec.Command(\"echo\", \"unseen\").Run()":                                                                   "",
		"c := exec.Command(\"echo\", \"seen\")\nc.Stdout = os.Stdout\nc.Run()":                                       "seen\n",
		"c := exec.Command(\"echo\", \"returned\")\nout, err := c.CombinedOutput()\nfmt.Printf(\"%q\", string(out))": "\"returned\\n\"",
	} {
		if o := c.run(code); o.Text != want || o.Status != "ok" {
			t.Errorf("%s: prints %q, %s; want %q", code, o.Text, o.Error, want)
		}
	}
	id := c.beginWell("c := exec.Command(\"sleep\", \"1000\")\nc.Stdout = os.Stdout\nc.Start()")
	select {
	case m := <-c.replies:
		t.Errorf("with a program that goes on the cell ends: %v", m)
	default:
	}
	if err := syscall.Kill(-c.process.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if o := c.finish(id, 20*time.Second); o.Status != "ok" {
		t.Errorf("the cell ends with %s %s", o.Status, o.Error)
	}
	if o := c.run("1"); o.shown() != "1" {
		t.Errorf("the next cell shows %q, %s", o.shown(), o.Error)
	}
}
