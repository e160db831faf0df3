package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What a goroutine prints goes under the cell that runs at the moment, or where the kernel's own output goes.
func TestGoroutineOutlivesItsCell(t *testing.T) {
	terminal := filepath.Join(t.TempDir(), "terminal")
	dir := t.TempDir()
	c := launch(t, dir, func(connection string) *exec.Cmd {
		command := exec.Command(kernelProgram(t), connection)
		file, err := os.Create(terminal)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { file.Close() })
		command.Stdout = file
		return command
	})
	c.connect()
	c.run("import (\"fmt\"; \"os\"; \"time\")\nlines, printed := make(chan string), make(chan bool)\nvar kept error\nsum := 0")
	o := c.run("w := os.Stdout\ngo func() {\n" + untilGo + "\t_, err := fmt.Fprintln(w, \"kept\")\n\tkept, sum = err, 7\n\tfmt.Println(\"between\")\n" +
		"\tfor line := range lines {\n\t\tfmt.Println(line)\n\t\tprinted <- true\n\t}\n}()\nfmt.Println(\"own\")")
	if o.Text != "own\n" {
		t.Errorf("the cell that starts a goroutine prints %q, %s", o.Text, o.Error)
	}
	letGo(t, dir)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(terminal); err != nil || time.Now().After(deadline) {
			t.Fatalf("the kernel's own output is %q, %v; want what was printed between cells", text, err)
		} else if strings.Contains(string(text), "between\n") {
			break
		}
	}
	if o := c.run("fmt.Println(kept, sum)"); !strings.Contains(o.Text, "file already closed 7") {
		t.Errorf("of a kept writer the next cell prints %q, %s", o.Text, o.Error)
	}
	if o := c.run("lines <- \"within\"\nok := <-printed"); o.Text != "within\n" {
		t.Errorf("under a later cell stands %q, %s", o.Text, o.Error)
	}
}

// A panic in a goroutine that a cell started ends every Go program; README.md says what to do.
func TestPanicInGoroutine(t *testing.T) {
	c := start(t, t.TempDir())
	c.begin("import \"time\"\ngo func() { panic(\"in a goroutine\") }()\ntime.Sleep(time.Second)")
	select {
	case err := <-c.exited:
		if err == nil {
			t.Error("the kernel ended without an error")
		}
	case <-time.After(20 * time.Second):
		t.Error("the kernel goes on: README.md can be mended")
	}
}
