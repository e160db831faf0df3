package onnx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/transfer/pytorch"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// message makes a message of fields: for each its number, and an int, a float32, a text or a message.
func message(fields ...interface{}) []byte {
	var b []byte
	for i := 0; i < len(fields); i += 2 {
		number := protowire.Number(fields[i].(int))
		switch v := fields[i+1].(type) {
		case int:
			b = protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), uint64(v))
		case float32:
			b = protowire.AppendFixed32(protowire.AppendTag(b, number, protowire.Fixed32Type), math.Float32bits(v))
		case string:
			b = protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), v)
		case []byte:
			b = protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), v)
		}
	}
	return b
}

func packed(values ...float32) []byte {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, values)
	return b.Bytes()
}

// model is a model whose graph has these fields beside a node.
func model(graph ...interface{}) []byte {
	node := message(1, "x", 1, "", 1, "w", 2, "y", 3, "conv", 4, "Conv",
		5, message(1, "strides", 8, 2, 8, 2, 20, 7), 5, message(1, "alpha", 2, float32(0.5), 20, 1), 5, message(1, "auto_pad", 4, "SAME_UPPER"))
	shape := message(1, message(2, "batch"), 1, message(1, 3))
	return message(1, 8, 2, "pytorch", 3, "1.13", 8, message(2, 13), 8, message(1, "com.microsoft", 2, 1), 14, message(1, "k", 2, "v"),
		7, append(message(2, "net", 1, node, 11, message(1, "x", 2, message(1, message(1, 1, 2, shape)))), message(graph...)...))
}

func TestParse(t *testing.T) {
	m, err := Parse(model(
		5, message(1, 2, 1, 2, 2, 1, 8, "raw", 9, packed(1, 2, 3, 4)),
		5, message(1, 2, 2, 1, 8, "packed", 4, packed(1.5, -2)),
		5, message(1, 2, 2, 1, 8, "single", 4, float32(1), 4, float32(2)),
		5, message(1, 2, 2, 7, 8, "long", 7, 5, 7, -1),
		5, message(1, 3, 2, 10, 8, "half", 5, 0x3c00, 5, 0xc000, 5, 0),
		5, message(1, 2, 2, 9, 8, "flags", 5, 1, 5, 0),
		5, message(2, 1, 8, "scalar", 4, float32(7)),
		5, message(1, 1, 2, 8, 8, "text", 6, "a"),
	))
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Weights()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]interface{}{"raw": []float32{1, 2, 3, 4}, "packed": []float32{1.5, -2}, "single": []float32{1, 2}, "long": []int64{5, -1},
		"half": []float32{1, -2, 0}, "flags": []bool{true, false}, "scalar": float32(7)} {
		v, err := f.Read(name)
		if err != nil || !reflect.DeepEqual(v.Data(), want) {
			t.Errorf("%s is %v, %v; want %v", name, v, err, want)
		}
	}
	n := m.Graph.Nodes[0]
	if n.Op != "Conv" || !reflect.DeepEqual(n.Inputs, []string{"x", "", "w"}) || !reflect.DeepEqual(n.Outputs, []string{"y"}) {
		t.Errorf("the node is %v", n)
	}
	if a := n.Attributes["strides"]; a.Type != Ints || !reflect.DeepEqual(a.Ints, []int64{2, 2}) {
		t.Errorf("strides are %v", a)
	}
	if a := n.Attributes["alpha"]; a.Type != Float || a.Float != 0.5 {
		t.Errorf("alpha is %v", a)
	}
	if a := n.Attributes["auto_pad"]; a.Type != String || a.String != "SAME_UPPER" {
		t.Errorf("auto_pad is %v", a)
	}
	if x := m.Graph.Inputs[0]; x.Name != "x" || x.DType != weights.Float32 || !reflect.DeepEqual(x.Shape, []int{-1, 3}) || x.Names[0] != "batch" {
		t.Errorf("x is %v", x)
	}
	if m.Producer != "pytorch 1.13" || m.Opsets[""] != 13 || m.Opsets["com.microsoft"] != 1 || f.Metadata()["opset"] != "13" || f.Metadata()["k"] != "v" {
		t.Errorf("the model is %v, its metadata %v", m, f.Metadata())
	}
}

