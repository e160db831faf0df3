package tffile

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

// decodeInFile decodes a message that is a file, whose memory has other content then.
func decodeInFile(message []byte, file io.ReaderAt) (MetaGraph, *MessageFile, error) {
	f := &MessageFile{Message: bytes.Clone(message), File: file}
	m, err := f.MetaGraph()
	for i := range f.Message {
		f.Message[i] = 0xa5
	}
	return m, f, err
}

// tensorMessage is a TensorProto of float32 with the elements 0, 1, ... in the fields that fields makes of their bytes.
func tensorMessage(n int, fields func(elements string) string) string {
	var b []byte
	for i := range n {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(i)))
	}
	return protoBytes(1, int(Float32), 2, protoBytes(2, protoBytes(1, n))) + fields(string(b))
}

func TestMessageFile(t *testing.T) {
	content := func(b string) string { return protoBytes(4, b) }
	list := func(b string) string { return protoBytes(5, b) }
	lists := func(b string) string { return protoBytes(5, b[:8], 5, b[8:]) }
	twice := func(b string) string { return protoBytes(4, "other", 4, b) } // the last one counts
	const small, large = 5, leastLeft / 4
	for name, c := range map[string]struct {
		message string
		n, left int
	}{
		"content":         {tensorMessage(large, content), large, 1},
		"packed list":     {tensorMessage(large, list), large, 1},
		"two lists":       {tensorMessage(large, lists), large, 0},
		"content twice":   {tensorMessage(large, twice), large, 1},
		"one less":        {tensorMessage(large-1, content), large - 1, 0},
		"a small content": {tensorMessage(small, content), small, 0},
		"a small list":    {tensorMessage(small, list), small, 0},
		"none":            {tensorMessage(0, content), 0, 0},
	} {
		attr := protoBytes(1, "value", 2, protoBytes(8, c.message))
		nested := protoBytes(1, "values", 2, protoBytes(1, protoBytes(8, c.message, 8, tensorMessage(small, content))))
		message := []byte(protoBytes(1, "", 2, protoBytes(1, protoBytes(1, "before", 2, "NoOp"), 1, protoBytes(1, "k", 2, "Const", 5, attr, 5, nested))))
		m, f, err := decodeInFile(message, bytes.NewReader(message))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.Left != 2*c.left {
			t.Errorf("%s: %d tensors were left in the file; want %d", name, f.Left, 2*c.left)
		}
		attrs := m.Graph.Nodes[1].Attrs
		for _, x := range []*Tensor{attrs["value"].Value.(*Tensor), attrs["values"].Value.([]*Tensor)[0]} {
			if left := x.InFile != nil; left != (c.left == 1) || left && x.Data != nil || x.Stored() != int64(4*c.n) {
				t.Errorf("%s: %d bytes are stored, %d of them in memory; want %d", name, x.Stored(), len(x.Data), 4*c.n)
			}
			whole, err := x.Whole()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			values, err := Values[float32](whole)
			if err != nil || len(values) != c.n {
				t.Fatalf("%s: %d elements, %v; want %d", name, len(values), err, c.n)
			}
			for i, v := range values {
				if v != float32(i) {
					t.Fatalf("%s: element %d is %v", name, i, v)
				}
			}
		}
		for form, decode := range map[string]func(f *MessageFile) error{
			"GraphDef":   func(f *MessageFile) error { _, err := f.GraphDef(); return err },
			"SavedModel": func(f *MessageFile) error { _, err := f.SavedModel(); return err },
		} {
			graph := protoBytes(1, protoBytes(1, "k", 2, "Const", 5, attr))
			if form == "SavedModel" {
				graph = protoBytes(1, 1, 2, protoBytes(2, graph))
			}
			f := &MessageFile{Message: []byte(graph), File: strings.NewReader(graph)}
			if err := decode(f); err != nil || f.Left != c.left {
				t.Errorf("%s in a %s: %d tensors were left in the file, %v; want %d", name, form, f.Left, err, c.left)
			}
		}
	}
}

// A large tensor of fewer elements than its shape has is completed by what its file has.
func TestMessageFileShortened(t *testing.T) {
	const stored, all = leastLeft / 4, leastLeft/4 + 3
	tensor := strings.Replace(tensorMessage(stored, func(b string) string { return protoBytes(5, b) }), protoBytes(1, stored), protoBytes(1, all), 1)
	message := []byte(protoBytes(2, protoBytes(1, protoBytes(1, "k", 2, "Const", 5, protoBytes(1, "value", 2, protoBytes(8, tensor))))))
	m, f, err := decodeInFile(message, bytes.NewReader(message))
	if err != nil || f.Left != 1 {
		t.Fatalf("%d tensors were left in the file, %v", f.Left, err)
	}
	x := m.Graph.Nodes[0].Attrs["value"].Value.(*Tensor)
	whole, err := x.Whole()
	if err != nil {
		t.Fatal(err)
	}
	values, err := Values[float32](whole)
	if err != nil || len(values) != all || values[1] != 1 || values[all-1] != stored-1 {
		t.Errorf("%d elements, %v", len(values), err)
	}
}

// What cannot be read is an error of Whole, and a tensor in a file takes no part in what wants its elements.
func TestMessageFileErrors(t *testing.T) {
	message := []byte(protoBytes(2, protoBytes(1, protoBytes(1, "k", 2, "Const", 5, protoBytes(1, "value", 2, protoBytes(8,
		tensorMessage(leastLeft/4, func(b string) string { return protoBytes(4, b) })))))))
	m, _, err := decodeInFile(message, failing{})
	if err != nil {
		t.Fatal(err)
	}
	x := m.Graph.Nodes[0].Attrs["value"].Value.(*Tensor)
	if _, err := x.Whole(); err == nil || !strings.Contains(err.Error(), "the disk fails") {
		t.Errorf("Whole: %v", err)
	}
	if _, err := Values[float32](*x); err == nil {
		t.Error("Values gives elements that are not there")
	}
	defer func() {
		if recover() == nil {
			t.Error("it was encoded without its elements")
		}
	}()
	m.Encode()
}

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errors.New("the disk fails") }

// What was decoded points to nothing in the message: with other content in its memory it is what it was.
func TestMessageFileOwnsNothing(t *testing.T) {
	for _, message := range [][]byte{aMetaGraph.Encode(), []byte(golden(t, "metagraph.pb"))} {
		want, err := DecodeMetaGraph(message)
		if err != nil {
			t.Fatal(err)
		}
		got, f, err := decodeInFile(message, bytes.NewReader(message))
		if err != nil || f.Left > 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
}

// Small tensors, which are copied, take four times the memory of their file, and a room beside, or are refused: as they are of a message in memory.
func TestMessageFileMemory(t *testing.T) {
	budgettest.Lower(t)
	for name, c := range map[string]struct {
		n    int
		want string
	}{"one element": {1, refused}, "some": {leastLeft/4 - 1, ""}, "large": {leastLeft / 4, ""}} {
		t.Run(name, func(t *testing.T) {
			tensor := tensorMessage(c.n, func(b string) string { return protoBytes(4, b) })
			message := []byte(protoBytes(2, many(1, protoBytes(1, "#######", 2, "Const", 5, protoBytes(1, "value", 2, protoBytes(8, tensor), 7, "#######")))))
			f := &MessageFile{Message: message, File: bytes.NewReader(message)}
			budgettest.Peak(t, len(message), func() any {
				m, err := f.MetaGraph()
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
					t.Errorf("got %v; want %q", err, c.want)
				}
				return m
			})
		})
	}
}
