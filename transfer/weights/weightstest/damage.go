// Package weightstest holds what the tests of all formats ask of a reader.
package weightstest

import (
	"bytes"
	"math/rand"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights"
)

// Damage opens whole, which must be read without an error, cut off after every hundredth of its length, where
// it must not, and with some bits flipped, where it may: without a panic, and within the bound that Bounded sets.
func Damage(t *testing.T, whole []byte, bound int, open func(b []byte) (*weights.File, error)) {
	t.Helper()
	if err := readAll(whole, open); err != nil {
		t.Fatalf("the whole file: %v", err)
	}
	for i := 0; i < 100; i++ {
		if n := len(whole) * i / 100; readAll(whole[:n], open) == nil {
			t.Errorf("no error for the first %d of %d bytes", n, len(whole))
		}
	}
	seed := rand.Int63()
	r := rand.New(rand.NewSource(seed))
	for i := 0; i < 1000; i++ {
		b := bytes.Clone(whole)
		for range 1 + r.Intn(3) {
			b[r.Intn(len(b))] ^= 1 << r.Intn(8)
		}
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Fatalf("seed %d, file %d: %v", seed, i, p)
				}
			}()
			// All in all is seldom too much for a single tensor, and measured faster.
			if allocated(func() { readAll(b, open) }) > uint64(bound*len(b)+beside) {
				Bounded(t, b, bound, open)
			}
			if t.Failed() {
				t.Fatalf("seed %d, file %d", seed, i)
			}
		}()
	}
}

// readAll opens a file and reads all of its tensors.
func readAll(b []byte, open func(b []byte) (*weights.File, error)) error {
	f, err := open(b)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, x := range f.Tensors() {
		if x.DType.Size() == 0 {
			continue
		}
		if _, err := f.Read(x.Name); err != nil {
			return err
		}
	}
	return nil
}

// Fuzz opens what a fuzzer makes, and reads it.
func Fuzz(b []byte, open func(b []byte) (*weights.File, error)) { readAll(b, open) }
