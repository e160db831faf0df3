package readme

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"
)

// imports are the packages of which the code speaks.
var imports = strings.Fields(`context fmt gorgonia.org/gorgonia gorgonia.org/tensor
	github.com/plexaura/plexaura/graph github.com/plexaura/plexaura/initializers github.com/plexaura/plexaura/ops
	github.com/plexaura/plexaura/training github.com/plexaura/plexaura/training/dataset github.com/plexaura/plexaura/training/dataset/image
	github.com/plexaura/plexaura/training/hooks github.com/plexaura/plexaura/transfer github.com/plexaura/plexaura/transfer/cache
	github.com/plexaura/plexaura/transfer/autoencoder github.com/plexaura/plexaura/transfer/pretrain github.com/plexaura/plexaura/transfer/rbm
	github.com/plexaura/plexaura/transfer/network github.com/plexaura/plexaura/transfer/onnx github.com/plexaura/plexaura/transfer/tensorflow
	github.com/plexaura/plexaura/zoo`)

// given declares what the code takes from elsewhere, or from a block before.
const given = `
var (
	ctx   context.Context
	g     *graph.Graph
	s     *graph.Scope
	sess  *graph.Session
	m     *zoo.Model
	opt   training.Optimizer
	saver *training.Saver

	X, x, y, isTraining, loss, accuracy, step *gorgonia.Node

	xb, yb     tensor.Tensor
	photos     dataset.Source
	unlabelled dataset.Source
	validation *dataset.BatchIterator
)
`

// images declares what is another thing from block to block: pictures to train on under this heading, and a node elsewhere.
func images(heading string) string {
	if heading == "## Training it" {
		return "var images dataset.Source\n"
	}
	return "var images *gorgonia.Node\n"
}

// block is some code with the heading that it stands under.
type block struct {
	heading, code string
	line          int // of its first line in the file
}

// blocks are those of Go in a Markdown file, without lines that say "...".
func blocks(text string) []block {
	var all []block
	var b *block
	heading := ""
	for i, line := range strings.Split(text, "\n") {
		switch {
		case b == nil && strings.HasPrefix(line, "#"):
			heading = line
		case b == nil && line == "```go":
			b = &block{heading: heading, line: i + 2}
		case b != nil && line == "```":
			all = append(all, *b)
			b = nil
		case b != nil:
			if line == "..." {
				line = ""
			}
			b.code += line + "\n"
		}
	}
	return all
}

// exports opens what the Go command has compiled of packages.
func exports(t *testing.T) func(path string) (io.ReadCloser, error) {
	t.Helper()
	var failed bytes.Buffer
	list := exec.Command("go", append(strings.Fields("list -deps -export -f {{.ImportPath}}={{.Export}}"), imports...)...)
	list.Stderr = &failed
	out, err := list.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("there is no go command")
	}
	if err != nil {
		t.Fatalf("%v: %s", err, &failed)
	}
	compiled := map[string]string{}
	for _, line := range strings.Fields(string(out)) {
		path, file, _ := strings.Cut(line, "=")
		compiled[path] = file
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(compiled[path]) }
}

// files are those whose code is compiled.
var files = []string{"README.md", "transfer/README.md", "zoo/README.md"}

// TestCompiles: each block compiles in a function of its own that takes what the others declare. A variable may be unused, and be declared again.
func TestCompiles(t *testing.T) {
	compiled := importer.ForCompiler(token.NewFileSet(), "gc", exports(t))
	head := "package p\nimport (\n"
	for _, path := range imports {
		head += fmt.Sprintf("%q\n", path)
	}
	head += ")\n" + given
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		all := blocks(string(text))
		if len(all) == 0 {
			t.Errorf("%s shows no Go; want a block or more", name)
		}
		for _, b := range all {
			src := fmt.Sprintf("%s%sfunc _() {\n//line %s:%d\n%s}\n", head, images(b.heading), name, b.line, b.code)
			for _, err := range check(src, compiled) {
				t.Errorf("%v", err)
			}
		}
	}
}

// check returns the errors in a file, but for what is not used or declared twice.
func check(src string, from types.Importer) (wrong []error) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, "given.go", src, 0)
	if err != nil {
		return []error{err}
	}
	cfg := types.Config{Importer: from, Error: func(err error) {
		if e := (types.Error{}); !errors.As(err, &e) || !e.Soft {
			wrong = append(wrong, err)
		}
	}}
	cfg.Check("p", set, []*ast.File{f}, nil)
	return wrong
}

// TestCheck: what a reader could not compile is found.
func TestCheck(t *testing.T) {
	for code, want := range map[string]string{
		"x := 1\nx := 2":         "",
		"x := undefined(1)":      "undefined",
		"var x int = \"\"":       "cannot use",
		"if true {":              "expected",
		"x, err := 1, 2\nx = ``": "cannot use",
	} {
		got := fmt.Sprint(check("package p\nfunc _() {\n"+code+"\n}\n", nil))
		if want == "" && got != "[]" || !strings.Contains(got, want) {
			t.Errorf("%q: %s; want %q", code, got, want)
		}
	}
}
