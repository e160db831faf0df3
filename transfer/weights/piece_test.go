package weights

import (
	"runtime"
	"testing"
)

// Of a tensor that has strides a piece is held beside its values, which is no larger where 8 bits become 32.
func TestMemoryOfStrides(t *testing.T) {
	const rows, columns = 1 << 12, 1 << 11
	x := Tensor{Name: "x", DType: Int8, Shape: []int{rows, columns}, Strides: []int{1, rows}, Held: rows * columns, Open: Section(zeros{}, 0, rows*columns)}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := x.Read(); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if beside := int64(after.TotalAlloc-before.TotalAlloc) - 4*rows*columns; beside > pieceBytes+1<<18 {
		t.Errorf("%d bytes were taken beside the values; want at most %d", beside, pieceBytes)
	}
}

// zeros are any number of bytes.
type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}
