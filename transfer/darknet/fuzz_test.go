package darknet

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// FuzzParse: no text makes a panic, and what is built once more is the same.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.cfg")
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{"", "[net]\n[conv]", "[net]\nheight=8\nwidth=8\nchannels=4\n[reorg]\nstride=2\n[connected]\n[conv]\n[avg]\n[soft]\n", "[net]\n[route]\nlayers=,"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		net, err := Parse(bytes.NewReader(text))
		if err != nil || len(net.Layers) > 100 {
			return
		}
		unsupported := net.Check()
		entries, err := net.entries()
		if unsupported != nil && err == nil {
			t.Errorf("Check gives %v, but the network is built", unsupported)
		}
		if err != nil {
			return
		}
		if _, err := NewWeights(bytes.NewReader(nil), 0, net); err == nil {
			t.Error("no bytes are weights")
		}
		for _, e := range entries {
			if e.bytes() < 4 {
				t.Errorf("%s has the shape %v", e.name, e.shape)
			}
		}
	})
}

// FuzzLoad: no bytes make a panic, and only whole files change the variables.
func FuzzLoad(f *testing.F) {
	net := open(f, "classifier")
	entries, err := net.entries()
	if err != nil {
		f.Fatal(err)
	}
	good := file(entries, 1)
	size := len(good) - 20
	for _, data := range [][]byte{good, good[:1000], good[:16], nil, append(append([]byte(nil), good...), 0), append(make([]byte, 16), good[20:]...)} {
		f.Add(data)
	}
	h, w, c := net.Input()
	g := graph.New(graph.Config{})
	m := net.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, h, w, c), BuildConfig{})
	f.Fuzz(func(t *testing.T, data []byte) {
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer sess.Close()
		header, err := Load(sess, m.Variables(), bytes.NewReader(data), LoadConfig{})
		if (err == nil) != (len(sess.Uninitialized()) == 0) {
			t.Errorf("the error is %v, and %d variables have no value", err, len(sess.Uninitialized()))
		}
		if err == nil && len(data) != size+int(header.Length) {
			t.Errorf("%d bytes are taken", len(data))
		}
		_, whole := NewWeights(bytes.NewReader(data), int64(len(data)), net)
		if err == nil && whole != nil {
			t.Errorf("Load takes what NewWeights does not: %v", whole)
		}
	})
}
