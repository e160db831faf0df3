package tffile

import (
	"bufio"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestReadMetaInfo(t *testing.T) {
	info := protoBytes(2, "ops", 4, "serve", 4, "gpu", 5, "1.15.0", 6, "v1")
	graph := protoBytes(2, strings.Repeat("g", 9000), 9, uint32(3), 1, info)
	want := MetaInfo{[]string{"serve", "gpu"}, "1.15.0", "v1"}
	for _, c := range []struct {
		message string
		saved   bool
		want    string
	}{
		{graph, false, ""},
		{protoBytes(1, 1, 2, graph, 2, "another"), true, ""},
		{"", false, "no field 1"},
		{protoBytes(2, "ggg"), true, "field"}, // no MetaGraphDef
		{graph[:100], false, "does not fit"},
		{protoBytes(1, protoBytes(5, 3)), false, "wire type"},
		{"\x0a\x05abc", false, "does not fit"},
		{"\x00", false, "tag"},
		{"\x0a", false, "field 1"},
		{"\x0d\x00", false, "field 1"},
	} {
		path := filepath.Join(t.TempDir(), "m.meta")
		if err := os.WriteFile(path, []byte(c.message), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := ReadMetaInfo(path, c.saved)
		switch {
		case c.want == "" && (err != nil || !reflect.DeepEqual(got, want)):
			t.Errorf("%.20x: got %v, %v; want %v", c.message, got, err, want)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%.20x: got %v; want %s", c.message, err, c.want)
		}
	}
	// The size of the file is not what it was: memory must not follow it.
	for _, size := range []int64{1 << 40, maxMetaInfo} {
		if _, err := parseMetaInfo(bufio.NewReader(strings.NewReader("\x0a\x80\x80\x80\x02abc")), size, false); err == nil {
			t.Errorf("no error for a message that is cut off, in a file of %d bytes", size)
		}
	}
}

func FuzzMetaInfo(f *testing.F) {
	f.Add(protoBytes(2, "graph", 1, protoBytes(4, "serve", 5, "1.15.0", 6, "v1")), false)
	f.Add(protoBytes(2, protoBytes(1, protoBytes(5, "1.15.0"))), true)
	f.Fuzz(func(t *testing.T, message string, saved bool) {
		parseMetaInfo(bufio.NewReader(strings.NewReader(message)), int64(len(message)), saved)
	})
}