func TestExternal(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "w.bin"), packed(0, 1, 2, 3), 0o600); err != nil {
		t.Fatal(err)
	}
	write := func(location ...string) string {
		x := message(1, 2, 2, 1, 8, "x", 14, 1)
		for i := 0; i < len(location); i += 2 {
			x = append(x, message(13, message(1, location[i], 2, location[i+1]))...)
		}
		path := filepath.Join(dir, "m.onnx")
		if err := os.WriteFile(path, model(5, x), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	m, err := Open(write("location", "w.bin", "offset", "4", "length", "8"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Weights()
	if err != nil {
		t.Fatal(err)
	}
	if v, err := f.Read("x"); err != nil || !reflect.DeepEqual(v.Data(), []float32{1, 2}) {
		t.Errorf("got %v, %v", v, err)
	}
	for want, location := range map[string][]string{
		"in the model's folder":    {"location", "../w.bin"},
		"want a file":              {"location", "/etc/passwd"},
		"want a number":            {"location", "w.bin", "offset", "-4"},
		"which has 16":             {"location", "w.bin", "offset", "12", "length", "8"},
		"no such file":             {"location", "v.bin"},
		`lies in ""; want a file`:  {},
		"offset is \"1e3\"":        {"location", "w.bin", "offset", "1e3"},
		"should be bytes 20 to 16": {"location", "w.bin", "offset", "20"},
	} {
		if _, err := Open(write(location...)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v; want %s", location, err, want)
		}
	}
	b, err := os.ReadFile(write("location", "w.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(b); err == nil || !strings.Contains(err.Error(), "want onnx.Open of a path") {
		t.Errorf("from memory: got %v", err)
	}
}

func TestBadInput(t *testing.T) {
	nested := message(1, "y")
	for i := 0; i < 20; i++ {
		nested = message(1, message(4, "If", 5, message(1, "then_branch", 6, nested)))
	}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":      {nil, "no graph"},
		"text":       {[]byte("hello, world"), "byte 2 of a message"},
		"no version": {message(7, message(2, "g")), "no version"},
		"cut":        {model()[:60], "unexpected EOF"},
		"data type":  {model(5, message(1, 1, 2, 14, 8, "x")), `tensor "x" has the data type 14`},
		"sparse":     {model(15, message()), "sparse initializer"},
		"deep":       {message(1, 8, 7, nested), "deeper than 16"},
		"attribute":  {message(1, 8, 7, message(1, message(4, "Op", 5, message(1, "a", 3, 1), 5, message(1, "a", 3, 2)))), `"a" comes twice`},
		"huge size":  {model(12, message(1, "y", 2, message(1, message(1, 1, 2, message(1, message(1, 1<<40)))))), "has a size of 1099511627776"},
	} {
		if _, err := Parse(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		tensor []byte
		want   string
	}{
		"large":    {message(1, 1000000000, 2, 1, 8, "x", 9, packed(1)), "needs 4000000000 bytes, but the file holds 4"},
		"overflow": {message(1, 1<<40, 1, 1<<40, 2, 1, 8, "x"), "more than 2^36"},
		"negative": {message(1, -1, 2, 1, 8, "x"), "negative size"},
	} {
		m, err := Parse(model(5, c.tensor))
		if err == nil {
			_, err = m.Weights()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "want a file") {
		t.Errorf("a folder: got %v", err)
	}
}

// parseWeights is what weightstest asks for.
func parseWeights(b []byte) (*weights.File, error) {
	m, err := Parse(b)
	if err != nil {
		return nil, err
	}
	return m.Weights()
}

// windowWeights is parseWeights of a file of which a window is in memory.
func windowWeights(b []byte) (*weights.File, error) {
	m, err := (&decoder{}).model(inFile(bytes.NewReader(b), int64(len(b))))
	if err != nil {
		return nil, errors.Wrap(err, format) // as Parse does
	}
	return m.Weights()
}

func TestDamage(t *testing.T) {
	whole := message(1, 8, 8, message(2, 13), 7, message(5, message(1, 2, 1, 2, 2, 1, 8, "raw", 9, packed(1, 2, 3, 4)), 5, message(1, 9, 2, 1, 8, "floats", 4, packed(1, 2, 3, 4, 5, 6, 7, 8, 9))))
	weightstest.Damage(t, whole, 4, parseWeights)
	weightstest.Damage(t, whole, 4, windowWeights)
}

func FuzzParse(f *testing.F) {
	f.Add(model(5, message(1, 2, 1, 2, 2, 1, 8, "raw", 9, packed(1, 2, 3, 4))))
	f.Add(model(5, message(1, 2, 2, 7, 8, "long", 7, 5, 7, -1), 12, message(1, "y")))
	f.Add([]byte("00I00000000B0000000")) // cut within a field
	f.Fuzz(func(t *testing.T, b []byte) {
		weightstest.Fuzz(b, parseWeights)
		weightstest.Fuzz(b, windowWeights)
		_, inMemory := parseWeights(b)
		if _, inFile := windowWeights(b); fmt.Sprint(inMemory) != fmt.Sprint(inFile) {
			t.Errorf("in memory: %v; in a file: %v", inMemory, inFile)
		}
	})
}

// The nodes of ONNX's own suite, by whom it is written.
func TestSuite(t *testing.T) {
	paths, _ := filepath.Glob("/usr/share/libonnx-testdata/data/node/*/model.onnx")
	if len(paths) == 0 {
		t.Skip("ONNX's backend tests are not installed (Debian: apt-get install libonnx-testdata)")
	}
	nodes := 0
	for _, path := range paths {
		m, err := Open(path)
		if err != nil {
			if strings.Contains(err.Error(), "data type 14") || strings.Contains(err.Error(), "data type 15") { // complex numbers
				continue
			}
			t.Errorf("%s: %v", filepath.Base(filepath.Dir(path)), err)
			continue
		}
		nodes += len(m.Graph.Nodes)
	}
	t.Logf("%d nodes in %d models", nodes, len(paths))
	if len(paths) < 900 || nodes < len(paths) {
		t.Errorf("%d nodes in %d models; want 900 models of one or more", nodes, len(paths))
	}
}

// The face detector that its authors published in both formats: equal bits.
func TestPublishedPair(t *testing.T) {
	dir := weightstest.Published(t, "graphs", "face-rfb-320")
	m, err := Open(filepath.Join(dir, "version-RFB-320.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := m.Weights()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := pytorch.Open(filepath.Join(dir, "version-RFB-320.pth"))
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	equal := 0
	for _, name := range ours.Names() {
		if _, ok := theirs.Lookup(name); !ok {
			continue
		}
		a, err := ours.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := theirs.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a.Data(), b.Data()) {
			t.Errorf("%s differs", name)
		}
		equal++
	}
	t.Logf("%d of %d tensors in both", equal, len(ours.Names()))
	if equal < 100 {
		t.Errorf("only %d tensors have equal names", equal)
	}
}
