package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// limit is what a row of the table of limits in the notebooks' README is held against. Code in the row's first column
// stands in the cells of the limit, code in the third in those that are written instead.
type limit struct {
	row     string   // the row's first column
	before  string   // a cell that runs before; it may fail
	cells   []string // the limit. Each cell fails, with the messages that the row's second column has as code, unless got is set.
	got     string   // what the cells show, print and say, where they do not all fail; the code in the second column stands here or in the cells
	instead []string // cells of what the third column says; nil where it says nothing
	want    string   // what these print and show
}

var limits = []limit{
	{
		row: "`func f[T any](x T)`", cells: []string{"func f[T any](x T) {}"},
		instead: []string{"func f(x any) { fmt.Print(x) }\nf(3)"}, want: "3",
	}, {
		row:     "packages `slices`, `maps`, `cmp`, `iter`",
		cells:   []string{`import "slices"`, `import "maps"`, `import "cmp"`, `import "iter"`},
		instead: []string{"import \"sort\"\nv := []int{2, 1}\nsort.Ints(v)\nv"}, want: "[1 2]",
	}, {
		row: "`for i := range 3`", cells: []string{"for i := range 3 {\n\tfmt.Print(i)\n}"},
		instead: []string{"for i := 0; i < 3; i++ {\n\tfmt.Print(i)\n}"}, want: "012",
	}, {
		row: "`for x := range seq` over a function", before: model,
		cells: []string{"seq := func(yield func(int) bool) {}\nfor x := range seq {\n\tfmt.Print(x)\n}"},
		instead: []string{"few := dataset.Batches(dataset.BatchesConfig{Source: digits, BatchSize: 1000})\nfor few.Next() {\n\tfmt.Print(\"batch \")\n}",
			"l, err := training.NewLoop(sess, training.FitConfig{Step: step, Data: batches, X: X, Y: y, Steps: 2})\nctx := context.Background()\nfor l.Next(ctx) {\n\tfmt.Print(\"step \")\n}"},
		want: "batch batch step step ",
	}, {
		row: "`min(a, b)`, `max(a, b)`, `clear(m)`", before: "a, b := 1.0, 2.0\nm := map[string]int{\"a\": 1}",
		cells:   []string{"min(a, b)", "max(a, b)", "clear(m)"},
		instead: []string{"import \"math\"\nmath.Min(a, b)", "math.Max(a, b)", "if a > b {\n\ta = b\n}\na", "m = map[string]int{}\nlen(m)"}, want: "1210",
	}, {
		row:   "closures over a loop's variable",
		cells: []string{"var fs []func() int\nfor i := 0; i < 3; i++ {\n\tfs = append(fs, func() int { return i })\n}\nfor _, f := range fs {\n\tfmt.Print(f())\n}"}, got: "333",
		instead: []string{"var fs []func() int\nfor i := 0; i < 3; i++ {\n\ti := i\n\tfs = append(fs, func() int { return i })\n}\nfor _, f := range fs {\n\tfmt.Print(f())\n}"}, want: "012",
	}, {
		row:    "`f(m[key])`, for a function `f` of a cell and one argument",
		before: "key := \"a\"\nm := map[string]int{key: 1}\nfunc f(x int) int { return x }\nfunc g(x, y int) int { return x + y }",
		cells:  []string{"f(m[key])"}, instead: []string{"v := m[key]\nf(v)", "g(m[key], m[key])"}, want: "12",
	}, {
		row: "`fmt.Println(m[key])`, for the same reason", before: "key := \"a\"\nm := map[string]int{key: 1}",
		cells: []string{"fmt.Println(m[key])"}, got: "1 true\n", instead: []string{"v := m[key]\nfmt.Println(v)", "fmt.Println(key, m[key])"}, want: "1\na 1\n",
	}, {
		row: "`v[class] = x`, `v[class]++`, `v[class:]` with `class` an `int64`", before: "var class int64 = 1\nx := 3\nv := []int{5, 6}",
		cells: []string{"v[class] = x", "v[class]++", "v[class:]"}, instead: []string{"v[class]", "v[int(class)]++\nv"}, want: "6[5 7]",
	}, {
		row: "`a, b` at the end of a cell", cells: []string{"a, b := 1, 2\na, b"}, instead: []string{"a, b := 1, 2\nfmt.Println(a, b)", "a", "b"}, want: "1 2\n12",
	}, {
		row: "`<-c` at the end of a cell", before: "c := make(chan int, 2)\nc <- 7\nc <- 8", cells: []string{"<-c"}, got: "7 true", instead: []string{"x := <-c\nx"}, want: "8",
	}, {
		row: "`case c <- 1:` with a constant", before: "c := make(chan int, 1)", cells: []string{"select {\ncase c <- 1:\n}"},
		instead: []string{"x := 1\nselect {\ncase c <- x:\n\tfmt.Print(\"sent\")\n}"}, want: "sent",
	}, {
		row: "`func() { ... }()` as a statement", cells: []string{"func() { fmt.Print(1) }()"}, instead: []string{"(func() { fmt.Print(1) })()", "f := func() { fmt.Print(2) }\nf()"}, want: "12",
	}, {
		row: "`defer` outside of a function", cells: []string{"defer fmt.Print(\"deferred \")\nfmt.Print(\"end \")"}, got: "deferred end ",
		instead: []string{"(func() {\n\tdefer fmt.Print(\"deferred \")\n\tfmt.Print(\"end \")\n})()"}, want: "end deferred ",
	}, {
		row: "`goto` outside of a function", cells: []string{"i := 0\nagain:\ni++\nif i < 3 {\n\tgoto again\n}"},
		instead: []string{"i := 0\nagain:\nfor {\n\tfor {\n\t\tif i++; i == 3 {\n\t\t\tbreak again\n\t\t}\n\t}\n}\ni"}, want: "3",
	}, {
		row: "two functions that call each other", cells: []string{"func even(n int) bool { return n == 0 || odd(n-1) }\nfunc odd(n int) bool { return n != 0 && even(n-1) }"},
		instead: []string{"var even func(int) bool\nfunc odd(n int) bool { return n != 0 && even(n-1) }\neven = func(n int) bool { return n == 0 || odd(n-1) }\neven(4)"}, want: "true",
	}, {
		row: "a method that calls itself on a field, `t.Left.Depth()`", before: "type tree struct{ Left *tree }",
		cells:   []string{"func (t *tree) Depth() int {\n\tif t == nil {\n\t\treturn 0\n\t}\n\treturn 1 + t.Left.Depth()\n}"},
		instead: []string{"func depth(t *tree) int {\n\tif t == nil {\n\t\treturn 0\n\t}\n\treturn 1 + depth(t.Left)\n}\ndepth(&tree{&tree{}})"}, want: "2",
	}, {
		row:   "a type, its methods and a use as an interface in one cell",
		cells: []string{"type square struct{ Side int }\nfunc (s square) Area() int { return s.Side * s.Side }\ntype shape interface{ Area() int }\nvar s shape = square{2}"},
		instead: []string{"type square struct{ Side int }\nfunc (s square) Area() int { return s.Side * s.Side }\ntype shape interface{ Area() int }",
			"var s shape = square{2}\ns.Area()"}, want: "4",
	}, {
		row: "`import . \"math\"` and a use in one cell", cells: []string{"import . \"math\"\nSqrt(4)"}, instead: []string{"import . \"math\"", "Sqrt(4)"}, want: "2",
	}, {
		row:    "methods `String` and `Error` of a cell's type",
		before: "import \"errors\"\ntype named struct{ A int }\nfunc (x named) String() string { return \"a name\" }\nfunc (x named) Error() string { return \"an error\" }\nx := named{1}",
		cells:  []string{"fmt.Print(x)", "var err error = x\nvar target named\nerrors.As(err, &target)"}, got: "{1}errors: *target must be interface or implement error",
		instead: []string{"fmt.Println(x.String())", "x.Error()"}, want: "a name\nan error",
	}, {
		row:    "a cell's type that embeds a compiled one with methods, as `training.NoHook`",
		before: model + "type counter struct {\n\ttraining.NoHook\n\tSteps int\n}\nfunc (c *counter) AfterStep(l *training.Loop) error {\n\tc.Steps++\n\treturn nil\n}",
		cells: []string{"c := &counter{}\nhistory, err := training.Fit(context.Background(), sess, training.FitConfig{Step: step, Data: batches, X: X, Y: y, Steps: 3, " +
			"Hooks: []training.Hook{c}})\nfmt.Print(c.Steps)"}, got: "0",
		instead: []string{hook,
			"h := &steps{}\nhistory, err := training.Fit(context.Background(), sess, training.FitConfig{Step: step, Data: batches, X: X, Y: y, Steps: 3, " +
				"Hooks: []training.Hook{h}})\nfmt.Print(h.N)",
			"l, err := training.NewLoop(sess, training.FitConfig{Step: step, Data: batches, X: X, Y: y, Steps: 2})\n" +
				"ctx := context.Background()\nfor l.Next(ctx) {\n\tfmt.Print(\" step\")\n}"},
		want: "3 step step",
	}, {
		row: "a name declared behind the place where a cell panicked", before: "panic(1)\nlist, n := []int{5}, 6", cells: []string{"list[0]", "n"},
		got:     "a variable has no value, as after a cell that failed before it set it, or a nil pointer was followed (reflect: call of reflect.Value.Index on zero Value)0",
		instead: []string{"list, n := []int{5}, 6", "list[0] + n"}, want: "11",
	}, {
		row: "`n, err := fmt.Println(...)`", cells: []string{"n, err := fmt.Println(\"x\")"}, instead: []string{"import \"os\"\nn, err := fmt.Fprintln(os.Stdout, \"x\")\nn"}, want: "x\n2",
	}, {
		row: "`log.Fatal`, `os.Exit`", before: "import (\"log\"; \"os\"; \"errors\")\nkept := 1\nerr := errors.New(\"bad\")",
		cells: []string{"log.Fatal(1)", "os.Exit(3)", "kept"}, got: "1os.Exit(3) in a cell1",
		instead: []string{"panic(err)", "kept"}, want: "bad1",
	}, {
		row: "`l.Fatal()` of a logger of `log.New`, as whatever exits in compiled code", before: "import (\"log\"; \"os\")\nl := log.New(os.Stdout, \"\", 0)",
		cells: []string{"l.Fatal()"}, got: "the kernel ended", instead: []string{"l.Panic()", "1"}, want: "1",
	}, {
		row: "unused variables and imports", cells: []string{"import \"time\"\nfunc f() int {\n\tunused := 1\n\treturn 2\n}\nf()"}, got: "2",
	},
}

