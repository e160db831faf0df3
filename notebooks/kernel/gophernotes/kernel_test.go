package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plexaura/plexaura/internal/sources"
	"github.com/plexaura/plexaura/notebooks/kernel/internal/origin"
)

var built struct {
	once   sync.Once
	folder string
	err    error
}

// kernelProgram installs the kernel into a folder of the tests and returns its program. The environment variable
// PLEXAURA_KERNEL may name another one to test.
func kernelProgram(t testing.TB) string {
	t.Helper()
	if program := os.Getenv("PLEXAURA_KERNEL"); program != "" {
		return program
	}
	if testing.Short() {
		t.Skip("builds the kernel, which takes a minute; not with -short")
	}
	built.once.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "plexaura-kernel-test-"); built.err != nil {
			return
		}
		install := exec.Command("go", "run", "./notebooks/kernel/install", "-data", built.folder)
		install.Dir = filepath.Join("..", "..", "..")
		if out, err := install.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatalf("the kernel could not be built: %v", built.err)
	}
	program := filepath.Join(built.folder, "kernels", "plexaura", "gophernotes")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	return program
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.folder != "" {
		os.RemoveAll(built.folder)
	}
	os.Exit(code)
}

func TestResults(t *testing.T) {
	c := start(t, t.TempDir())
	for _, test := range []struct {
		code  string
		shown string // text of the result
		text  string // printed
		err   string // part of the error
	}{
		{code: "1 + 2", shown: "3"},
		{code: "x := 5"},
		{code: "x", shown: "5"},
		{code: "x = 6"},
		{code: `import "fmt"` + "\n" + `fmt.Println("printed", x)`, text: "printed 6\n"},
		{code: `fmt.Printf("%d\n", 7)`, text: "7\n"},
		{code: `fmt.Sprint(1, 2)`, shown: "1 2"},
		{code: "import \"errors\"\nfunc both(fail bool) (int, error) { if fail { return 1, errors.New(\"it failed\") }; return 8, nil }"},
		{code: "both(false)", shown: "8"},
		{code: "both(true)", err: "it failed"},
		{code: "_, err := both(true)\nerr", shown: "error: it failed"},
		{code: "func quiet() error { return nil }\nquiet()"},
		{code: `panic("a text")`, err: "a text"},
		{code: `panic(errors.New("an error"))`, err: "an error"},
		{code: "import \"os\"\nvar nilPointer *os.PathError\nfunc broken() error { return nilPointer }\nbroken()", err: "a nil *fs.PathError"},
		{code: "panic(nilPointer)", err: "a nil *fs.PathError"},
		{code: "var none []int\nnone[3]", err: "index out of range"},
		{code: "var p *struct{ A int }\np.A", err: "zero Value"},
		{code: "undefinedName + 1", err: "line 1, column 1: undefined identifier: undefinedName"},
		{code: "a := 1\nb := 2\nc := )", err: "line 3"},
		{code: `import "slices"`, err: "no generics"},
		{code: `import "github.com/plexaura/plexaura/op"`, err: "it has github.com/plexaura/plexaura/ops"},
		{code: `import "dataset"`, err: "it has github.com/plexaura/plexaura/training/dataset"},
		{code: `import "example.com/none"`, err: "is not in this kernel"},
		{code: "%kernel", text: "kernel "},
		{code: "%nothing", err: "unknown special command"},
		{code: "kept := 3"},
		{code: "kept := \"text\"\nlost := 4\nmissing + 1", err: "line 3"},
		{code: "kept", shown: "3"},
		{code: "lost", err: "undefined identifier: lost"},
		{code: "seq := func(func(int) bool) {}\nfor v := range seq { v }", err: "cannot range"},
		{code: "var anything interface{} = 3\nanything", shown: "3"},
		{code: "none2 := []int{}\nnone2[1]\nlater := []int{1}", err: "out of range"},
		{code: "later[0]", err: "has no value"},
		{code: "// nothing"},
		{code: ""},
		{code: "struct{ A, B int }{1, 2}", shown: "{1 2}"},
		{code: "[]string{\"a\", \"b\"}", shown: "[a b]"},
		{code: "import \"os\"\nfmt.Fprintln(os.Stderr, \"to stderr\")", text: "to stderr\n", shown: "10"},
		{code: "import \"log\"\nlog.SetFlags(0)\nlog.Println(\"logged\")", text: "logged\n"},
		{code: "log.Fatal(errors.New(\"fatal\"), 1)", err: "fatal 1"},
		{code: "log.Fatalf(\"%d is fatal\", 2)", err: "2 is fatal"},
		{code: "log.Fatalln(\"fatal\", 3)", err: "fatal 3"},
		{code: "os.Exit(4)", err: "os.Exit(4) in a cell"},
		{code: "x", shown: "6"},
	} {
		o := c.run(test.code)
		switch {
		case test.err != "" && (o.Status != "error" || !strings.Contains(o.Error, test.err)):
			t.Errorf("%s: status %s, error %q; want one that has %q", test.code, o.Status, o.Error, test.err)
		case test.err == "" && o.Status != "ok":
			t.Errorf("%s: error %q", test.code, o.Error)
		case o.shown() != test.shown || !strings.HasPrefix(o.Text, test.text) || test.text == "" && o.Text != "":
			t.Errorf("%s: shows %q, prints %q; want %q and %q", test.code, o.shown(), o.Text, test.shown, test.text)
		}
	}
}

