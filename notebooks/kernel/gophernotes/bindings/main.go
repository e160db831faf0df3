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
	"go/importer"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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
	paths := args[1:]
	exported, err := exportData(build, paths)
	if err != nil {
		return err
	}
	compiled := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(exported[path]) })
	for _, path := range paths {
		p, err := compiled.Import(path)
		if err != nil {
			return err
		}
		source, err := format.Source(bindings(p))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := os.WriteFile(filepath.Join(args[0], "bind_"+identifier(path)+".go"), source, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// exportData compiles packages, as the kernel's build does anyway, and returns the files in which the compiler wrote their
// types, and those of what they import, by path. To check all these sources anew would take longer.
func exportData(build, paths []string) (map[string]string, error) {
	list := exec.Command("go", slices.Concat([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, build, paths)...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return files, nil
}

// identifier makes a package's path part of a name.
func identifier(path string) string {
	return strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path)
}
