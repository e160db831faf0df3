package graph

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// BuildError says which op could not be built: its scope path and kind, the
// specs of its inputs, the cause, and the line of the program that asked.
type BuildError struct {
	Scope  string // the scope path, "" at the root
	Op     string // the op, such as "MatMul"
	Inputs []Spec // the specs of its inputs
	Cause  error
	Caller string // file:line outside this module
}

// Error formats the error on one line that stands alone.
func (e *BuildError) Error() string {
	var b strings.Builder
	b.WriteString(e.Path())
	if len(e.Inputs) > 0 {
		b.WriteByte('(')
		for i, in := range e.Inputs {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(in.String())
		}
		b.WriteByte(')')
	}
	fmt.Fprintf(&b, ": %v", e.Cause)
	if e.Caller != "" {
		fmt.Fprintf(&b, " (at %s)", e.Caller)
	}
	return b.String()
}

// Path returns the scope path and op, as "dnn/hidden1/MatMul".
func (e *BuildError) Path() string {
	if e.Scope == "" {
		return e.Op
	}
	return e.Scope + "/" + e.Op
}

// Unwrap returns the cause.
func (e *BuildError) Unwrap() error { return e.Cause }

// Fail reports that an op or layer cannot be built, for authors of ops: the
// error sticks to the graph (or panics, by Config.OnError) with the scope path
// and the specs of the inputs. It returns a bad node of the intended spec, on
// which later ops do nothing. Errors that follow from a bad input are not
// reported again.
func (s *Scope) Fail(op string, inputs gorgonia.Nodes, intended Spec, err error) *gorgonia.Node {
	for _, in := range inputs {
		if in != nil && IsBad(in) {
			return s.bad(op, intended)
		}
	}
	s.g.fail(&BuildError{
		Scope:  strings.TrimSuffix(s.opPrefix, "/"),
		Op:     op,
		Inputs: specsOf(inputs),
		Cause:  err,
		Caller: caller(),
	})
	return s.bad(op, intended)
}

// Failf is Fail with a formatted message and the first input's spec.
func (s *Scope) Failf(op string, inputs gorgonia.Nodes, format string, args ...interface{}) *gorgonia.Node {
	intended := Spec{Dtype: s.g.cfg.Dtype}
	if len(inputs) > 0 && inputs[0] != nil {
		intended = SpecOf(inputs[0])
	}
	return s.Fail(op, inputs, intended, errors.Errorf(format, args...))
}

// IsBad tells whether a node is the result of a failed op.
func IsBad(n *gorgonia.Node) bool {
	if n == nil {
		return true
	}
	o, ok := n.Op().(*op)
	return ok && o.def.Name == badOp
}

// badOp is the name of the op of bad nodes; '!' keeps it apart from real ops.
const badOp = "bad!"

func (g *Graph) fail(e *BuildError) {
	if g.cfg.OnError == PanicOnError {
		panic(e)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err == nil {
		g.err = e
	}
}

func specsOf(nodes gorgonia.Nodes) []Spec {
	specs := make([]Spec, len(nodes))
	for i, n := range nodes {
		specs[i] = SpecOf(n)
	}
	return specs
}

// modulePath begins the names of this module's functions.
const modulePath = "github.com/plexaura/plexaura/"

// libraryFolders are the folders of this module's packages, as they stand in
// the paths of source files. A function literal that the compiler inlines into
// the program is named after the program's function, so names do not suffice.
var libraryFolders = func() []string {
	_, file, _, _ := runtime.Caller(0)
	root := strings.TrimSuffix(file, "graph/errors.go")
	var folders []string
	for _, f := range []string{"graph", "ops", "initializers", "training", "transfer", "zoo", "internal"} {
		folders = append(folders, root+f+"/")
	}
	return folders
}()

// inLibrary tells whether a stack frame is the library's own.
func inLibrary(f runtime.Frame) bool {
	if strings.HasSuffix(f.File, "_test.go") {
		return false
	}
	for _, folder := range libraryFolders {
		if strings.HasPrefix(f.File, folder) {
			return true
		}
	}
	return strings.HasPrefix(f.Function, modulePath) && !strings.HasPrefix(f.Function, modulePath+"examples/")
}

// caller returns the first line up the stack that is not the library's own:
// a program's, an example's or a test's. It is "" where an interpreter calls, as
// in a notebook: the line would be one of package reflect or of the interpreter.
func caller() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "reflect.") || strings.HasPrefix(f.Function, "github.com/cosmos72/gomacro/") {
			return ""
		}
		if !inLibrary(f) && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", shortPath(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}

// shortPath keeps the last two elements of a path.
func shortPath(file string) string {
	parts := strings.Split(file, "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// RunError says which node failed in a Run, and what had been written.
type RunError struct {
	Node    string   // the node's name, "" when no node is to blame
	Op      string   // the op, such as "MatMul"
	Written []string // variables that the Run had changed: it is partially applied
	Cause   error
}

// Error formats the error on one line.
func (e *RunError) Error() string {
	var b strings.Builder
	if e.Node != "" {
		fmt.Fprintf(&b, "%s (%s): ", e.Node, e.Op)
	}
	fmt.Fprintf(&b, "%v", e.Cause)
	if len(e.Written) > 0 {
		fmt.Fprintf(&b, "; partially applied: %s", strings.Join(e.Written, ", "))
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *RunError) Unwrap() error { return e.Cause }
