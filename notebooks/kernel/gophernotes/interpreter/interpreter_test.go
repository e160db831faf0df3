package interpreter

import (
	"context"
	"fmt"
	"go/ast"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cosmos72/gomacro/ast2"
	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
)

// fresh returns an interpreter as the kernel has it, which leaves panics to its caller.
func fresh(t *testing.T) *fast.Interp {
	t.Helper()
	ir := New()
	ir.Comp.Options &^= base.OptTrapPanic | base.OptShowPrompt
	return ir
}

// run compiles and runs a cell. An error is a panic's.
func run(ir *fast.Interp, code string) (values []interface{}, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	ir.Comp.Line = 0
	results, _ := ir.RunExpr(Compile(ir, ast2.AnyToAst(ir.Comp.ParseBytes([]byte(code)), "test")))
	for _, r := range results {
		values = append(values, r.Interface())
	}
	return values, nil
}

// node is a type that contains itself, as gorgonia.Node does.
type node struct {
	Name     string
	Children []*node
	Parent   *node
	Visit    func(*node) []*node
}

func count(nodes []*node) int { return len(nodes) }

// Types of bound packages are the compiled ones, also where they contain themselves: compiled functions take their values.
func TestRepairTypes(t *testing.T) {
	const path = "example.com/tree"
	imports.Packages[path] = imports.Package{
		Name:  "tree",
		Binds: map[string]reflect.Value{"Count": reflect.ValueOf(count)},
		Types: map[string]reflect.Type{"Node": reflect.TypeFor[node]()},
	}
	defer delete(imports.Packages, path)
	ir := fresh(t)
	values, err := run(ir, "import \"example.com/tree\"\nroot := &tree.Node{Name: \"root\"}\nroot.Children = []*tree.Node{{Parent: root}, root}\n"+
		"byName := map[string][]*tree.Node{\"root\": root.Children}\nnodes := byName[\"root\"]\ntree.Count(nodes)")
	if err != nil || fmt.Sprint(values) != "[2]" {
		t.Errorf("%v, %v; want 2", values, err)
	}
	values, err = run(ir, "[]*tree.Node{root}")
	if err != nil || len(values) != 1 {
		t.Fatalf("%v, %v; want a list", values, err)
	}
	if nodes, ok := values[0].([]*node); !ok || nodes[0].Name != "root" {
		t.Errorf("a list of nodes is a %T", values[0])
	}
}

// A cell that does not compile declares nothing, and leaves nothing to be run with the next one.
func TestCompile(t *testing.T) {
	ir := fresh(t)
	for _, test := range []struct{ code, value, err string }{
		{"kept := 3", "", ""},
		{"kept := \"text\"\nlost := 4\nmissing + 1", "", "undefined identifier: missing"},
		{"kept", "3", ""},
		{"lost", "", "undefined identifier: lost"},
		{"type T struct{ A int }\nmissing", "", "missing"},
		{"T{1}", "", "T"},
		{"kept = 5\nmissing()", "", "missing"},
		{"kept", "3", ""},
	} {
		values, err := run(ir, test.code)
		if (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: error %v; want %q", test.code, err, test.err)
		}
		if test.value != "" && (len(values) != 1 || fmt.Sprint(values[0]) != test.value) {
			t.Errorf("%s: %v; want %s", test.code, values, test.value)
		}
	}
}

// A cell that is interrupted in a call ends behind it: what stands there, as the saving of a model, is not run.
func TestInterruptInACall(t *testing.T) {
	const path = "example.com/calls"
	var ir *fast.Interp
	var ran []string
	imports.Packages[path] = imports.Package{Name: "calls", Binds: map[string]reflect.Value{
		"Long": reflect.ValueOf(func() int { ir.Interrupt(nil); return 7 }),
		"Ran":  reflect.ValueOf(func(what string) { ran = append(ran, what) }),
	}}
	defer delete(imports.Packages, path)
	ir = fresh(t)
	if _, err := run(ir, "import \"example.com/calls\""); err != nil {
		t.Fatal(err)
	}
	for _, call := range []string{"calls.Long()", "x := calls.Long()", "x = calls.Long()", "if calls.Long() == 0 {\n}", "_ = calls.Long()", "(func() { calls.Long() })()"} {
		ran = nil
		_, err := run(ir, "calls.Ran(\"before\")\n"+call+"\ncalls.Ran(\"behind\")\ncalls.Ran(\"at the end\")")
		if err == nil || !slices.Equal(ran, []string{"before"}) {
			t.Errorf("%s: %q ran, error %v; want an interruption", call, ran, err)
		}
	}
	if values, err := run(ir, "x"); err != nil || fmt.Sprint(values) != "[7]" {
		t.Errorf("what the call returned is %v, %v; want 7", values, err)
	}
}

