package cell

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/plexaura/plexaura/internal/bounded"
)

// textLimit bounds the text of a value, in bytes.
const textLimit = 20000

// IsNil tells whether v is nil, or a nil pointer, function or channel. Nil slices and maps are empty ones.
func IsNil(v interface{}) bool {
	if v == nil {
		return true
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return r.IsNil()
	}
	return false
}

// Text is a value as fmt.Print writes it, cut where it gets long, or its type if it is too large for that. A struct of a
// library that has fields of its own and no method String is shown as its type: its inside tells nothing, may be huge, and
// may change while it is read.
func Text(v interface{}) string {
	switch v.(type) {
	case error, fmt.Stringer, fmt.Formatter:
	default:
		if t := reflect.TypeOf(v); t != nil && opaque(t) {
			return fmt.Sprintf("%T", v)
		}
	}
	return cut(bounded.Text(v))
}

// cut cuts a text where it gets long.
func cut(text string) string {
	if len(text) <= textLimit {
		return text
	}
	head := strings.ToValidUTF8(text[:textLimit], "")
	return fmt.Sprintf("%s… (%d more bytes)", head, len(text)-len(head))
}

// opaque tells whether t, or what it points to, is a named struct with unexported fields.
func opaque(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.PkgPath() == "" || t.PkgPath() == "main" {
		return false
	}
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			return true
		}
	}
	return false
}
