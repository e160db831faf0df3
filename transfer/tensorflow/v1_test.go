package tensorflow

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func parseBytes(b []byte) (*weights.File, error) { return Parse(bytes.NewReader(b), int64(len(b))) }

// The file was made from the description of the format: internal/golden/tensorflowfiles.py.
func readV1(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "v1.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOpenV1(t *testing.T) {
	f, err := Open(filepath.Join("testdata", "v1.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, want := range map[string]interface{}{
		"brain": []float32{1, -5}, "dense/kernel": []float32{1, 2, 3, 4, 5, 6}, "double": []float64{1.0 / 3}, "embedding": []float32{0, 1, 2, 3, 4, 5},
		"flags": []bool{true, false}, "global_step": int64(-7), "half": []float32{1, -2}, "int8": []int32{-128, 127}, "loose": []int32{5, -6},
	} {
		v, err := f.Read(name)
		if err != nil {
			t.Error(err)
			continue
		}
		x, _ := f.Lookup(name)
		if !reflect.DeepEqual(v.Data(), want) || !v.Shape().Eq(x.Shape) {
			t.Errorf("%s is %v of shape %v; want %v of shape %v", name, v.Data(), v.Shape(), want, x.Shape)
		}
	}
	if v, err := f.Read("empty"); err != nil || !v.Shape().Eq(tensor.Shape{0, 4}) {
		t.Errorf("empty: got %v", err)
	}
	for name, want := range map[string]weights.DType{"names": weights.String, "wave": weights.Other} {
		if x, ok := f.Lookup(name); !ok || x.DType != want {
			t.Errorf("%s: got %v; want %v", name, x.DType, want)
		}
	}
	if got, want := f.Metadata(), map[string]string{"checkpoint": "V1", "producer": "1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("metadata %v; want %v", got, want)
	}
	if got := strings.Join(f.Names(), " "); got != "brain dense/kernel double embedding empty flags global_step half int8 loose names wave" {
		t.Errorf("names are %s", got)
	}
}

func TestDamageV1(t *testing.T) { weightstest.Damage(t, readV1(t), 4, parseBytes) }

func FuzzParse(f *testing.F) {
	f.Add(readV1(f))
	f.Fuzz(func(t *testing.T, b []byte) { weightstest.Fuzz(b, parseBytes) })
}
