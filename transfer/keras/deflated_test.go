package keras

import (
	"bytes"
	"compress/zlib"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/budget/budgettest"
	"github.com/plexaura/plexaura/transfer/weights"
)

// deflated is a file of a dataset x of zeros, as uint8, in so many chunks of so many bytes that are deflated.
func deflated(t *testing.T, chunks, size int) []byte {
	t.Helper()
	var one bytes.Buffer
	z, err := zlib.NewWriterLevel(&one, zlib.BestCompression)
	if err == nil {
		_, err = z.Write(make([]byte, size))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	f := &h5{}
	first := f.add(bytes.Repeat(one.Bytes(), chunks))
	tree := f.add(h5Tree(0, chunks, one.Len(), size, first))
	dataset := f.add(h5Header(h5Dataset([]int{chunks * size}, h5Message(0x0b, 2, 1, 1, 0, 0, 0, 0, 0), h5Chunked(tree, size))))
	return f.file(h5Link("x", dataset))
}

// A few bytes that stand for many are read where the caller has memory for them, a variable, and not by Read. Beside the variable a chunk is held,
// which grows as it is inflated, and the rows that it has.
func TestDeflated(t *testing.T) {
	const chunks, size = 24, 1 << 20
	whole := deflated(t, chunks, size)
	f, err := parseBytes(whole)
	if err != nil {
		t.Fatal(err)
	}
	x, _ := f.Lookup("x")
	if want := 4*int64(len(whole)) + 16<<20; x.Most != want || x.Held >= 0 {
		t.Fatalf("Most is %d and Held %d; want %d and an unknown number", x.Most, x.Held, want)
	}
	budgettest.Peak(t, len(whole), func() any {
		if _, err := x.Read(); err == nil || !strings.Contains(err.Error(), "its 25165824 elements take 25165824 bytes") {
			t.Errorf("got %v", err)
		}
		return nil
	})
	small, err := parseBytes(deflated(t, 2, size))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := small.Read("x"); err != nil || v.Shape()[0] != 2*size {
		t.Errorf("two chunks: %v", err)
	}

	g := graph.New(graph.Config{})
	v := graph.Variable(g.Scope(), "x", tensor.Shape{chunks * size}, graph.VariableConfig{Initializer: weights.Initializer(x), Dtype: tensor.Uint8})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	const values = 2 * chunks * size // a session has new ones and old ones while it initialises them
	budgettest.Peak(t, len(whole)+values/4, func() any {
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
		return nil
	})
	out, err := sess.Run(nil, gorgonia.Nodes{v}...)
	if err != nil || bytes.Count(out.Uint8s(0), []byte{0}) != chunks*size {
		t.Errorf("the variable has other values, %v", err)
	}
}
