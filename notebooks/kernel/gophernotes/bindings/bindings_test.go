package main

import (
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

const source = `package p

import "io"

const (
	Small        = 3
	Big          = 1 << 40
	Huge         = 1<<64 - 1
	Pi           = 3.14159265358979323846264338327950288
	Name         = "a name"
	Typed  int64 = 5
	hidden       = 1
)

var Variable, other int

func Function(x int, rest ...string) (int, error) { return 0, nil }
func Generic[T any](x T) T                        { return x }
func unexported()                                 {}

type Struct struct {
	Inner
	*Other
}
type Inner struct{}
type Other struct{}

func (Inner) Promoted()   {}
func (*Other) Indirect()  {}
func (Struct) Own()       {}

type List[T any] struct{}
type Alias = Inner
type Number interface{ ~int | ~float64 }
type Open interface {
	Write(format string, args ...interface{}) (n int, err error)
	Read(r io.Reader)
	Nothing()
}
type Closed interface{ close() }
type secret struct{}
type Secretive interface{ Tell() secret }
`

// generated returns the bindings of source, with spaces as one.
func generated(t *testing.T) string {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Importer: importer.ForCompiler(files, "source", nil)}
	p, err := config.Check("example.com/x-y/p", files, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := format.Source(bindings(p))
	if err != nil {
		t.Fatalf("%v\n%s", err, bindings(p))
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

func TestBindings(t *testing.T) {
	got := generated(t)
	for _, want := range []string{
		"package bound",
		`p "example.com/x-y/p"`,
		`imports.Packages["example.com/x-y/p"] = imports.Package{ Name: "p"`,
		`"Small": reflect.ValueOf(p.Small)`,
		`"Big": reflect.ValueOf(int64(p.Big))`,
		`"Huge": reflect.ValueOf(uint64(p.Huge))`,
		`"Typed": reflect.ValueOf(p.Typed)`,
		`"Big": "int:1099511627776"`,
		`"Name": "string:a name"`,
		`"Variable": reflect.ValueOf(&p.Variable).Elem()`,
		`"Function": reflect.ValueOf(p.Function)`,
		`"Struct": reflect.TypeOf((*p.Struct)(nil)).Elem()`,
		`"Alias": reflect.TypeOf((*p.Alias)(nil)).Elem()`,
		`"Struct": []string{"Indirect", "Promoted"}`,
		`"Open": reflect.TypeOf((*P_example_com_x_y_p_Open)(nil)).Elem()`,
		"Write_ func(interface{}, string, ...interface{}) (int, error)",
		"Write(a0 string, a1 ...interface{}) (int, error) { return P.Write_(P.Object, a0, a1...) }",
		"Read(a0 io.Reader) { P.Read_(P.Object, a0) }",
		"Nothing() { P.Nothing_(P.Object) }",
		`"Closed": reflect.TypeOf((*p.Closed)(nil)).Elem()`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, name := range []string{"Generic", "List", "Number", "hidden", "other", "unexported", "secret{", "P_example_com_x_y_p_Closed", "P_example_com_x_y_p_Secretive"} {
		if strings.Contains(got, name) {
			t.Errorf("%s is bound", name)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}
