package ops_test

import (
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// operands are what the ops below work on.
type operands struct{ x, row, column, labels *gorgonia.Node }

// A Run in the steady state allocates nothing, whatever path the kernels take.
func TestKernelsDoNotAllocate(t *testing.T) {
	builds := map[string]func(s *graph.Scope, in operands) *gorgonia.Node{
		"Add":     func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Add(s, in.x, in.x) },
		"Add row": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Add(s, in.x, in.row) },
		"Mul column": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Mul(s, in.x, in.column)
		},
		"Div outer": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Div(s, in.column, in.row)
		},
		"Pow scalar": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Pow(s, in.x, graph.Const(s, 2.0))
		},
		"Neg":  func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Neg(s, in.x) },
		"Less": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Less(s, in.x, in.row) },
		"Where": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Where(s, ops.Less(s, in.x, in.row), in.x, in.column)
		},
		"Cast": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Cast(s, in.x, tensor.Int32)
		},
		"Sum":          func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Sum(s, in.x) },
		"Mean rows":    func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Mean(s, in.x, 1) },
		"Mean columns": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Mean(s, in.x, 0) },
		"Max scattered": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Max(s, ops.Reshape(s, in.x, 20, -1, 10, 30), 0, 2)
		},
		"ArgMax":    func(s *graph.Scope, in operands) *gorgonia.Node { return ops.ArgMax(s, in.x, 1) },
		"Transpose": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Transpose(s, in.x) },
		"Concat": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Concat(s, 1, in.x, in.column)
		},
		"Slice": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Slice(s, in.x, []int{1, 1}, []int{-1, 7})
		},
		"OneHot": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.OneHot(s, in.labels, 10)
		},
		"Gather": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Gather(s, in.x, in.labels, 1) },
		"Gather gradient": func(s *graph.Scope, in operands) *gorgonia.Node {
			return graph.Gradients(s, gorgonia.Nodes{ops.Gather(s, in.x, in.labels, 0)}, gorgonia.Nodes{in.x}, nil)[0]
		},
		"ScatterAdd": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.ScatterAdd(s, in.x, in.labels, ops.Gather(s, in.x, in.labels, 0), 0)
		},
		"StridedSlice": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.StridedSlice(s, in.x, nil, nil, []int{-1, -2})
		},
		"Stack": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Stack(s, 1, in.x, in.x) },
		"Pad":   func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Pad(s, in.x, [][2]int{{1, 1}, {2, 2}}, 1) },
		"MirrorPad and its gradient": func(s *graph.Scope, in operands) *gorgonia.Node {
			return graph.Gradients(s, gorgonia.Nodes{ops.Square(s, ops.PadReflect(s, in.x, [][2]int{{1, 1}, {2, 2}}))}, gorgonia.Nodes{in.x}, nil)[0]
		},
		"Tile and its gradient": func(s *graph.Scope, in operands) *gorgonia.Node {
			return graph.Gradients(s, gorgonia.Nodes{ops.Square(s, ops.Tile(s, in.x, 2, 2))}, gorgonia.Nodes{in.x}, nil)[0]
		},
		"BandPart": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.BandPart(s, in.x, 0, -1) },
		"Diag":     func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Diag(s, in.row) },
		"Dot": func(s *graph.Scope, in operands) *gorgonia.Node {
			x := ops.Reshape(s, in.x, -1)
			return ops.Dot(s, x, x)
		},
		"batched MatMul": func(s *graph.Scope, in operands) *gorgonia.Node {
			x := ops.Reshape(s, in.x, 200, 30, 10)
			return ops.MatMulT(s, x, x, true, false)
		},
		"Einsum": func(s *graph.Scope, in operands) *gorgonia.Node {
			x := ops.Reshape(s, in.x, -1, 30, 10)
			return graph.Gradients(s, gorgonia.Nodes{ops.Einsum(s, "bij,bkj,l->bkil", x, x, in.row)}, gorgonia.Nodes{in.row}, nil)[0]
		},
		"RandomNormal": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.RandomNormal(s, 0, 1, ops.RandomConfig{}, 9000)
		},
		"Bernoulli": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Bernoulli(s, ops.Sigmoid(s, in.row), ops.RandomConfig{}, 200, 300)
		},
		"Categorical": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Categorical(s, in.x, 30, ops.RandomConfig{})
		},
		"RandomGamma": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.RandomGamma(s, ops.Exp(s, in.column), ops.Exp(s, in.row), ops.RandomConfig{})
		},
		"RandomShuffle": func(s *graph.Scope, in operands) *gorgonia.Node {
			return graph.Gradients(s, gorgonia.Nodes{ops.Square(s, ops.RandomShuffle(s, in.x, ops.RandomConfig{}))}, gorgonia.Nodes{in.x}, nil)[0]
		},
		"Assert and CheckNumerics": func(s *graph.Scope, in operands) *gorgonia.Node {
			ok := ops.Assert(s, ops.Less(s, in.row, graph.Const(s, 1e9)), "large", in.x)
			return ops.CheckNumerics(s.After(ok), in.x, "x")
		},
		"activations": func(s *graph.Scope, in operands) *gorgonia.Node {
			var fetches gorgonia.Nodes
			for _, f := range []ops.Activation{ops.ReLU6, ops.CELUWith(2), ops.GELU, ops.GELUTanh, ops.Softsign, ops.SiLU, ops.Mish,
				ops.LogSigmoid, ops.HardSigmoid, ops.HardSwish, ops.HardTanhWith(-1, 1), ops.ThresholdWith(0, 1), ops.Sparsemax} {
				y := f(s, in.x)
				fetches = append(fetches, y, graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{in.x}, nil)[0])
			}
			return graph.Group(s, fetches...)
		},
		"GLU and Maxout": func(s *graph.Scope, in operands) *gorgonia.Node {
			y := ops.Maxout(s, ops.GLU(s, in.x, -1), 50, -1)
			return graph.Group(s, graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{in.x}, nil)...)
		},
		"LayerNorm": func(s *graph.Scope, in operands) *gorgonia.Node {
			y := ops.LayerNorm(s, ops.Mul(s, in.x, in.row), ops.LayerNormConfig{})
			return graph.Group(s, graph.Gradients(s, gorgonia.Nodes{y}, append(s.Graph().Trainable(), in.x), nil)...)
		},
		"Convolution": func(s *graph.Scope, in operands) *gorgonia.Node {
			x := ops.Reshape(s, in.x, 10, 20, 30, 10)
			var fetches gorgonia.Nodes
			for _, groups := range []int{1, 2, 10} {
				kernel := ops.Reshape(s, ops.Slice(s, in.row, []int{0}, []int{9 * 10 / groups}), 3, 3, 10/groups, -1)
				if groups > 1 {
					kernel = ops.Tile(s, kernel, 1, 1, 1, groups)
				}
				y := ops.Convolution(s, x, kernel, ops.ConvolutionConfig{Padding: ops.Same, Groups: groups})
				fetches = append(append(fetches, y), graph.Gradients(s, gorgonia.Nodes{ops.Square(s, y)}, gorgonia.Nodes{in.x, in.row}, nil)...)
			}
			return graph.Group(s, fetches...)
		},
		"BatchNorm with options": func(s *graph.Scope, in operands) *gorgonia.Node {
			y := ops.BatchNorm(s, ops.Mul(s, in.x, in.row), graph.Const(s, true), ops.BatchNormConfig{Renorm: true, VirtualBatchSize: 50})
			grads := graph.Gradients(s, gorgonia.Nodes{y}, append(s.Graph().Trainable(), in.x), nil)
			return graph.Group(s, append(grads, s.Graph().UpdatesOf(y)...)...)
		},
		"Embedding": func(s *graph.Scope, in operands) *gorgonia.Node {
			y := ops.Embedding(s, in.labels, 10, 100, ops.EmbeddingConfig{})
			return graph.Group(s, graph.Gradients(s, gorgonia.Nodes{y}, s.Graph().Trainable(), nil)...)
		},
		"noise": func(s *graph.Scope, in operands) *gorgonia.Node {
			on := graph.Const(s, true)
			y := ops.GaussianDropout(s, ops.GaussianNoise(s, ops.AlphaDropout(s, in.x, .1, on), .1, on), .1, on)
			return graph.Group(s, graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{in.x}, nil)...)
		},
		"Expm1":    func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Expm1(s, in.x) },
		"Erf":      func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Erf(s, in.x) },
		"IsFinite": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.IsFinite(s, in.x) },
		"FloorMod": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Mod(s, in.x, in.row) },
		"FloorDiv of integers": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.FloorDiv(s, ops.Cast(s, in.x, tensor.Int32), graph.Const(s, int32(3)))
		},
		"Prod":              func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Prod(s, in.x) },
		"LogSumExp rows":    func(s *graph.Scope, in operands) *gorgonia.Node { return ops.LogSumExp(s, in.x, 1) },
		"LogSumExp columns": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.LogSumExp(s, in.x, 0) },
		"Variance": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Variance(s, in.x, ops.VarianceConfig{Axes: []int{1}, Correction: 1})
		},
		"Std columns": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Std(s, in.x, ops.VarianceConfig{Axes: []int{0}})
		},
		"Norm":         func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Norm(s, in.x, 2) },
		"Norm columns": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Norm(s, in.x, 3, 0) },
		"Cumsum rows": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Cumsum(s, in.x, 1, ops.CumulativeConfig{})
		},
		"Cumprod columns": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.Cumprod(s, in.x, 0, ops.CumulativeConfig{Reverse: true})
		},
		"TopK": func(s *graph.Scope, in operands) *gorgonia.Node { return topIndices(5)(s, in.x) },
		"Sort": func(s *graph.Scope, in operands) *gorgonia.Node { return ops.Sort(s, in.x, 1, true) },
		"SegmentMean": func(s *graph.Scope, in operands) *gorgonia.Node {
			return ops.SegmentMean(s, ops.Slice(s, in.x, []int{0, 0}, []int{4, -1}), in.labels, 10)
		},
		"gradients of reductions": func(s *graph.Scope, in operands) *gorgonia.Node {
			sorted := ops.Sort(s, in.x, 1, false)
			ys := gorgonia.Nodes{
				ops.Prod(s, ops.Sin(s, in.x), 1), ops.Std(s, in.x, ops.VarianceConfig{Axes: []int{0}, Correction: 1}), ops.Norm(s, in.x, 2, 0),
				ops.LogSumExp(s, in.x, 1), ops.Cumprod(s, in.row, 0, ops.CumulativeConfig{Exclusive: true}), ops.SegmentSum(s, sorted, graph.Const(s, make([]int, 200)), 3),
			}
			return graph.Group(s, graph.Gradients(s, ys, gorgonia.Nodes{in.x, in.row}, nil)...)
		},
		"gradients": func(s *graph.Scope, in operands) *gorgonia.Node {
			y := ops.Mean(s, ops.MaxKeep(s, ops.Mul(s, ops.BiasAdd(s, in.x, in.row), in.column), 1))
			return graph.Group(s, graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{in.x, in.row, in.column}, nil)...)
		},
	}
	for name, build := range builds {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			feeds := graph.Feeds{}
			step := graph.Group(s, build(s, operands{
				x:      input(s, feeds, "x", tensor.Float32, wave(1, 2, 200, 300), true),
				row:    input(s, feeds, "row", tensor.Float32, wave(1, 2, 300), false),
				column: input(s, feeds, "column", tensor.Float32, wave(1, 2, 200, 1), false),
				labels: input(s, feeds, "labels", tensor.Int64, at([]int{4}, 1, 9, 0, 3), true),
			}))
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			if err := sess.Init(); err != nil {
				t.Fatal(err)
			}
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
			runs := 20
			if raceDetector {
				runs = 1 // which shares out the work as any other; nothing is counted
			}
			if n := testing.AllocsPerRun(runs, func() {
				if _, err := sess.Run(feeds, step); err != nil {
					t.Fatal(err)
				}
			}); n > 0 && !raceDetector {
				t.Errorf("a Run allocates %v times", n)
			}
		})
	}
}
