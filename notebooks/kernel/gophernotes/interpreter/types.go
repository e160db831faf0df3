package interpreter

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"
)

// repairTypes makes the interpreter's types the compiled ones. While gomacro converts a type that contains itself, as
// *gorgonia.Node does, it puts a stand-in, xreflect.Forward, in its own place and leaves it in every type made meanwhile,
// such as []*gorgonia.Node; a value of such a type cannot be passed to a compiled function. So all types of the bound
// packages are converted beforehand, and then each is told which compiled type it is.
func repairTypes(u *xreflect.Universe) {
	for _, path := range slices.Sorted(maps.Keys(imports.Packages)) {
		if !strings.Contains(path, ".") || strings.Contains(path, "gomacro") || strings.Contains(path, "gophernotes") {
			continue // the standard library's types, and the interpreter's own
		}
		p := imports.Packages[path]
		for _, name := range slices.Sorted(maps.Keys(p.Types)) {
			t := p.Types[name]
			u.FromReflectType(t)
			u.FromReflectType(reflect.PointerTo(t))
			u.FromReflectType(reflect.SliceOf(t))
			u.FromReflectType(reflect.SliceOf(reflect.PointerTo(t)))
		}
		for _, name := range slices.Sorted(maps.Keys(p.Binds)) {
			u.FromReflectType(p.Binds[name].Type())
		}
	}
	for compiled, t := range u.ReflectTypes {
		if strings.Contains(compiled.String(), "xreflect.") {
			continue
		}
		if t.ReflectType() != compiled {
			t.UnsafeForceReflectType(compiled)
		}
		forgetOptions(t)
	}
}

// forgetOptions clears the mark of a type that was converted while a stand-in was in use, with which gomacro would
// convert it again, stand-in and all. The field is not exported, and has no setter; without it this panics, and no
// interpreter starts.
func forgetOptions(t xreflect.Type) {
	method := reflect.ValueOf(t)
	inner := method.Call([]reflect.Value{reflect.Zero(method.Type().In(0))})[0].Elem()
	option := inner.FieldByName("option")
	reflect.NewAt(option.Type(), unsafe.Pointer(option.UnsafeAddr())).Elem().SetZero()
}
