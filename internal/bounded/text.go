// Package bounded writes values of any size as text without writing more than anybody reads.
package bounded

import (
	"fmt"
	"reflect"
	"strings"
)

const (
	most    = 20_000 // elements of a value that is written whole, and bytes of its strings by the hundred
	deepest = 20     // containers within each other
	excerpt = 1000   // elements of a list that is not
)

// Text is fmt.Sprint(v) of a value that is not too large for it. Of a longer slice or array it has the first 1000 elements; of what is larger
// still, as one that contains itself, of which Sprint would find no end, no more than the type. A value that writes itself, by a method Format,
// Error or String, does so.
func Text(v interface{}) string {
	r := reflect.ValueOf(v)
	if held, ok := v.(reflect.Value); ok {
		r = held // of which Sprint writes what it holds
	}
	if r.Kind() == reflect.Pointer && !writesItself(r) {
		r = r.Elem() // which Sprint writes after &
	}
	if !r.IsValid() || r.Kind() == reflect.String || fits(r) {
		return fmt.Sprint(v)
	}
	if k := r.Kind(); (k == reflect.Slice || k == reflect.Array) && r.Len() > excerpt {
		head := reflect.MakeSlice(reflect.SliceOf(r.Type().Elem()), excerpt, excerpt)
		reflect.Copy(head, r)
		if fits(head) {
			return fmt.Sprintf("%s … and %d more]", strings.TrimSuffix(fmt.Sprint(head), "]"), r.Len()-excerpt)
		}
	}
	return fmt.Sprintf("%T, too large to print", v)
}

// fits tells whether v is not too large to be written whole.
func fits(v reflect.Value) bool {
	budget := most
	return spend(v, &budget, 0)
}

// spend takes the elements that fmt visits from the budget, and tells whether it suffices.
func spend(v reflect.Value, budget *int, depth int) bool {
	if *budget--; *budget < 0 || depth > deepest {
		return false
	}
	if writesItself(v) {
		return true
	}
	switch v.Kind() {
	case reflect.String:
		*budget -= v.Len() / 100
	case reflect.Interface:
		return v.IsNil() || spend(v.Elem(), budget, depth+1)
	case reflect.Slice, reflect.Array:
		if v.Len() > *budget {
			return false
		}
		for i := range v.Len() {
			if !spend(v.Index(i), budget, depth+1) {
				return false
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !spend(v.Field(i), budget, depth+1) {
				return false
			}
		}
	case reflect.Map:
		if v.Len() > *budget {
			return false
		}
		for pairs := v.MapRange(); pairs.Next(); {
			if !spend(pairs.Key(), budget, depth+1) || !spend(pairs.Value(), budget, depth+1) {
				return false
			}
		}
	}
	return *budget >= 0 // a pointer within something is written as its address
}

// writesItself tells whether fmt leaves v's text to a method of v.
func writesItself(v reflect.Value) bool {
	if !v.CanInterface() || v.Kind() == reflect.Interface {
		return false
	}
	switch v.Interface().(type) {
	case fmt.Formatter, error, fmt.Stringer:
		return true
	}
	return false
}
