package weightstest

import (
	"runtime"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights"
)

// Bounded opens a file, which may be broken, and reads its tensors one at a time. It fails the test where opening the file, or reading one of
// the tensors, allocates more than times the file's length, and room for buffers. All that is allocated counts, whether
// or not it is kept.
func Bounded(t testing.TB, file []byte, times int, open func(b []byte) (*weights.File, error)) {
	t.Helper()
	most := uint64(times*len(file) + beside)
	var f *weights.File
	var err error
	if took := allocated(func() { f, err = open(file) }); took > most {
		t.Errorf("%d bytes were taken to open a file of %d", took, len(file))
	}
	if err != nil {
		return
	}
	defer f.Close()
	for _, x := range f.Tensors() {
		if x.DType.Size() == 0 {
			continue
		}
		if took := allocated(func() { f.Read(x.Name) }); took > most {
			t.Errorf("%d bytes were taken to read %q, %v%v, of a file of %d", took, x.Name, x.DType, x.Shape, len(file))
		}
	}
}

// allocated returns how many bytes f allocates. Other goroutines must be idle.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
