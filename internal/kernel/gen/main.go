// Command gen writes the assembly of package kernel and of its neighbours, and the
// Go declarations beside it. It is a module of its own, so that nothing of it is needed to
// build Plexaura:
//
//	cd internal/kernel/gen && go run .
//
// writes the files anew; the same generator gives the same bytes, which CI
// checks. With an argument they are written to that folder instead of
// internal/kernel, and next to it.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

// files are what is generated: NAME_amd64.s and NAME_amd64.go each, in package
// kernel or in that of the name's folder.
var files = []struct {
	name string
	emit func(c *build.Context)
}{
	{"arithmetic", arithmetic},
	{"gemm", gemm},
	{"pack", pack},
	{"columns", columns},
	{"batchnorm", batchNormCoefs},
	{"layernorm", layerNorm},
	{"windows", windows},
	{"exp", exponentials},
	{"log", logarithms},
	{"relu", rectifiers},
	{"grad", gradients},
	{"mask", mask},
	{"transpose", transpose},
	{"update", update},
	{"../philox/blocks", philox},
	{"softmax", softmax},
	{"sum", sums},
	{"gelu", gaussians},
}

func main() {
	out := ".."
	if len(os.Args) > 1 {
		out = os.Args[1]
	}
	for _, f := range files {
		pkg := "kernel"
		if folder := filepath.Dir(f.name); folder != "." {
			pkg = filepath.Base(folder)
		}
		if err := generate(filepath.Join(out, f.name+"_amd64"), pkg, f.emit); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", f.name, err)
			os.Exit(1)
		}
	}
}

// generate writes one assembly file and its declarations.
func generate(path, pkg string, emit func(c *build.Context)) error {
	c := build.NewContext()
	c.ConstraintExpr("amd64,!noasm")
	emit(c)
	file, err := c.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	cfg := printer.Config{Name: "internal/kernel/gen", Pkg: pkg}
	for _, p := range []struct {
		suffix string
		print  printer.Printer
	}{{".s", printer.NewGoAsm(cfg)}, {".go", printer.NewStubs(cfg)}} {
		text, err := p.print.Print(file)
		if err != nil {
			return err
		}
		text = bytes.Replace(text, []byte("by command: "), []byte("by "), 1)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path+p.suffix, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
