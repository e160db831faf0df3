package interpreter

import (
	"context"
	"errors"
	"fmt"
	"log"
	"reflect"
	"strings"

	"github.com/cosmos72/gomacro/imports"
)

// BindFunctions replaces functions of the standard library by ones that suit cells. The fmt.Print functions have no
// results, which a cell that ends with one would show. log's write where the cell's output goes, not where os.Stderr
// pointed when the kernel started. log.Fatal and os.Exit fail the cell: to end the process would lose all variables.
// context.Background and context.TODO return ctx, with which the cell's interruption reaches what is compiled.
func BindFunctions(ctx context.Context) {
	bind := func(path, name string, function interface{}) {
		imports.Packages[path].Binds[name] = reflect.ValueOf(function)
	}
	bind("fmt", "Print", func(a ...interface{}) { fmt.Print(a...) })
	bind("fmt", "Printf", func(format string, a ...interface{}) { fmt.Printf(format, a...) })
	bind("fmt", "Println", func(a ...interface{}) { fmt.Println(a...) })
	bind("context", "Background", func() context.Context { return ctx })
	bind("context", "TODO", func() context.Context { return ctx })
	bind("log", "Fatal", func(a ...interface{}) { panic(errors.New(fmt.Sprint(a...))) })
	bind("log", "Fatalf", func(format string, a ...interface{}) { panic(fmt.Errorf(format, a...)) })
	bind("log", "Fatalln", func(a ...interface{}) { panic(errors.New(strings.TrimSuffix(fmt.Sprintln(a...), "\n"))) })
	bind("os", "Exit", func(code int) { panic(fmt.Errorf("os.Exit(%d) in a cell", code)) })
	log.SetOutput(stderr{})
}
