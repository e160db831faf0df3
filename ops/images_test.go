package ops_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// formats are both layouts of images.
var formats = []ops.DataFormat{ops.ChannelsLast, ops.ChannelsFirst}

// imageOp is an op on images in a layout.
type imageOp func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node

// inNCHW applies op to NCHW images in either layout.
func inNCHW(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat, op imageOp) *gorgonia.Node {
	if format == ops.ChannelsFirst {
		return op(s, x, format)
	}
	return ops.Transpose(s, op(s, ops.Transpose(s, x, 0, 2, 3, 1), format), 0, 3, 1, 2)
}

// checkImageGolden compares an op with the golden cases, which are NCHW, in both
// layouts.
func checkImageGolden(t *testing.T, file, op string, build func(s *graph.Scope, x *gorgonia.Node, c golden.Case, format ops.DataFormat) *gorgonia.Node) {
	t.Helper()
	for _, format := range formats {
		t.Run(format.String(), func(t *testing.T) {
			checkGolden(t, file, op, func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
				return inNCHW(s, in["x"], format, func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
					return build(s, x, c, format)
				})
			}, "x")
		})
	}
}

// checkImageGradients checks first and second derivatives of an op on images in
// both layouts.
func checkImageGradients(t *testing.T, op imageOp, x values) {
	t.Helper()
	for _, format := range formats {
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return inNCHW(s, x, format, op) }), x)
	}
}

// checkImageKernels runs an op and its gradient on images large enough for
// several goroutines, in both layouts: the bits must not depend on how many there
// are, and a Run in the steady state must not allocate.
func checkImageKernels(t *testing.T, op imageOp) {
	t.Helper()
	for _, format := range formats {
		for _, shape := range [][]int{{3, 40, 36, 20}, {1, 64, 65, 24}} {
			t.Run(fmt.Sprintf("%v %v", format, shape), func(t *testing.T) {
				if format == ops.ChannelsFirst {
					shape = []int{shape[0], shape[3], shape[1], shape[2]}
				}
				g := graph.New(graph.Config{})
				s := g.Scope()
				feeds := graph.Feeds{}
				x := input(s, feeds, "x", tensor.Float32, wave(3, 0.1, shape...), false)
				y := op(s, x, format)
				dx := graph.Gradients(s, gorgonia.Nodes{ops.Square(s, y)}, gorgonia.Nodes{x}, nil)[0]
				step := graph.Group(s, y, dx)
				sess := sessionOn(t, g)
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
				want := runBits(t, sess, feeds, y, dx)
				for _, procs := range []int{2, 3, 8} {
					runtime.GOMAXPROCS(procs)
					for i, bits := range runBits(t, sess, feeds, y, dx) {
						if bits != want[i] {
							t.Fatalf("element %d differs between one worker and %d", i, procs)
						}
					}
				}
				runtime.GOMAXPROCS(2)
				if n := testing.AllocsPerRun(10, func() {
					if _, err := sess.Run(feeds, step); err != nil {
						t.Fatal(err)
					}
				}); n > 0 && !raceDetector {
					t.Errorf("a Run allocates %v times", n)
				}
			})
		}
	}
}

// runBits fetches nodes and strings their bits together.
func runBits(t *testing.T, sess *graph.Session, feeds graph.Feeds, nodes ...*gorgonia.Node) []uint32 {
	t.Helper()
	out, err := sess.Run(feeds, nodes...)
	if err != nil {
		t.Fatal(err)
	}
	var bits []uint32
	for i := range nodes {
		for _, v := range out.Float32s(i) {
			bits = append(bits, math.Float32bits(v))
		}
	}
	return bits
}

// checkEmptyBatch runs an op and its gradient on no images.
func checkEmptyBatch(t *testing.T, op imageOp) {
	t.Helper()
	for _, format := range formats {
		g := graph.New(graph.Config{})
		s := g.Scope()
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 4, 4, 4)
		y := op(s, x, format)
		dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
		out := run(t, g, graph.Feeds{x: tensor.New(tensor.WithShape(0, 4, 4, 4), tensor.Of(tensor.Float32))}, y, dx)
		if out.Tensor(0).Shape()[0] != 0 || fmt.Sprint(out.Tensor(1).Shape()) != "(0, 4, 4, 4)" {
			t.Errorf("%v: shapes %v and %v of no images", format, out.Tensor(0).Shape(), out.Tensor(1).Shape())
		}
	}
}

// benchImageOp times an op on images of the given NHWC shape, or its gradient.
func benchImageOp(b *testing.B, op imageOp, shape ...int) {
	for _, format := range formats {
		for _, name := range []string{"forward", "gradient"} {
			b.Run(fmt.Sprintf("%v/%s", format, name), func(b *testing.B) {
				sizes := shape
				if format == ops.ChannelsFirst {
					sizes = []int{shape[0], shape[3], shape[1], shape[2]}
				}
				g := graph.New(graph.Config{})
				s := g.Scope()
				normal := graph.VariableConfig{Initializer: initializers.RandomNormal(0, 1)}
				x := graph.Variable(s, "x", sizes, normal)
				fetch := op(s, x, format)
				if name == "gradient" {
					dy := graph.Variable(s, "dy", graph.SpecOf(fetch).Shape, normal)
					fetch = graph.Gradients(s, gorgonia.Nodes{fetch}, gorgonia.Nodes{x}, gorgonia.Nodes{dy})[0]
				}
				step := graph.Group(s, fetch)
				sess, err := graph.NewSession(g, graph.SessionConfig{})
				if err != nil {
					b.Fatal(err)
				}
				defer sess.Close()
				if err := sess.Init(); err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := sess.Run(nil, step); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
