package tensorflow

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
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
	for _, name := range []string{"v1.ckpt", "v1sharded.ckpt", "v1sharded.ckpt-00001-of-00002"} {
		t.Run(name, func(t *testing.T) { testOpenV1(t, filepath.Join("testdata", name)) })
	}
}

func testOpenV1(t *testing.T, path string) {
	f, err := Open(path)
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
	names := f.Names()
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "brain dense/kernel double embedding empty flags global_step half int8 loose names wave" {
		t.Errorf("names are %s", got)
	}
}

// Of shards, all must be there.
func TestShardsOfV1(t *testing.T) {
	shard := func(i int) []byte {
		b, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("v1sharded.ckpt-%05d-of-00002", i)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, c := range map[string]struct {
		files map[string][]byte
		want  string
	}{
		"good":      {map[string][]byte{"m-00000-of-00002": shard(0), "m-00001-of-00002": shard(1), "n-00000-of-00001": nil}, ""},
		"no first":  {map[string][]byte{"m-00001-of-00002": shard(1)}, "m-00001-of-00002 follows 0 others"},
		"no second": {map[string][]byte{"m-00000-of-00002": shard(0)}, "m-00000-of-00002 is the last shard"},
		"too many":  {map[string][]byte{"m-00003-of-00002": shard(0)}, "follows 0 others"},
		"the same":  {map[string][]byte{"m-00000-of-00002": shard(0), "m-00001-of-00002": shard(0)}, "is listed twice"},
		"damaged":   {map[string][]byte{"m-00000-of-00002": shard(0), "m-00001-of-00002": shard(1)[:90]}, "m-00001-of-00002: "},
		"V2":        {map[string][]byte{"m-00000-of-00002": shard(0), "m.index": nil}, "not an index file"},
		"none":      {map[string][]byte{"other": nil}, "no such file"},
	} {
		dir := t.TempDir()
		for file, b := range c.files {
			if err := os.WriteFile(filepath.Join(dir, file), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		f, err := Open(filepath.Join(dir, "m"))
		if err == nil {
			defer f.Close()
			for _, name := range []string{"embedding", "double", "brain"} {
				if _, e := f.Read(name); err == nil {
					err = e
				}
			}
		}
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
	// The file "checkpoint" of a folder that was moved.
	dir := t.TempDir()
	for file, b := range map[string][]byte{"m-00000-of-00002": shard(0), "m-00001-of-00002": shard(1), "checkpoint": []byte(`model_checkpoint_path: "/gone/m"`)} {
		if err := os.WriteFile(filepath.Join(dir, file), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestDamageV1(t *testing.T) { weightstest.Damage(t, readV1(t), 4, parseBytes) }

func FuzzParse(f *testing.F) {
	f.Add(readV1(f))
	f.Fuzz(func(t *testing.T, b []byte) { weightstest.Fuzz(b, parseBytes) })
}
