// Package interpreter makes gomacro's interpreter ready for notebooks: quick to start, right about recursive types, and
// with functions that suit cells.
package interpreter

import (
	"go/build"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"
)

// New returns an interpreter for the packages in gomacro's imports.Packages.
func New() *fast.Interp {
	ir := withoutImporter()
	repairTypes(ir.Comp.Universe)
	return ir
}

// withoutImporter makes an interpreter that learns types by reflection only. gomacro would ask the go command for the
// export data of each package instead, which takes seconds, needs Go and its sources where the notebook runs, and
// fails for packages that are linked in but belong to no module that lies there.
func withoutImporter() *fast.Interp {
	// Packages are looked up while the interpreter is made, before the importer can be taken away.
	root := build.Default.GOROOT
	build.Default.GOROOT = "/none"
	defer func() { build.Default.GOROOT = root }()
	ir := fast.New()
	ir.Comp.Universe.Importer = &xreflect.Importer{}
	return ir
}
