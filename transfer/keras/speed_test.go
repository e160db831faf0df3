package keras

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// large makes a file whose kernel, of [4 3] in weights.h5, has so many rows, which lie at its end.
func large(t testing.TB, rows int) []byte {
	t.Helper()
	b := load(t, "weights.h5")
	u64 := func(values ...int) (out []byte) {
		for _, v := range values {
			out = binary.LittleEndian.AppendUint64(out, uint64(v))
		}
		return out
	}
	space, end := bytes.Index(b, u64(4, 3)), bytes.Index(b, u64(len(b)))
	layout := bytes.Index(b[max(0, space):], []byte{3, 1}) + max(0, space)
	if space < 0 || end < 0 || binary.LittleEndian.Uint64(b[layout+10:]) != 48 {
		t.Fatal("the shape of the kernel, or its place, is not found")
	}
	size := 12 * rows
	copy(b[space:], u64(rows, 3))
	copy(b[layout+2:], u64(len(b), size))
	copy(b[end:], u64(len(b)+size))
	return append(b, make([]byte, size)...)
}

func BenchmarkRead(b *testing.B) {
	path := filepath.Join(b.TempDir(), "x.h5")
	if err := os.WriteFile(path, large(b, (weightstest.SpeedElements+2)/3), 0o644); err != nil {
		b.Fatal(err)
	}
	f, err := Open(path)
	weightstest.Speed(b, f, err)
}
