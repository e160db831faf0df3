package bounded

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// itself writes itself, whatever it holds.
type itself []float64

func (itself) String() string { return "itself" }

func TestText(t *testing.T) {
	three, text := 3, "text"
	pointer := &three
	type pair struct {
		A interface{}
		b []int
	}
	for _, v := range []interface{}{ // written as fmt does
		nil, 3, "text", []int{1, 2}, [2]bool{true, false}, map[string]int{"a": 1}, struct{}{}, pair{1, []int{2}}, &pair{time.Second, nil}, &[]int{1}, &map[string]int{"a": 1},
		&three, &text, &pointer, (*int)(nil), (*pair)(nil), errors.New("an error"), time.Second, []time.Duration{1, 2}, itself(make([]float64, 1e6)),
		[]itself{make([]float64, 1e6)}, reflect.ValueOf(3), reflect.Value{}, []interface{}{nil, 1, "a"}, strings.Repeat("long ", 1e6), make([]int, 10_000), []interface{}{&three},
	} {
		if got, want := Text(v), fmt.Sprint(v); got != want {
			t.Errorf("%T: %.200q; want %.200q", v, got, want)
		}
	}
}

// TestLarge wants little text of values of which fmt would write too much, or find no end.
func TestLarge(t *testing.T) {
	self := map[string]interface{}{}
	self["self"] = self
	list := []interface{}{nil, nil}
	list[0], list[1] = list, list
	type ring struct{ Next interface{} }
	round := ring{}
	round.Next = []interface{}{&round, self}
	var nested interface{}
	for range 1000 {
		nested = []interface{}{nested}
	}
	many := map[int]int{}
	for i := range 100_000 {
		many[i] = i
	}
	numbers := make([]float64, 1e6)
	numbers[1] = 0.5
	var array [100_000]int8
	for name, test := range map[string]struct {
		v           interface{}
		begins, end string
	}{
		"map in itself":    {self, "map[string]interface {}, too large to print", ""},
		"pointer to it":    {&self, "*map[string]interface {}, too large to print", ""},
		"slice in itself":  {list, "[]interface {}, too large to print", ""},
		"struct round":     {&round, "*bounded.ring, too large to print", ""},
		"nested deeply":    {nested, "[]interface {}, too large to print", ""},
		"large map":        {many, "map[int]int, too large to print", ""},
		"many numbers":     {numbers, "[0 0.5 0 0 0", " 0 0 … and 999000 more]"},
		"pointer to them":  {&numbers, "[0 0.5 0 0 0", " 0 0 … and 999000 more]"},
		"held by reflect":  {reflect.ValueOf(numbers), "[0 0.5 0 0 0", " 0 0 … and 999000 more]"},
		"array":            {array, "[0 0 0", " 0 0 … and 99000 more]"},
		"many rows":        {make([][3]int, 50_000), "[[0 0 0] [0 0 0]", "[0 0 0] … and 49000 more]"},
		"many long texts":  {strings.Split(strings.Repeat(strings.Repeat("x", 5000)+" ", 1001), " "), "[]string, too large to print", ""},
		"rows of a matrix": {[][]float64{numbers, numbers}, "[][]float64, too large to print", ""},
		"held in a struct": {struct{ hidden interface{} }{numbers}, "struct { hidden interface {} }, too large to print", ""},
	} {
		got := Text(test.v)
		if !strings.HasPrefix(got, test.begins) || !strings.HasSuffix(got, test.end) || test.end == "" && got != test.begins || len(got) > 20_000 {
			t.Errorf("%s: %d bytes, %.100q; want %q, %q", name, len(got), got, test.begins, test.end)
		}
	}
}
