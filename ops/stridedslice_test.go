package ops_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// pythonSlices reads "1:3, ::-1" into the arguments of StridedSlice.
func pythonSlices(text string) (begin, end, strides []int) {
	for _, axis := range strings.Split(text, ",") {
		parts := append(strings.Split(strings.TrimSpace(axis), ":"), "", "")
		number := func(s string, open int) int {
			if s == "" {
				return open
			}
			n, err := strconv.Atoi(s)
			if err != nil {
				panic(err)
			}
			return n
		}
		begin, end, strides = append(begin, number(parts[0], ops.Open)), append(end, number(parts[1], ops.Open)), append(strides, number(parts[2], 1))
	}
	return begin, end, strides
}

func sliced(text string) func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		begin, end, strides := pythonSlices(text)
		return ops.StridedSlice(s, x, begin, end, strides)
	}
}

func TestStridedSlice(t *testing.T) {
	goldenSplit(t, "StridedSlice", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
		return sliced(strings.TrimPrefix(c.Name, "StridedSlice/"))(s, xs[0])
	})
	for text, want := range map[string][]float64{ // as Python has it
		":": {0, 1, 1, 0, 1}, "1:3": {1, 1}, "::2": {0, 1, 1}, "::-1": {1, 0, 1, 1, 0}, "3:0:-2": {0, 1}, "-2:": {0, 1}, ":-3": {0, 1},
		"7:": {}, ":9": {0, 1, 1, 0, 1}, "-9:2": {0, 1}, "9::-3": {1, 1}, ":-9:-1": {1, 0, 1, 1, 0}, "3:3": {}, "1:3:-1": {}, "3:1": {}, "::7": {0}, "::-9": {1},
	} {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Uint8, tensor.Bool} {
			t.Run(fmt.Sprint(text, dt), func(t *testing.T) {
				wantValues(t, eval(t, dt, single(sliced(text)), at([]int{5}, 0, 1, 1, 0, 1)), []int{len(want)}, want...)
			})
		}
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Square(s, sliced(text)(s, x)) }), wave(1, 0.2, 5))
	}
	for _, text := range []string{"::-1,:,::-1", "1:,::2", ":,:,-1:", "::-1"} {
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Square(s, sliced(text)(s, x)) }), wave(1, 0.2, 2, 3, 2))
	}
	wantValues(t, eval(t, tensor.Float32, single(sliced("::-1,1:")), at([]int{0, 3})), []int{0, 2})
	least := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.StridedSlice(s, x, nil, nil, []int{math.MinInt + 1})
	}
	wantValues(t, eval(t, tensor.Float32, single(least), at([]int{2}, 1, 2)), []int{1}, 2)
	wantBuildError(t, func(s *graph.Scope) { sliced("::0")(s, graph.Placeholder(s, "x", tensor.Float32, 3)) }, "StridedSlice", "stride of axis 0 is 0")
	wantBuildError(t, func(s *graph.Scope) { sliced(":,:")(s, graph.Placeholder(s, "x", tensor.Float32, 3)) }, "StridedSlice", "float32[3]", "2 entries")
}

func TestIndex(t *testing.T) {
	index := func(i, axis int) func(*graph.Scope, *gorgonia.Node) *gorgonia.Node {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Index(s, x, i, axis) }
	}
	x := at([]int{2, 3}, 1, 2, 3, 4, 5, 6)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int32} {
		wantValues(t, eval(t, dt, single(index(1, 0)), x), []int{3}, 4, 5, 6)
		wantValues(t, eval(t, dt, single(index(-1, 1)), x), []int{2}, 3, 6)
		wantValues(t, eval(t, dt, single(index(0, 0)), at([]int{1}, 7)), nil, 7)
	}
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Square(s, ops.Index(s, x, -2, -1)) }), wave(1, 0.2, 2, 3))
	wantBuildError(t, func(s *graph.Scope) { ops.Index(s, graph.Placeholder(s, "x", tensor.Float32, 3), 3, 0) }, "Index", "index 3", "axis 0", "-3 to 2")
	wantBuildError(t, func(s *graph.Scope) { ops.Index(s, graph.Placeholder(s, "x", tensor.Float32, 3), 0, 1) }, "Index", "axis 1 is out of range")
	wantBuildError(t, func(s *graph.Scope) { ops.Index(s, graph.Placeholder(s, "x", tensor.Float32, 0, 2), 0, 0) }, "Index", "axis 0 has no elements")
	wantBuildError(t, func(s *graph.Scope) { ops.Index(s, graph.Placeholder(s, "x", tensor.Float32), 0, 0) }, "Index", "a scalar has no axes")
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	n := input(g.Scope(), feeds, "x", tensor.Float32, x, true)
	wantRunError(t, g, feeds, ops.Index(g.Scope().NameScope("net"), n, -3, 0), "net/Index", "index -3", "axis 0")
}
