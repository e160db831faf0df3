package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const gophernotes = "github.com/gopherdata/gophernotes"

// taken are the files of gophernotes that are compiled. The others are its complete.go, in whose place
// notebooks/kernel/gophernotes has its own, and one that refuses old versions of Go.
var taken = []string{"main.go", "kernel.go", "display.go", "image.go", "messages.go", "x_package.go"}

// patch is a change of one line of gophernotes, as compiled here.
type patch struct{ old, new string }

// patches of gophernotes v0.7.5, by file. What is new stands in notebooks/kernel/gophernotes.
var patches = map[string][]patch{
	"kernel.go": {
		{`"github.com/go-zeromq/zmq4"`, `"github.com/go-zeromq/zmq4"
	"github.com/plexaura/plexaura/notebooks/kernel/gophernotes/cell"
	"github.com/plexaura/plexaura/notebooks/kernel/gophernotes/interpreter"`},
		// An interpreter that starts at once and knows our types.
		{"ir := interp.New()", "ir := newInterpreter()"},
		// Interruption and shutdown while a cell runs.
		{"go poll(ctl, sockets.ControlSocket.Socket)", "go serveControl(sockets)"},
		// A failed cell ends "run all".
		{"sg.ShellSocket.Socket = zmq4.NewRouter(ctx)", "sg.ShellSocket.Socket = queued(zmq4.NewRouter(ctx), []byte(connInfo.Key))"},
		{`silent := reqcontent["silent"].(bool)`, `silent := reqcontent["silent"].(bool)
	if refused, err := shellQueue.refuses(&receipt); refused {
		return err
	}`},
		// A request that lacks something ends nothing.
		{"switch receipt.Msg.Header.MsgType {", "defer contain(&receipt)\n\n\tswitch receipt.Msg.Header.MsgType {"},
		// What was printed stands before the picture that was shown after it.
		{"os.Stdout = wOut", "os.Stdout = wOut; stdout.Open(wOut)"},
		{"os.Stderr = wErr", "os.Stderr = wErr; stderr.Open(wErr)"},
		{"io.Copy(&jupyterStdOut, rOut)", "stdout.Copy(&jupyterStdOut, rOut)"},
		{"io.Copy(&jupyterStdErr, rErr)", "stderr.Copy(&jupyterStdErr, rErr)"},
		{"xreflect.ValueOf(receipt.PublishDisplayData)", "xreflect.ValueOf(displayed(receipt.PublishDisplayData))"},
		// Interruption, results and errors of a cell.
		{"vals, types, executionErr := doEval(ir, outerr, code)", "data, executionErr := kernel.runCell(&receipt, outerr, code)"},
		{"data := kernel.autoRenderResults(vals, types)", ""},
		{"compiledSrc := ir.CompileAst(srcAst)", "compiledSrc := interpreter.Compile(ir, srcAst)"},
		{"errors.New(fmt.Sprint(r))", "errors.New(cell.Text(r))"},
		// A command's output to its end: os/exec closes its pipes in Wait, so they are read before.
		{"err = cmd.Wait()", "writersWG.Wait()\n\terr = cmd.Wait()"},
		// The command %kernel.
		{"%cd [path]\n", "%cd [path]\n%kernel\n"},
		{`case "%help":`, `case "%kernel":
		outerr.out.Write(aboutKernel())
	case "%help":`},
		// nbclient reads the message here.
		{`content["traceback"] = nil`, `content["traceback"] = []string{executionErr.Error()}`},
	},
	// The text of a value has bounds.
	"display.go": {
		{`basereflect "github.com/cosmos72/gomacro/base/reflect"`, `basereflect "github.com/cosmos72/gomacro/base/reflect"
	"github.com/plexaura/plexaura/notebooks/kernel/gophernotes/cell"`},
		{"s = fmt.Sprint(arg)", "s = cell.Text(arg)"},
		{"d.Data[MIMETypeText] = fmt.Sprint(data)", "d.Data[MIMETypeText] = cell.Text(data)"},
	},
	// Places in code are counted in code points.
	"main.go": {{`ProtocolVersion string = "5.0"`, `ProtocolVersion string = "5.3"`}},
}

// patch writes a patched copy of a file, and returns its path.
func (b *builder) patch(source string, patches []patch) (string, error) {
	text, err := os.ReadFile(source)
	if err != nil {
		return "", err
	}
	patched := string(text)
	for _, p := range patches {
		if patched, err = replaceOnce(patched, p.old, p.new); err != nil {
			return "", err
		}
	}
	copied := b.path(filepath.Base(source))
	return copied, os.WriteFile(copied, []byte(patched), 0o644)
}

// replaceOnce replaces what must be there exactly once.
func replaceOnce(text, old, new string) (string, error) {
	if n := strings.Count(text, old); n != 1 {
		return "", fmt.Errorf("%q is there %d times; want once: the patches in notebooks/kernel/install are for another version of gophernotes", old, n)
	}
	return strings.Replace(text, old, new, 1), nil
}
