package summary

import "testing"

func BenchmarkScalar(b *testing.B) {
	w, err := NewWriter(b.TempDir(), WriterConfig{})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	for b.Loop() {
		if err := w.Scalar("training/loss", 1, 0.5); err != nil {
			b.Fatal(err)
		}
	}
}
