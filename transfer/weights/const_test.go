package weights_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/weights"
)

func TestConst(t *testing.T) {
	open := func() (io.Reader, error) { return bytes.NewReader([]byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}), nil } // 1, -2
	for name, c := range map[string]struct {
		tensor weights.Tensor
		want   string
	}{
		"float32":    {weights.Tensor{DType: weights.Float32, Shape: []int{2}, Held: 8, Open: open}, "[1 -2]"},
		"big":        {weights.Tensor{DType: weights.Int16, Shape: []int{2, 2}, Held: 8, Open: open, BigEndian: true}, "[0 -32705 0 192]"},
		"widened":    {weights.Tensor{DType: weights.BFloat16, Shape: []int{4}, Held: 8, Open: open}, "[0 1 0 -2]"},
		"compressed": {weights.Tensor{DType: weights.Float32, Shape: []int{2}, Held: -1, Open: open}, "[1 -2]"},
		"strides":    {weights.Tensor{DType: weights.Float32, Shape: []int{2, 2}, Held: 8, Open: open, Strides: []int{0, 1}}, "[1 -2 1 -2]"},
		"scaled":     {weights.Tensor{DType: weights.Uint8, Shape: []int{8}, Held: 8, Open: open, Scale: 0.5, Min: 1}, "[1 1 65 32.5 1 1 1 97]"},
	} {
		g := graph.New(graph.Config{})
		n, err := c.tensor.Const(g.Scope())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer sess.Close()
		out, err := sess.Run(nil, n)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(out.Tensor(0).Data()); got != c.want {
			t.Errorf("%s: got %s; want %s", name, got, c.want)
		}
	}
}

func TestConstErrors(t *testing.T) {
	open := func() (io.Reader, error) { return nil, errors.New("the file is closed") }
	for want, tensor := range map[string]weights.Tensor{
		"the file is closed": {Name: "k", DType: weights.Float32, Shape: []int{2}, Held: 8, Open: open},
		"needs 12 bytes":     {Name: "k", DType: weights.Float32, Shape: []int{3}, Held: 8, Open: open},
		"of type string":     {Name: "k", DType: weights.String, Shape: []int{2}, Held: 8, Open: open},
		"at most":            {Name: "k", DType: weights.Float32, Shape: []int{1 << 30}, Held: 4, Open: open, Strides: []int{0}},
		"has more than":      {Name: "k", DType: weights.Float32, Shape: []int{1 << 20, 1 << 20}, Held: 4, Open: open},
	} {
		if _, err := tensor.Const(graph.New(graph.Config{}).Scope()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %q", err, want)
		}
	}
}
