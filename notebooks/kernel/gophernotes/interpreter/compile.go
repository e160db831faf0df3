package interpreter

import (
	"maps"

	"github.com/cosmos72/gomacro/ast2"
	"github.com/cosmos72/gomacro/fast"
)

// Compile compiles a cell. One that does not compile declares nothing: gomacro would keep the names that stand before
// the error, without values, and run statements that it was in the middle of with the next cell.
func Compile(ir *fast.Interp, code ast2.Ast) *fast.Expr {
	c := ir.Comp
	binds, types := maps.Clone(c.Binds), maps.Clone(c.Types)
	compiled := false
	defer func() {
		if !compiled {
			c.Binds, c.Types = binds, types
			c.Code.Clear()
		}
	}()
	expr := ir.CompileAst(code)
	compiled = true
	return expr
}