// hook is a hook with all its methods.
const hook = `type steps struct{ N int }
func (h *steps) Begin(l *training.Loop) error { return nil }
func (h *steps) BeforeStep(l *training.Loop) error { return nil }
func (h *steps) AfterStep(l *training.Loop) error { h.N++; return nil }
func (h *steps) AfterEpoch(l *training.Loop) error { return nil }
func (h *steps) End(l *training.Loop) error { return nil }`

// limitRows reads the table of limits: rows of three columns.
func limitRows(t *testing.T) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "| in a cell | what happens | write instead |\n|---|---|---|\n")
	var rows [][]string
	for line := range strings.Lines(after) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		var row []string
		for _, column := range strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ") {
			row = append(row, strings.TrimSpace(column))
		}
		if len(row) == 2 {
			row = append(row, "")
		}
		if len(row) != 3 {
			t.Fatalf("the row %q has %d columns", line, len(row))
		}
		rows = append(rows, row)
	}
	return rows
}

// Each row of README's table has its limit, whose cells have the code that the row has.
func TestLimitsAreThoseOfREADME(t *testing.T) {
	rows := limitRows(t)
	if len(rows) < 20 {
		t.Fatalf("README.md has %d limits", len(rows))
	}
	for _, row := range rows {
		at := slices.IndexFunc(limits, func(l limit) bool { return l.row == row[0] })
		if at < 0 {
			t.Errorf("%s: nothing is held against this row", row[0])
			continue
		}
		l := limits[at]
		cells := l.before + strings.Join(l.cells, "\n")
		for _, code := range codeIn(row[0]) {
			if !stands(code, cells) {
				t.Errorf("%s: %s is not in what is tried", row[0], code)
			}
		}
		for _, code := range codeIn(row[2]) {
			if !stands(code, l.before+strings.Join(l.instead, "\n")) {
				t.Errorf("%s: %s is not in what is written instead", row[0], code)
			}
		}
		if (row[2] == "") != (l.instead == nil) {
			t.Errorf("%s: README says to write %q instead", row[0], row[2])
		}
		messages := codeIn(row[1])
		if l.got == "" && len(messages) == 0 {
			t.Errorf("%s: README has no message as code", row[0])
		}
		for _, code := range messages {
			if l.got != "" && !stands(code, l.got+cells) {
				t.Errorf("%s: %s is not what happens: %s", row[0], code, l.got)
			}
		}
	}
	for _, l := range limits {
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == l.row }) {
			t.Errorf("%s is no row of README's table", l.row)
		}
	}
}