// An interruption that comes when nothing runs any more does not meet what runs next.
func TestInterruptOfNothing(t *testing.T) {
	ir := fresh(t)
	for range 2 {
		ir.Interrupt(nil)
		if values, err := run(ir, "sum := 0\nfor i := 0; i < 10; i++ {\n\tsum += i\n}\nsum"); err != nil || fmt.Sprint(values) != "[45]" {
			t.Errorf("the next cell is %v, %v", values, err)
		}
	}
}

// Jupyter counts the cursor's place in code points: Chinese characters and emoji are one each.
func TestComplete(t *testing.T) {
	ir := fresh(t)
	for _, code := range []string{`import "strings"`, "变量 := 1", "variable := 2", "type point struct{ Width, Height int }\np := point{}"} {
		if _, err := run(ir, code); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		code  string // the cursor stands at the bar
		match string // one of the matches; "" for none
		start string // where it begins, as the text before it
	}{
		{"strings.HasPre|", "HasPrefix", "strings."},
		{"strings.|", "HasPrefix", "strings."},
		{"x := strings.HasPre|(a, b)", "HasPrefix", "x := strings."},
		{"s := \"中文\"; strings.HasPre|", "HasPrefix", "s := \"中文\"; strings."},
		{"s := \"😀\"; strings.HasPre|(s, \"中\")", "HasPrefix", "s := \"😀\"; strings."},
		{"// 中文注释 😀🎉\nvari|\n// 完", "variable", "// 中文注释 😀🎉\n"},
		{"\"👨‍👩‍👧\"\np.Wi|", "Width", "\"👨‍👩‍👧\"\np."},
		{"变|", "变量", ""},
		{"\"é\" + 变|", "变量", "\"é\" + "},
		{"vari|", "variable", ""},
		{"nothing.Of|", "", ""},
		{"noneSuch|", "", ""},
		{"中文 😀 noneSuch|", "", ""},
	} {
		before, after, _ := strings.Cut(test.code, "|")
		cursor := len([]rune(before))
		matches, start, end := Complete(ir, before+after, cursor)
		if test.match == "" {
			if len(matches) != 0 || start > end || end != cursor {
				t.Errorf("%s: %q from %d to %d; want none, to %d", test.code, matches, start, end, cursor)
			}
			continue
		}
		if want := len([]rune(test.start)); !slices.Contains(matches, test.match) || start != want || end != cursor {
			t.Errorf("%s: %q from %d to %d; want %s from %d to %d", test.code, matches, start, end, test.match, want, cursor)
		}
	}
	for _, cursor := range []int{-1, 0, 3, 1 << 40} { // of which there are two
		if _, start, end := Complete(ir, "中x", cursor); start < 0 || start > end || end > 2 {
			t.Errorf("a cursor at %d completes from %d to %d", cursor, start, end)
		}
	}
}

func TestCheckImports(t *testing.T) {
	ir := fresh(t)
	for code, want := range map[string]string{
		"import \"strings\"":                       "",
		"import (\n\"fmt\"\nm \"math\"\n)\nx := 1": "",
		"x := 1":                      "",
		"import \"slices\"":           "no generics",
		"import \"example.com/none\"": "is not in this kernel",
		"import \"exec\"":             "it has os/exec",
		"import \"stringz\"":          "it has strings",
		"import (\n\"fmt\"\n\"example.com/none\"\n)": "\"example.com/none\"",
	} {
		err := CheckImports(Parse(ir, code))
		if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", code, err, want)
		}
	}
	if nodes := Parse(ir, "x := )"); len(nodes) != 0 {
		t.Errorf("what is no Go parses as %v", nodes)
	}
	if err := CheckImports([]ast.Node{nil}); err != nil {
		t.Error(err)
	}
}

// In cells the functions that would end the process fail, those that print have no results, and the context is the cell's.
func TestBindFunctions(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(context.Background(), key{}, "the cell's")
	BindFunctions(ctx)
	ir := fresh(t)
	if _, err := run(ir, "import (\n\"context\"\n\"errors\"\n\"fmt\"\n\"log\"\n\"os\"\n)"); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{
		"os.Exit(3)":                        "os.Exit(3) in a cell",
		"log.Fatal(errors.New(\"bad\"), 1)": "bad 1",
		"log.Fatalf(\"%d is bad\", 2)":      "2 is bad",
		"log.Fatalln(\"bad\", 3)":           "bad 3",
		"fmt.Print()\nfmt.Printf(\"\")":     "",
		"context.Background()":              "",
	} {
		values, err := run(ir, code)
		if (err != nil) != (want != "") || err != nil && err.Error() != want {
			t.Errorf("%s: %v, error %v; want %q", code, values, err, want)
		}
	}
	for _, code := range []string{"context.Background()", "context.TODO()"} {
		if values, err := run(ir, code); err != nil || len(values) != 1 || !reflect.DeepEqual(values[0], ctx) {
			t.Errorf("%s is %v, %v; want the cell's context", code, values, err)
		}
	}
	if values, err := run(ir, "fmt.Print(\"\")"); err != nil || len(values) != 0 {
		t.Errorf("fmt.Print has the results %v, %v", values, err)
	}
}