// model is a small network, and a training that never ends by itself.
const model = `
import (
	"context"
	"fmt"
	"time"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)
g := graph.New(graph.Config{Seed: 42})
s := g.Scope()
X := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
y := graph.Placeholder(s, "y", tensor.Int64, -1)
hidden := ops.Dense(s.Sub("hidden"), X, 30, ops.DenseConfig{Activation: ops.ReLU})
logits := ops.Dense(s.Sub("outputs"), hidden, 10, ops.DenseConfig{})
loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s.NameScope("train"), loss, g.Trainable())
sess, err := graph.NewSession(g, graph.SessionConfig{})
sess.Init()
digits, _, _, err := dataset.Digits()
batches := dataset.Batches(dataset.BatchesConfig{Source: digits, Epochs: -1, Seed: 1})
cfg := training.FitConfig{Step: step, Loss: loss, Data: batches, X: X, Y: y, Epochs: 1000000}
`

// A kernel that was built from other sources than those around the notebook says so, once.
func TestStaleKernel(t *testing.T) {
	program := kernelProgram(t)
	record, err := origin.Read(filepath.Dir(program))
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	digest, err := sources.Digest(root)
	if err != nil {
		t.Fatal(err)
	}
	const warning = "has not the sources"
	for state, want := range map[string]string{"fresh": "have not changed", "stale": warning, "gone": "cannot be read"} {
		record.Digest, record.Root = digest, root
		in := root
		switch state {
		case "stale":
			record.Digest = "of another time"
		case "gone":
			in = t.TempDir()
			record.Root = filepath.Join(in, "nowhere")
		}
		text, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		other := filepath.Join(dir, filepath.Base(program))
		if err := os.Link(program, other); err != nil { // on another disk
			if content, err := os.ReadFile(program); err != nil || os.WriteFile(other, content, 0o755) != nil {
				t.Fatal("the kernel cannot be copied")
			}
		}
		if err := os.WriteFile(filepath.Join(dir, origin.File), text, 0o644); err != nil {
			t.Fatal(err)
		}
		c := startProgram(t, other, in)
		// The sources are read while cells run: the warning may come with a later one.
		said := ""
		for i := 0; state == "stale" && said == ""; i++ {
			if i == 600 {
				t.Fatal("stale: no cell says so within a minute")
			}
			time.Sleep(100 * time.Millisecond)
			said = c.run("1").Text
		}
		about := c.run("%kernel").Text
		for _, words := range []string{"have not changed", warning, "cannot be read"} {
			if strings.Contains(about, words) != (words == want) {
				t.Errorf("%s: %%kernel says %s", state, about)
			}
		}
		said += c.run("2").Text + c.run("3").Text
		if n := strings.Count(said, warning); n != strings.Count(want, warning) || n == 0 && said != "" {
			t.Errorf("%s: cells warn %d times: %q", state, n, said)
		}
	}
}
