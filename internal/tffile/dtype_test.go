package tffile

import (
	"reflect"
	"testing"
)

func TestDTypeOf(t *testing.T) {
	for _, c := range []struct {
		value any
		want  DType
	}{
		{float32(0), Float32}, {float64(0), Float64}, {0, Int64}, {int64(0), Int64}, {int32(0), Int32},
		{uint8(0), Uint8}, {false, Bool}, {int8(0), Invalid}, {"", Invalid}, {nil, Invalid},
	} {
		if got := DTypeOf(reflect.TypeOf(c.value)); got != c.want {
			t.Errorf("%T: %v, want %v", c.value, got, c.want)
		}
	}
}
