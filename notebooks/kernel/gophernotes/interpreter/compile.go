package interpreter

import (
	"go/ast"
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
	expr := ir.CompileAst(withStops(code))
	compiled = true
	return expr
}

// withStops puts an empty switch behind each statement of a cell but the last. There the interpreter looks whether it is
// interrupted; it would not do so between two calls of compiled functions. Inside blocks and functions it looks every few
// statements.
func withStops(code ast2.Ast) ast2.Ast {
	cell, ok := code.(ast2.NodeSlice)
	if !ok {
		return code
	}
	var nodes []ast.Node
	for i, node := range cell.X {
		nodes = append(nodes, node)
		if _, declaration := node.(ast.Decl); !declaration && i < len(cell.X)-1 {
			nodes = append(nodes, &ast.SwitchStmt{Switch: node.End(), Body: &ast.BlockStmt{Lbrace: node.End(), Rbrace: node.End()}})
		}
	}
	return ast2.NodeSlice{X: nodes}
}
