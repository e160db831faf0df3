package zoo

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

var update = flag.Bool("update", false, "write README.md")

// describe builds an architecture as it was published and describes it for one example.
func describe(t *testing.T, a Architecture) *Summary {
	t.Helper()
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, append([]int{graph.Unknown}, a.Input...)...)
	m := a.Build(g.Scope(), x, Config{})
	if err := g.Err(); err != nil {
		t.Fatalf("%s: %v", a.Name, err)
	}
	if m.Name != a.Name || m.Input != x {
		t.Errorf("%s is called %s, and built on %v", a.Name, m.Name, m.Input)
	}
	s, err := m.Summary()
	if err != nil {
		t.Fatalf("%s: %v", a.Name, err)
	}
	return s
}

// declared returns the exported functions of the package, each with the file it stands in.
func declared(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	functions := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() {
				functions[f.Name.Name] = file
			}
		}
	}
	return functions
}

// function finds the exported function that an architecture is built by. One that takes more than Config has a
// form without that, whose name begins with a small letter.
func function(t *testing.T, a Architecture, functions map[string]string) string {
	t.Helper()
	name := runtime.FuncForPC(reflect.ValueOf(a.Build).Pointer()).Name()
	name = name[strings.LastIndexByte(name, '.')+1:]
	for f := range functions {
		if strings.EqualFold(f, name) {
			return f
		}
	}
	t.Errorf("%s is built by %s, which is no exported function", a.Name, name)
	return name
}

// README.md is what the architectures say of themselves; go test ./zoo -run TestArchitectures -update writes it.
func TestArchitectures(t *testing.T) {
	functions := declared(t)
	seen := map[string]bool{}
	var b strings.Builder
	fmt.Fprintf(&b, "# The architectures\n\n"+
		"%d architectures, one family a file. Each is a function of a `*graph.Scope`, its input and a `zoo.Config`; the doc comment gives the layers\n"+
		"by name, their shapes, and the code that computes the same. This page is made of `zoo.Architectures()` by `go test ./zoo -run TestArchitectures -update`, and a test keeps it true.\n\n"+
		"Parameters are what is trained (batch norm's moving averages are not among them); multiply-adds are those of convolutions and products for one\n"+
		"input of the published size, two floating-point operations each. Endpoints are the layers whose output `Model.Endpoint` gives by name.\n\n"+
		"| network | function | input | outputs | parameters | multiply-adds | endpoints | paper |\n|---|---|---|---|---|---|---|---|\n",
		len(Architectures()))
	for _, a := range Architectures() {
		if seen[a.Name] {
			t.Errorf("%s is listed twice", a.Name)
		}
		seen[a.Name] = true
		s, f := describe(t, a), function(t, a, functions)
		fmt.Fprintf(&b, "| %s | [%s](%s) | %s | %d | %s | %s | %d | %s |\n", a.Name, f, functions[f], sizes(a.Input), a.Classes,
			grouped(s.Parameters()), grouped(s.MultiplyAdds()), len(s.Layers), a.Title)
		if shape := s.Layers[len(s.Layers)-1].Output; len(shape) == 2 && !shape.Eq(tensor.Shape{1, a.Classes}) {
			t.Errorf("the output of %s has shape %v; want %d classes", a.Name, shape, a.Classes)
		}
	}
	writePretrained(t, &b)
	if t.Failed() {
		return
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("README.md")
	if err != nil || string(have) != b.String() {
		t.Errorf("README.md is not what the architectures say (%v): run go test ./zoo -run TestArchitectures -update", err)
	}
}

// writePretrained writes the table of the networks with published weights.
func writePretrained(t *testing.T, b *strings.Builder) {
	t.Helper()
	fmt.Fprintf(b, "\n## Pretrained\n\n"+
		"%d networks with the weights that others have trained, found or downloaded by `Model.Load`, and checked:\n\n"+
		"```go\nm := zoo.Build(g.Scope(), \"torchvision/resnet18\", x, zoo.Config{})\nerr := m.Load(ctx, sess)\n```\n\n"+
		"`zoo.Describe` says of each what it wants to see, what its outputs mean, and where all this is published. Accuracies are those that the\n"+
		"publishers measured. \"Verified\" are the published files that the tests of this package compare with the results of others; of the others\n"+
		"the names and shapes are tested, on lists of them. A few networks stand in their files: `Build` finds or downloads these already. `Config.File` names a file of one's own. Without a published checksum, `Config.Fetch.Unchecked` has to be set.\n\n"+
		"| name | network | task | parameters | FLOPs | bytes | published | trained on | licence | checksum | verified |\n|---|---|---|---|---|---|---|---|---|---|---|\n", len(List()))
	for _, name := range List() {
		p, err := Describe(name)
		if err != nil {
			t.Fatal(err)
		}
		parameters, flops := "", ""
		if !p.inFile() {
			g := graph.New(graph.Config{})
			m := Build(g.Scope(), name, graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, p.Input.Height, p.Input.Width, p.channels()), Config{})
			if err := g.Err(); err != nil {
				t.Fatal(err)
			}
			s, err := m.Summary()
			if err != nil {
				t.Fatal(err)
			}
			parameters, flops = grouped(s.Parameters()), grouped(s.FLOPs())
		}
		cell := func(text string) string {
			if text == "" {
				return "unknown"
			}
			return text
		}
		bytes := ""
		if n := p.bytes(); n > 0 {
			bytes = grouped(n)
		}
		var scores []string
		for _, s := range p.Scores {
			scores = append(scores, fmt.Sprintf("%s %.4g %%", s.Metric, s.Percent))
		}
		checksum := "SHA-256"
		switch {
		case p.unchecked():
			checksum = "none"
		case p.Files[0].MD5 != "":
			checksum = "MD5"
		}
		fmt.Fprintf(b, "| [%s](%s) | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", name, p.Source, p.rows()[0][1], p.Task,
			cell(parameters), cell(flops), cell(bytes), cell(strings.Join(scores, ", ")), p.TrainedOn, p.Licence, checksum, cmp.Or(p.Verified, "no"))
	}
}

// TestEmptyImages: no network of images takes one without pixels, which some would compute NaN of.
func TestEmptyImages(t *testing.T) {
	for _, a := range Architectures() {
		if len(a.Input) == 3 {
			for _, size := range [][2]int{{0, 64}, {64, 0}} {
				wantBuildError(t, a.Build, Config{}, []int{-1, size[0], size[1], a.Input[2]}, a.Name, "height and width are 1 or more")
			}
		}
	}
}
