package weightstest

import (
	"testing"

	"github.com/plexaura/plexaura/transfer/weights"
)

// SpeedElements are the float32 elements, or the least, of the tensor that benchmarks of readers read: 64 MB, which no processor's cache holds.
const SpeedElements = 1 << 24

// Speed measures how fast the tensor of a file is read that has SpeedElements elements or more. The system has its file in memory by then.
func Speed(b *testing.B, f *weights.File, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for _, t := range f.Tensors() {
		if n, _ := t.Elements(); n < SpeedElements {
			continue
		}
		b.SetBytes(4 * SpeedElements)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.Read(t.Name); err != nil {
				b.Fatal(err)
			}
		}
		return
	}
	b.Fatalf("no tensor has %d elements", SpeedElements)
}
