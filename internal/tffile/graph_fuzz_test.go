package tffile

import (
	"bytes"
	"fmt"
	"math/rand"
	"reflect"
	"runtime"
	"testing"
)

// again encodes what was decoded, and decodes it once more: nothing may be lost. NaN is not equal to itself, so the messages are
// compared.
func again(t *testing.T, m MetaGraph) {
	t.Helper()
	b := m.Encode()
	same, err := DecodeMetaGraph(b)
	if err != nil || string(same.Encode()) != string(b) {
		t.Fatalf("%+v came back as %+v, %v", m, same, err)
	}
}

func FuzzMetaGraph(f *testing.F) {
	f.Add([]byte(golden(f, "metagraph.pb")))
	f.Add(aMetaGraph.Encode())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := DecodeMetaGraph(b)
		if err != nil {
			return
		}
		again(t, m)
		inFile, left, err := decodeInFile(b, bytes.NewReader(b))
		if err == nil && left.Left == 0 && string(inFile.Encode()) != string(m.Encode()) {
			t.Fatalf("%+v is %+v of a file", m, inFile)
		}
		for _, c := range m.Collections {
			for _, message := range c.Bytes {
				if v, err := DecodeVariableDef([]byte(message)); err == nil {
					if same, err := DecodeVariableDef(v.Encode()); err != nil || same != v {
						t.Fatalf("%+v came back as %+v, %v", v, same, err)
					}
				}
			}
		}
		for _, n := range m.Graph.Nodes {
			for _, a := range n.Attrs {
				if x, ok := a.Value.(*Tensor); ok && len(x.Shape) < 2 && (len(x.Shape) == 0 || x.Shape[0] < 1<<16) {
					if whole, err := x.Whole(); err == nil && whole.check() != nil {
						t.Fatalf("%+v is whole", whole)
					}
				}
			}
		}
	})
}

func FuzzGraphText(f *testing.F) {
	f.Add(golden(f, "metagraph.pbtxt"))
	f.Add("graph_def < node: [{name: 'a' \"b\"; op: \"\\303\\x41\", attr {}}] > unknown: -inf # x")
	f.Fuzz(func(t *testing.T, text string) {
		if m, err := ParseMetaGraphText(text); err == nil {
			again(t, m)
		}
	})
}

func FuzzGraphJSON(f *testing.F) {
	f.Add(golden(f, "metagraph.json"))
	f.Add(`{"node": [{"name": "a", "op": "A", "attr": {"x": {"list": {"s": [[97], [], "YQ=="]}}}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		if g, err := ParseGraphJSON([]byte(text), nil); err == nil {
			again(t, MetaGraph{Graph: g})
		}
		if s, err := ParseSignatureJSON([]byte(text), nil); err == nil {
			again(t, MetaGraph{Signatures: map[string]Signature{"s": s}})
		}
		if b, err := encodeJSON("MetaGraphDef", []byte(text), nil); err == nil {
			DecodeMetaGraph(b)
		}
	})
}

// Graphs that are cut off or damaged give an error or another graph, and take no more memory than a few times their size.
func TestDamagedGraphs(t *testing.T) {
	for name, decode := range map[string]func(b []byte) (MetaGraph, error){
		"metagraph.pb":    DecodeMetaGraph,
		"metagraph.pbtxt": func(b []byte) (MetaGraph, error) { return ParseMetaGraphText(string(b)) },
		"metagraph.json": func(b []byte) (m MetaGraph, err error) {
			if b, err = encodeJSON("MetaGraphDef", b, nil); err == nil {
				m, err = DecodeMetaGraph(b)
			}
			return m, err
		},
	} {
		whole := golden(t, name)
		want, err := decode([]byte(whole))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 { // a message may end after any of its fields, but then has fewer
			if m, err := decode([]byte(whole[:len(whole)*i/100])); err == nil && reflect.DeepEqual(m, want) {
				t.Errorf("%s: the first %d%% are all of it", name, i)
			}
		}
		damage(t, whole, func(b []byte) { decode(b) })
	}
}

// damage flips bits.
func damage(t *testing.T, whole string, decode func(b []byte)) {
	t.Helper()
	seed := rand.Int63()
	r := rand.New(rand.NewSource(seed))
	for i := range 1000 {
		b := []byte(whole)
		for range 1 + r.Intn(3) {
			b[r.Intn(len(b))] ^= 1 << r.Intn(8)
		}
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Fatalf("seed %d, message %d: %v", seed, i, p)
				}
			}()
			bounded(t, fmt.Sprintf("seed %d, message %d", seed, i), len(b), func() { decode(b) })
		}()
	}
}

// bounded reports what took more memory than a megabyte and 64 times the bytes of its message, as slices that grow do for
// the smallest elements.
func bounded(t *testing.T, name string, size int, decode func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	decode()
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > uint64(64*size+1<<20) {
		t.Errorf("%s: %d bytes were taken for a message of %d", name, took, size)
	} else if size > 1e5 {
		t.Logf("%s: %d times", name, took/uint64(size))
	}
}
