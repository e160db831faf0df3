package tffile

import (
	"fmt"
	"reflect"
)

// DType is the element type of a tensor, numbered as TensorFlow's DataType enum
// (tensorflow/core/framework/types.proto).
type DType int32

// The element types a checkpoint can hold. Resource and Variant tensors are listed by a [Reader], but cannot be read.
const (
	Invalid    DType = 0
	Float32    DType = 1
	Float64    DType = 2
	Int32      DType = 3
	Uint8      DType = 4
	Int16      DType = 5
	Int8       DType = 6
	String     DType = 7
	Complex64  DType = 8
	Int64      DType = 9
	Bool       DType = 10
	QInt8      DType = 11
	QUint8     DType = 12
	QInt32     DType = 13
	BFloat16   DType = 14
	QInt16     DType = 15
	QUint16    DType = 16
	Uint16     DType = 17
	Complex128 DType = 18
	Float16    DType = 19
	Resource   DType = 20
	Variant    DType = 21
	Uint32     DType = 22
	Uint64     DType = 23
)

var dtypes = [...]struct {
	name string
	size int
}{
	Invalid: {"invalid", 0}, Float32: {"float32", 4}, Float64: {"float64", 8}, Int32: {"int32", 4}, Uint8: {"uint8", 1},
	Int16: {"int16", 2}, Int8: {"int8", 1}, String: {"string", 0}, Complex64: {"complex64", 8}, Int64: {"int64", 8},
	Bool: {"bool", 1}, QInt8: {"qint8", 1}, QUint8: {"quint8", 1}, QInt32: {"qint32", 4}, BFloat16: {"bfloat16", 2},
	QInt16: {"qint16", 2}, QUint16: {"quint16", 2}, Uint16: {"uint16", 2}, Complex128: {"complex128", 16},
	Float16: {"float16", 2}, Resource: {"resource", 0}, Variant: {"variant", 0}, Uint32: {"uint32", 4}, Uint64: {"uint64", 8},
}

// DTypeOf is the element type in which values of a Go type are stored: int as Int64. It is Invalid for what no variable
// holds, and for nil.
func DTypeOf(t reflect.Type) DType {
	if t == nil {
		return Invalid
	}
	switch t.Kind() {
	case reflect.Float32:
		return Float32
	case reflect.Float64:
		return Float64
	case reflect.Int, reflect.Int64:
		return Int64
	case reflect.Int32:
		return Int32
	case reflect.Uint8:
		return Uint8
	case reflect.Bool:
		return Bool
	}
	return Invalid
}

// Size is the number of bytes of one element, 0 for String and for types that have no fixed size or are unknown.
func (d DType) Size() int {
	if d < 0 || int(d) >= len(dtypes) {
		return 0
	}
	return dtypes[d].size
}

// String is the name tf.DType prints: "float32", "string", ...
func (d DType) String() string {
	if d < 0 || int(d) >= len(dtypes) {
		return fmt.Sprintf("DataType(%d)", int32(d))
	}
	return dtypes[d].name
}
