package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

type padOp func(s *graph.Scope, x *gorgonia.Node, paddings [][2]int) *gorgonia.Node

func padZero(s *graph.Scope, x *gorgonia.Node, paddings [][2]int) *gorgonia.Node {
	return ops.Pad(s, x, paddings, 0)
}

func (op padOp) by(paddings ...[2]int) func(*graph.Scope, *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return op(s, x, paddings) }
}

var padOps = map[string]padOp{"Pad": padZero, "PadReflect": ops.PadReflect, "PadSymmetric": ops.PadSymmetric, "PadEdge": ops.PadEdge}

func TestPadGolden(t *testing.T) {
	for name, op := range padOps {
		goldenSplit(t, name, func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
			p := func(name string) int { return int(c.Param(name)) }
			paddings := [][2]int{{p("before0"), p("behind0")}, {p("before1"), p("behind1")}}
			if c.Op == "Pad" {
				return ops.Pad(s, xs[0], paddings, c.Param("value"))
			}
			return op(s, xs[0], paddings)
		})
	}
}

func TestPad(t *testing.T) {
	x := at([]int{3}, 1, 0, 1)
	for _, c := range []struct {
		op   padOp
		p    [2]int
		want []float64
	}{
		{padZero, [2]int{1, 2}, []float64{0, 1, 0, 1, 0, 0}},
		{func(s *graph.Scope, x *gorgonia.Node, p [][2]int) *gorgonia.Node { return ops.Pad(s, x, p, 1) }, [2]int{1, 2}, []float64{1, 1, 0, 1, 1, 1}},
		{ops.PadReflect, [2]int{2, 1}, []float64{1, 0, 1, 0, 1, 0}},
		{ops.PadSymmetric, [2]int{3, 1}, []float64{1, 0, 1, 1, 0, 1, 1}},
		{ops.PadEdge, [2]int{2, 5}, []float64{1, 1, 1, 0, 1, 1, 1, 1, 1, 1}},
		{ops.PadEdge, [2]int{}, []float64{1, 0, 1}},
	} {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool} {
			wantValues(t, eval(t, dt, single(c.op.by(c.p)), x), []int{len(c.want)}, c.want...)
		}
	}
	wantValues(t, eval(t, tensor.Float32, single(padOp(padZero).by([2]int{1, 0}, [2]int{})), at([]int{0, 2})), []int{1, 2}, 0, 0)
	wantValues(t, eval(t, tensor.Float32, single(padOp(ops.PadSymmetric).by([2]int{1, 1})), at([]int{1}, 5)), []int{3}, 5, 5, 5)
	wantValues(t, eval(t, tensor.Float32, single(padOp(ops.PadEdge).by([2]int{1, 1}, [2]int{})), at([]int{2, 0})), []int{4, 0})
	wantValues(t, eval(t, tensor.Float32, single(padOp(padZero).by()), at(nil, 5)), nil, 5)
	nan := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Pad(s, x, [][2]int{{0, 1}}, math.NaN())
	}
	wantValues(t, eval(t, tensor.Float32, single(nan), at([]int{1}, math.Inf(1))), []int{2}, math.Inf(1), math.NaN())
}

func TestPadGradients(t *testing.T) {
	for name, op := range padOps {
		for _, p := range [][][2]int{{{1, 0}, {0, 1}}, {{0, 0}, {1, 1}}, {{1, 1}, {2, 1}}} {
			t.Run(fmt.Sprint(name, p), func(t *testing.T) {
				checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
					return ops.Square(s, op(s, x, p))
				}), wave(1, 0.3, 2, 3))
			})
		}
	}
}

func TestPadErrors(t *testing.T) {
	for _, c := range []struct {
		op       padOp
		paddings [][2]int
		path     string
		words    []string
	}{
		{padZero, [][2]int{{1, 1}}, "Pad", []string{"float32[?, 3]", "one pair for each axis"}},
		{padZero, [][2]int{{1, 1}, {-1, 0}}, "Pad", []string{"[-1 0] of axis 1 are negative"}},
		{ops.PadReflect, [][2]int{{1, 1}, {3, 0}}, "MirrorPad", []string{"float32[?, 3]", "axis 1, of size 3", "[3 0]", "reflect"}},
		{ops.PadSymmetric, [][2]int{{1, 1}, {0, 4}}, "MirrorPad", []string{"axis 1, of size 3", "[0 4]", "symmetric"}},
		{ops.PadEdge, [][2]int{{1, 1}}, "MirrorPad", []string{"one pair for each axis"}},
	} {
		wantBuildError(t, func(s *graph.Scope) { c.op(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), c.paddings) }, c.path, c.words...)
	}
	for dtype, value := range map[tensor.Dtype]float64{tensor.Int: 0.5, tensor.Int32: 1 << 31, tensor.Uint8: -1, tensor.Bool: 2, tensor.Int64: math.NaN()} {
		wantBuildError(t, func(s *graph.Scope) { ops.Pad(s, graph.Placeholder(s, "x", dtype, 3), [][2]int{{1, 1}}, value) }, "Pad", "value", dtype.String())
	}
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	x := input(g.Scope(), feeds, "x", tensor.Float32, at([]int{0}), true)
	wantRunError(t, g, feeds, ops.PadEdge(g.Scope().NameScope("net"), x, [][2]int{{1, 0}}), "net/MirrorPad", "axis 0, of size 0")
}
