package main

import (
	"bytes"
	"fmt"
	"go/types"
	"strings"
)

// implementable tells whether an interpreted type can implement an interface: its methods are exported, and so is all
// that their signatures name.
func implementable(t *types.Interface) bool {
	for m := range t.Methods() {
		if !m.Exported() || !nameable(m.Type(), map[types.Type]bool{}) {
			return false
		}
	}
	return true
}

// nameable tells whether another package can write a type down.
func nameable(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return true
	}
	seen[t] = true
	elements := func(tuple *types.Tuple) bool {
		for v := range tuple.Variables() {
			if !nameable(v.Type(), seen) {
				return false
			}
		}
		return true
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		p := t.Obj().Pkg()
		if p != nil && (!t.Obj().Exported() || strings.Contains("/"+p.Path()+"/", "/internal/")) {
			return false
		}
		for i := range t.TypeArgs().Len() {
			if !nameable(t.TypeArgs().At(i), seen) {
				return false
			}
		}
		return true
	case *types.Map:
		return nameable(t.Key(), seen) && nameable(t.Elem(), seen)
	case interface{ Elem() types.Type }: // a pointer, slice, array or channel
		return nameable(t.Elem(), seen)
	case *types.Signature:
		return elements(t.Params()) && elements(t.Results())
	case *types.TypeParam:
		return false
	}
	return true
}

// proxy declares the type that stands for interpreted types that implement an interface: a struct of functions, which
// the interpreter fills, with methods that call them.
func (t *table) proxy(name string, iface *types.Interface) {
	var methods bytes.Buffer
	fmt.Fprintf(&t.decls, "\ntype %s struct {\nObject interface{}\n", name)
	for m := range iface.Methods() {
		s := m.Signature()
		parameterTypes := []string{"interface{}"}
		arguments := []string{"P.Object"}
		var parameters, results []string
		for i := range s.Params().Len() {
			typ := types.TypeString(s.Params().At(i).Type(), t.qualify)
			dots := ""
			if s.Variadic() && i == s.Params().Len()-1 {
				typ, dots = "..."+strings.TrimPrefix(typ, "[]"), "..."
			}
			parameterTypes = append(parameterTypes, typ)
			arguments = append(arguments, fmt.Sprintf("a%d%s", i, dots))
			parameters = append(parameters, fmt.Sprintf("a%d %s", i, typ))
		}
		for v := range s.Results().Variables() {
			results = append(results, types.TypeString(v.Type(), t.qualify))
		}
		result := "(" + strings.Join(results, ", ") + ")"
		back := ""
		if len(results) > 0 {
			back = "return "
		}
		fmt.Fprintf(&t.decls, "%s_ func(%s) %s\n", m.Name(), strings.Join(parameterTypes, ", "), result)
		fmt.Fprintf(&methods, "\nfunc (P *%s) %s(%s) %s { %sP.%s_(%s) }\n",
			name, m.Name(), strings.Join(parameters, ", "), result, back, m.Name(), strings.Join(arguments, ", "))
	}
	fmt.Fprintf(&t.decls, "}\n%s", &methods)
}