// What README says of each limit is what happens, and what it says to write instead works.
func TestLimits(t *testing.T) {
	kernelProgram(t)
	messages := map[string][]string{}
	for _, row := range limitRows(t) {
		messages[row[0]] = codeIn(row[1])
	}
	for _, l := range limits {
		t.Run(l.row, func(t *testing.T) {
			c := start(t, t.TempDir())
			c.run("import \"fmt\"")
			if l.before != "" {
				c.run(l.before)
			}
			got := ""
			for _, code := range l.cells {
				o, ended := c.tryRun(code)
				if ended {
					got += "the kernel ended"
					c = start(t, t.TempDir())
					c.run(l.before)
					break
				}
				got += o.Text + o.shown() + o.Error
				for _, message := range messages[l.row] {
					if l.got == "" && (o.Status != "error" || !strings.Contains(o.Error, message)) {
						t.Errorf("%s: %s, %q; want an error with %q", code, o.Status, o.Text+o.shown()+o.Error, message)
					}
				}
			}
			if l.got != "" && got != l.got {
				t.Errorf("%q; want %q", got, l.got)
			}
			got = ""
			for _, code := range l.instead {
				o := c.run(code)
				got += o.Text + o.shown() + o.Error
			}
			if got != l.want {
				t.Errorf("instead: %q; want %q", got, l.want)
			}
		})
	}
}

// tryRun runs a cell, at which the kernel may end.
func (c *client) tryRun(code string) (o outcome, ended bool) {
	id := c.begin(code)
	for late := time.After(time.Minute); ; {
		select {
		case m := <-c.replies:
			c.early[m.Parent] = m
			if m.Parent == id {
				return c.finish(id, time.Minute), false
			}
		case <-c.exited:
			return o, true
		case <-late:
			c.t.Fatalf("%s: no reply", code)
		}
	}
}

// codeSpan matches what Markdown has as code.
var codeSpan = regexp.MustCompile("`([^`]*)`")

// codeIn returns the pieces of code in a text of Markdown.
func codeIn(text string) (pieces []string) {
	for _, m := range codeSpan.FindAllStringSubmatch(text, -1) {
		pieces = append(pieces, m[1])
	}
	return pieces
}

// stands tells whether a piece of code stands in a text, but for spaces; "..." stands for anything.
func stands(piece, text string) bool {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	text = squeeze(text)
	for _, part := range strings.Split(squeeze(piece), "...") {
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return true
}
