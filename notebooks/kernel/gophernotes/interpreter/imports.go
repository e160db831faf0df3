package interpreter

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"

	"github.com/plexaura/plexaura/internal/editdistance"
)

// Parse parses a cell without running it. Of one with a syntax error, which is reported when the code is run, it returns nothing.
func Parse(ir *fast.Interp, code string) []ast.Node {
	defer func() { recover() }()
	return ir.Comp.ParseBytes([]byte(code))
}

// CheckImports reports an import of a package that is not linked in. gomacro would try to get and compile it as a plugin,
// which takes long, needs a compiler, and does not work for a program that was built elsewhere.
func CheckImports(nodes []ast.Node) error {
	for _, node := range nodes {
		declaration, ok := node.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range declaration.Specs {
			if spec, ok := spec.(*ast.ImportSpec); ok {
				if err := checkImport(spec.Path.Value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func checkImport(quoted string) error {
	name, err := strconv.Unquote(quoted)
	if err != nil {
		return nil // a syntax error
	}
	if _, ok := imports.Packages[name]; ok {
		return nil
	}
	known := slices.Sorted(maps.Keys(imports.Packages))
	var near []string
	for _, other := range known {
		if path.Base(other) == path.Base(name) {
			near = append(near, other)
		}
	}
	if len(near) == 0 {
		near = editdistance.Near(name, known)
	}
	switch {
	case name == "slices" || name == "maps" || name == "iter" || name == "cmp":
		return fmt.Errorf("package %q has generic functions only, and cells have no generics; use loops, or package sort", name)
	case len(near) > 0:
		return fmt.Errorf("package %q is not in this kernel; it has %s", name, strings.Join(near, ", "))
	}
	return fmt.Errorf("package %q is not in this kernel, which has the public packages of Plexaura, gorgonia.org/gorgonia and tensor, gonum.org/v1/plot "+
		"and most of the standard library", name)
}
