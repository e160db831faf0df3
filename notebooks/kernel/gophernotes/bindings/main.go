// Command bindings writes, for each of the packages that it is given, a Go file that makes the package known to the
// interpreter: tables of its functions, variables, constants and types as reflect values, in the form that gomacro's
// imports.Packages has. What is generic is left out, since the interpreter has no generics.
//
//	bindings [-modfile FILE] FOLDER PACKAGE...
package main

import (
	"flag"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bindings:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("bindings", flag.ExitOnError)
	modfile := flags.String("modfile", "", "the go.mod by which packages are found, if it is not the module's own")
	flags.Parse(args)
	args = flags.Args()
	if len(args) < 2 {
		return fmt.Errorf("want a folder and packages, got %d arguments", len(args))
	}
	var build []string
	if *modfile != "" {
		build = []string{"-modfile=" + *modfile, "-mod=mod"}
	}
	const mode = packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps
	pkgs, err := packages.Load(&packages.Config{Mode: mode, BuildFlags: build}, args[1:]...)
	if err != nil {
		return err
	}
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			return p.Errors[0]
		}
		source, err := format.Source(bindings(p.Types))
		if err != nil {
			return fmt.Errorf("%s: %w", p.PkgPath, err)
		}
		if err := os.WriteFile(filepath.Join(args[0], "bind_"+identifier(p.PkgPath)+".go"), source, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// identifier makes a package's path part of a name.
func identifier(path string) string {
	return strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path)
}
