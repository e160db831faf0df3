package weights

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// shard makes a file of numbers, each a tensor, by their names.
func shard(closed *int, names ...string) func() (*File, error) {
	return func() (*File, error) {
		tensors := make([]Tensor, len(names))
		for i, name := range names {
			tensors[i] = stored(name, Float32, []int{1}, binary.LittleEndian, []float32{float32(i)})
		}
		return New("test", tensors, map[string]string{"format": "pt", "total_size": "lost"}, closing(func() error { *closed++; return nil }))
	}
}

type closing func() error

func (c closing) Close() error { return c() }

func TestOpenIndex(t *testing.T) {
	closed := 0
	files := map[string]func() (*File, error){"one": shard(&closed, "a", "b", "unlisted"), "two": shard(&closed, "c"), "broken": func() (*File, error) { return nil, errors.New("broken") }}
	folder := t.TempDir()
	path := filepath.Join(folder, "model.index.json")
	open := func(index string) (*File, error) {
		if err := os.WriteFile(path, []byte(index), 0o644); err != nil {
			t.Fatal(err)
		}
		return OpenIndex(path, func(path string) (*File, error) {
			f := files[filepath.Base(path)]
			if f == nil || filepath.Dir(path) != folder {
				return nil, errors.Errorf("no file %s", path)
			}
			return f()
		})
	}
	f, err := open(`{"metadata": {"total_size": 12, "by": "hand"}, "weight_map": {"c": "two", "b": "one", "a": "one"}, "more": [1]}`)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Names(); !reflect.DeepEqual(got, []string{"c", "b", "a"}) || f.Format() != "test" {
		t.Errorf("got %v of format %s", got, f.Format())
	}
	if got := f.Metadata(); !reflect.DeepEqual(got, map[string]string{"total_size": "12", "by": "hand", "format": "pt"}) {
		t.Errorf("the metadata are %v", got)
	}
	if v, err := f.Read("b"); err != nil || !reflect.DeepEqual(v.Data(), []float32{1}) {
		t.Errorf("b is %v, %v", v, err)
	}
	if err := f.Close(); err != nil || closed != 2 {
		t.Errorf("%d shards are closed, %v; want 2", closed, err)
	}
	if f, err := open(`{"weight_map": {}}`); err != nil || len(f.Names()) != 0 {
		t.Errorf("an index of nothing: %v", err)
	}
	for name, c := range map[string]struct{ index, want string }{
		"empty":         {"", "want an object"},
		"array":         {"[]", "want an object"},
		"no map":        {`{"metadata": {}}`, "no weight_map"},
		"map":           {`{"weight_map": ["one"]}`, "want an object"},
		"number":        {`{"weight_map": {"a": 1}}`, `tensor "a"`},
		"cut":           {`{"weight_map": {"a": "one"`, "ends too soon"},
		"deep":          {`{"x": ` + strings.Repeat("[", 100000), "exceeded max depth"},
		"deep metadata": {`{"metadata": {"x": ` + strings.Repeat("[", 100000), "exceeded max depth"},
		"twice":         {`{"weight_map": {"a": "one", "a": "two"}}`, `"a" stands there twice`},
		"two maps":      {`{"weight_map": {"a": "one"}, "weight_map": {}}`, `"weight_map" stands there twice`},
		"missing shard": {`{"weight_map": {"a": "three"}}`, "no file"},
		"broken shard":  {`{"weight_map": {"c": "two", "a": "broken"}}`, `tensor "a": broken`},
		"other shard":   {`{"weight_map": {"a": "one", "b": "two"}}`, `tensor "b": it is not in two`},
		"parent":        {`{"weight_map": {"a": "../one"}}`, "want a file in the index's folder"},
		"root":          {`{"weight_map": {"a": "/etc/passwd"}}`, "want a file in the index's folder"},
		"hidden parent": {`{"weight_map": {"a": "x/../../one"}}`, "want a file in the index's folder"},
		"no name":       {`{"weight_map": {"a": ""}}`, "want a file in the index's folder"},
	} {
		closed = 0
		if _, err := open(c.index); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
		if want := strings.Count(c.index, "one") + strings.Count(c.index, "two"); name == "other shard" && closed != want || name == "broken shard" && closed != want {
			t.Errorf("%s: %d shards are closed; want %d", name, closed, want)
		}
	}
	if _, err := OpenIndex(filepath.Join(folder, "missing"), nil); !os.IsNotExist(errors.Cause(err)) {
		t.Errorf("a missing index: %v", err)
	}
}

// No index opens what is not in its folder, or leaves a shard open.
func FuzzIndex(f *testing.F) {
	f.Add([]byte(`{"metadata": {"total_size": 12, "by": "hand"}, "weight_map": {"c": "two", "b": "one", "a": "one"}, "more": [1]}`))
	f.Add([]byte(`{"weight_map": {"a": "../one", "a": "one"}}`))
	closed := 0
	one := shard(&closed, "a", "b")
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := parseIndex(strings.NewReader(string(b)), budget.Of(int64(len(b))))
		if err != nil {
			return
		}
		opened := 0
		closed = 0
		file, err := x.open("folder", func(path string) (*File, error) {
			if path != "folder" && !strings.HasPrefix(path, "folder"+string(filepath.Separator)) {
				t.Errorf("%q is opened", path)
			}
			opened++
			return one()
		})
		if err == nil {
			file.Close()
		}
		if opened != closed {
			t.Errorf("%d shards are opened and %d closed", opened, closed)
		}
	})
}
