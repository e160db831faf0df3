package darknet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// TestWeights reads single tensors of a file, which are those that Load gives the variables.
func TestWeights(t *testing.T) {
	for _, name := range []string{"tour", "classifier", "later"} {
		net := open(t, name)
		entries, err := net.entries()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "a.weights")
		data := file(entries, 3)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		w, err := OpenWeights(path, net)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Metadata(); got["version"] != "0.2.0" || got["seen"] != "7" || len(got) != 2 {
			t.Errorf("the metadata are %v", got)
		}
		m := fill(t, name, 3, tensor.Float32)
		g := m.sess.Graph()
		if len(w.Tensors()) != len(m.Variables()) {
			t.Errorf("%d tensors and %d variables", len(w.Tensors()), len(m.Variables()))
		}
		for _, v := range m.Variables() {
			got, err := w.Read(strings.TrimPrefix(g.NameOf(v), "net/"))
			if err != nil {
				t.Fatal(err)
			}
			want, err := m.sess.Value(v)
			if err != nil || !want.Shape().Eq(got.Shape()) || !reflect.DeepEqual(want.Data(), got.Data()) {
				t.Errorf("%s is not what Load gave the variable", g.NameOf(v))
			}
		}
		if _, err := w.Read("conv99/kernel"); err == nil || !strings.Contains(err.Error(), `no tensor "conv99/kernel"`) {
			t.Errorf("a missing tensor gives %v", err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestOrder holds the places of tensors to what Darknet's load_convolutional_weights and load_connected_weights read.
func TestOrder(t *testing.T) {
	entries, err := open(t, "classifier").entries()
	if err != nil {
		t.Fatal(err)
	}
	if end := at(entries, Header{Length: 16}); end != 16+4*(6*2*9+6+720+4*10+50+5) {
		t.Errorf("the file has %d bytes", end)
	}
	got := ""
	for _, e := range entries {
		got += fmt.Sprintf("%s %v %d\n", e.name, e.shape, e.offset)
	}
	want := `conv0/bias (6) 16
conv0/kernel (3, 3, 2, 6) 40
connected1/beta (10) 472
connected1/kernel (72, 10) 512
connected1/gamma (10) 3392
connected1/moving_mean (10) 3432
connected1/moving_variance (10) 3472
connected3/bias (5) 3512
connected3/kernel (10, 5) 3532
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestKernel: the kernels of a file are [filters, in, height, width] and [units, in], in transposed files [in, units].
func TestKernel(t *testing.T) {
	numbers := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(i)
		}
		return v
	}
	const h, w, in, out = 3, 2, 19, 18 // more than a block
	ours := entry{shape: tensor.Shape{h, w, in, out}}.transposed(numbers(h*w*in*out), Header{})
	i := 0
	for y := range h {
		for x := range w {
			for c := range in {
				for o := range out {
					if want := float32(((o*in+c)*h+y)*w + x); ours[i] != want {
						t.Fatalf("[%d %d %d %d] is %v; want %v", y, x, c, o, ours[i], want)
					}
					i++
				}
			}
		}
	}
	dense := entry{shape: tensor.Shape{2, 3}}
	if got := dense.transposed(numbers(6), Header{}); !reflect.DeepEqual(got, []float32{0, 2, 4, 1, 3, 5}) {
		t.Errorf("got %v", got)
	}
	if got := dense.transposed(numbers(6), Header{Transposed: true}); !reflect.DeepEqual(got, numbers(6)) {
		t.Errorf("of a transposed file it is %v", got)
	}
}

// TestTransposed: the kernels of [connected] in transposed files are read as they are.
func TestTransposed(t *testing.T) {
	net, err := Parse(strings.NewReader("[net]\nheight=1\nwidth=1\nchannels=2\n[connected]\noutput=3\n"))
	if err != nil {
		t.Fatal(err)
	}
	for minor, want := range map[int32][]float32{1: {3, 5, 7, 4, 6, 8}, 1001: {3, 4, 5, 6, 7, 8}} {
		var b bytes.Buffer
		binary.Write(&b, binary.LittleEndian, []int32{0, minor, 0, 0})
		binary.Write(&b, binary.LittleEndian, []float32{0, 1, 2, 3, 4, 5, 6, 7, 8})
		w, err := NewWeights(bytes.NewReader(b.Bytes()), int64(b.Len()), net)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.Read("connected0/kernel"); err != nil || !got.Shape().Eq(tensor.Shape{2, 3}) || !reflect.DeepEqual(got.Data(), want) {
			t.Errorf("version 0.%d: got %v, %v; want %v", minor, got, err, want)
		}
	}
}

func TestHeader(t *testing.T) {
	bytesOf := func(values ...interface{}) []byte {
		var b bytes.Buffer
		for _, v := range values {
			binary.Write(&b, binary.LittleEndian, v)
		}
		return b.Bytes()
	}
	for name, c := range map[string]struct {
		data []byte
		want Header
		err  string
	}{
		"0.1":        {bytesOf(int32(0), int32(1), int32(5), int32(32000)), Header{Minor: 1, Revision: 5, Seen: 32000, Length: 16}, ""},
		"0.2":        {bytesOf(int32(0), int32(2), int32(0), int64(1)<<40), Header{Minor: 2, Seen: 1 << 40, Length: 20}, ""},
		"1.0":        {bytesOf(int32(1), int32(0), int32(0), int64(9)), Header{Major: 1, Seen: 9, Length: 20}, ""},
		"transposed": {bytesOf(int32(0), int32(1001), int32(0), int32(9)), Header{Minor: 1001, Seen: 9, Transposed: true, Length: 16}, ""},
		"empty":      {nil, Header{}, "ends after 0 bytes"},
		"short":      {make([]byte, 15), Header{}, "ends after 15 bytes"},
		"short 0.2":  {bytesOf(int32(0), int32(2), int32(0), int32(0)), Header{}, "ends after 16 bytes"},
		"negative":   {bytesOf(int32(-1), int32(2), int32(0), int64(0)), Header{}, "begins as one of version -1.2"},
	} {
		got, err := readHeader(bytes.NewReader(c.data))
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: got %v; want %s", name, err, c.err)
			}
		case err != nil || got != c.want:
			t.Errorf("%s: got %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

// TestLoadBadInput: a bad file is an error with the layer and the byte, and changes nothing.
func TestLoadBadInput(t *testing.T) {
	net := open(t, "classifier")
	entries, err := net.entries()
	if err != nil {
		t.Fatal(err)
	}
	good := file(entries, 1)
	at(entries, Header{Length: 20})
	with := func(tensor, number int, v float64) []byte {
		data := append([]byte(nil), good...)
		binary.LittleEndian.PutUint32(data[entries[tensor].offset+4*int64(number):], math.Float32bits(float32(v)))
		return data
	}
	m := fill(t, "classifier", 1, tensor.Float32)
	before, err := m.sess.Values(m.Variables()...)
	if err != nil {
		t.Fatal(err)
	}
	other := file(entries, 2)
	for name, c := range map[string]struct {
		r    io.Reader
		want []string
	}{
		"empty":      {strings.NewReader(""), []string{"ends after 0 bytes, in its header"}},
		"no numbers": {bytes.NewReader(good[:20]), []string{"bytes 20 to 44", "net/conv0/bias", "ends after 0 of 24 bytes"}},
		"short":      {bytes.NewReader(other[:len(good)-1]), []string{"bytes 3536 to 3736", "net/connected3/kernel", "ends after 199 of 200 bytes"}},
		"long":       {bytes.NewReader(append(other, 0)), []string{"goes on after byte 3736", "net/connected3/kernel", "Longer"}},
		"NaN":        {bytes.NewReader(with(3, 700, math.NaN())), []string{"net/connected1/kernel: number 700 of 720, at byte 3316, is NaN"}},
		"infinite":   {bytes.NewReader(with(0, 2, math.Inf(-1))), []string{"net/conv0/bias: number 2 of 6, at byte 28, is infinite"}},
		"variance":   {bytes.NewReader(with(6, 1, -0.5)), []string{"net/connected1/moving_variance: number 1 of 10, at byte 3480, is a negative variance"}},
		"broken":     {io.MultiReader(bytes.NewReader(good[:100]), iotest.ErrReader(os.ErrClosed)), []string{"net/conv0/kernel", "bytes 44 to 476", "after 56 of 432", "closed"}},
		"picture":    {strings.NewReader("\x89PNG\r\n\x1a\n and so on, for some more bytes"), []string{"begins as one of version 1196314761."}},
	} {
		_, err := Load(m.sess, m.Variables(), c.r, LoadConfig{})
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v; want %s", name, err, want)
			}
		}
	}
	after, err := m.sess.Values(m.Variables()...)
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the variables have changed (%v)", err)
	}
	if _, err := Load(m.sess, m.Variables(), iotest.OneByteReader(bytes.NewReader(append(good, 1, 2, 3))), LoadConfig{Longer: true}); err != nil {
		t.Errorf("a longer file is not taken: %v", err)
	}
	if _, err := LoadFile(m.sess, m.Variables(), "testdata/none.weights", LoadConfig{}); !os.IsNotExist(unwrapped(err)) {
		t.Errorf("a missing file gives %v", err)
	}
	if _, err := NewWeights(nil, 0, net); err == nil {
		t.Error("a nil reader is no error")
	}
	if _, err := NewWeights(bytes.NewReader(good), int64(len(good)), nil); err == nil {
		t.Error("a nil network is no error")
	}
	for size := range int64(len(good)) + 2 {
		if size == int64(len(good)) {
			continue
		}
		if _, err := NewWeights(bytes.NewReader(append(good, 0)[:size]), size, net); err == nil {
			t.Fatalf("%d bytes are taken", size)
		}
	}
}

func unwrapped(err error) error {
	for {
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			err = e.Unwrap()
		default:
			return err
		}
	}
}

func TestLoadWrongVariables(t *testing.T) {
	m := fill(t, "classifier", 1, tensor.Float32)
	g := m.sess.Graph()
	vars := m.Variables()
	stray := graph.Variable(g.Scope().Sub("stray"), "weights", tensor.Shape{2}, graph.VariableConfig{})
	for name, c := range map[string]struct {
		vars []int // -1 for the stray one, -2 for nil
		want string
	}{
		"none":    {nil, "no variables"},
		"half":    {[]int{0}, "layer net/conv0 has the variables [kernel]"},
		"torn":    {[]int{0, 1, 7, 8, 0}, "net/conv0 stand in two places"},
		"unknown": {[]int{-1}, "layer stray has the variables [weights]"},
		"nil":     {[]int{-2}, "is no variable"},
	} {
		chosen := vars[:0:0]
		for _, i := range c.vars {
			switch i {
			case -1:
				chosen = append(chosen, stray)
			case -2:
				chosen = append(chosen, nil)
			default:
				chosen = append(chosen, vars[i])
			}
		}
		if _, err := Load(m.sess, chosen, bytes.NewReader(nil), LoadConfig{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	if _, err := Load(nil, vars, bytes.NewReader(nil), LoadConfig{}); err == nil {
		t.Error("a nil session is no error")
	}
	if _, err := Load(m.sess, vars, nil, LoadConfig{}); err == nil {
		t.Error("a nil reader is no error")
	}
}

// TestMemory: a .cfg that wants a thousand million numbers takes no memory for them until a file has them.
func TestMemory(t *testing.T) {
	net, err := Parse(strings.NewReader("[net]\nheight=1\nwidth=1\nchannels=30000\n[conv]\nfilters=40000\n"))
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	m := net.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 1, 1, 30000), BuildConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	data := make([]byte, 16+4*40000+100)
	if _, err := Load(sess, m.Variables(), bytes.NewReader(data), LoadConfig{}); err == nil || !strings.Contains(err.Error(), "ends after 100 of 4800000000 bytes") {
		t.Errorf("got %v", err)
	}
	if _, err := NewWeights(bytes.NewReader(data), int64(len(data)), net); err == nil || !strings.Contains(err.Error(), "the network wants 4800160016 bytes") {
		t.Errorf("got %v", err)
	}
	net, err = Parse(strings.NewReader("[net]\nheight=9999999\nwidth=9999999\nchannels=9999999\n[conv]\nfilters=9999999\nsize=9999999\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewWeights(bytes.NewReader(data), int64(len(data)), net); err == nil {
		t.Error("a kernel of 1e28 numbers is no error")
	}
}
