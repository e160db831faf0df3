package ops_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

var update = flag.Bool("update", false, "write README.md from the doc comments")

// families groups the files of the table; a file that is named here holds the
// ops of one family only.
var families = []struct{ title, files string }{
	{"Math", `abs acos add addscalar asin atan atan2 cast ceil compare cos cosh cumprod cumsum div dot einsum erf exp expm1
		floor floordiv inversehyperbolic isfinite log log1p logic matmul minmax mod mul mulnonan neg outer pow reciprocal
		round rsqrt scale sign sin sinh sqrt square squareddifference sub tan tensordot where`},
	{"Reductions and order", `all any argmax argmin globalnorm logsumexp maxreduce mean minreduce norm prod segment sort sum sumto
		topk variance`},
	{"Shapes and parts", `bandpart broadcastlike broadcastto concat diag expanddims eye fill flatten gather gatheralong gathernd meshgrid
		onehot pad padmirror range repeat reshape reshapelike reverse scatteradd scatteralong scatternd shape slice slicelike split squeeze
		stack stridedslice tile transpose unstack`},
	{"Random", `bernoulli categorical gamma random shuffle truncatednormal`},
	{"Activations", `celu elu gelu glu hardsigmoid hardswish hardtanh leakyrelu logsigmoid maxout mish prelu relu relu6 rrelu
		selu sigmoid silu softmax softplus softsign sparsemax tanh threshold`},
	{"Layers", `alphadropout batchnorm batchnorm_functions biasadd dense dropout embedding gaussiannoise layernorm`},
	{"Images", `adaptiveavgpool2d avgpool2d depthtospace globalpool groupnorm instancenorm lrn maxpool2d pool1d resize upsample`},
	{"Convolutions", `conv1d conv2d convolution convtranspose2d depthwiseconv2d separableconv2d`},
	{"Losses", `absolutedifference categoricalhinge contrastiveloss cosinedistance euclideandistance focal hinge huber
		kldivergence labelsmoothing logcosh logloss marginranking meansquarederror multimargin npairloss pairwisesquarederror poissonloss
		sigmoidcrossentropy softmaxcrossentropy sparsesoftmaxcrossentropy squarederror squaredhinge tripletloss
		triplethardloss tripletsemihardloss weightedloss weightedsigmoidcrossentropy`},
	{"Metrics", `accuracy auc confusionmatrix f1 intopk precision r2 recall topkaccuracy`},
	{"Clipping", `clipbyglobalnorm clipbynorm clipbyvalue`},
	{"Control", `assert checknumerics cond customgradient preventgradient print`},
}

// entry is a row of the table: what an op's doc comment says at its end.
type entry struct {
	name, file, tf, torch, dtypes, gradient string
	single                                  bool // func(s, x) *gorgonia.Node
}

// trailer is the last line of the doc comment of an op.
var trailer = regexp.MustCompile(`^TF: (\S.*)\. PyTorch: (\S.*)\. Dtypes: (float|number|int|bool|any)\. Gradient: (yes|no)\.$`)

// declaredOps reads the ops from the sources of the package: the exported
// functions that take a scope first and return nodes.
func declaredOps(t *testing.T) []entry {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var entries []entry
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !isOp(f) {
				continue
			}
			lines := strings.Split(strings.TrimSpace(f.Doc.Text()), "\n")
			m := trailer.FindStringSubmatch(lines[len(lines)-1])
			if m == nil {
				t.Errorf("%s: the doc comment of %s ends with %q; want a last line such as\n"+
					"// TF: tf.nn.elu. PyTorch: torch.nn.functional.elu. Dtypes: float. Gradient: yes.", file, f.Name.Name, lines[len(lines)-1])
				continue
			}
			entries = append(entries, entry{f.Name.Name, file, m[1], m[2], m[3], m[4], isSingle(f)})
		}
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].name < entries[j].name })
	return entries
}

// isOp tells whether f takes a *graph.Scope first and returns nodes only.
func isOp(f *ast.FuncDecl) bool {
	if f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil || len(f.Type.Params.List) == 0 {
		return false
	}
	for _, r := range f.Type.Results.List {
		if kind := typeName(r.Type); kind != "*gorgonia.Node" && kind != "gorgonia.Nodes" {
			return false
		}
	}
	return typeName(f.Type.Params.List[0].Type) == "*graph.Scope"
}

// isSingle tells whether an op takes one node and gives one.
func isSingle(f *ast.FuncDecl) bool {
	p, r := f.Type.Params.List, f.Type.Results.List
	return len(p) == 2 && len(p[1].Names) == 1 && typeName(p[1].Type) == "*gorgonia.Node" &&
		len(r) == 1 && len(r[0].Names) < 2 && typeName(r[0].Type) == "*gorgonia.Node"
}

// typeName writes a type of the form *p.T or p.T.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return "*" + typeName(e.X)
	case *ast.SelectorExpr:
		return typeName(e.X) + "." + e.Sel.Name
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// README.md is what the doc comments say; go test ./ops -run TestTable -update
// writes it.
func TestTable(t *testing.T) {
	entries := declaredOps(t)
	byFile := map[string][]entry{}
	for _, e := range entries {
		byFile[strings.TrimSuffix(e.file, ".go")] = append(byFile[strings.TrimSuffix(e.file, ".go")], e)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# The op set\n\n"+
		"%d ops in %d families. Each takes a `*graph.Scope` first; its doc comment gives the formula, shapes, gradient and errors.\n"+
		"This page is made of the last lines of those comments by `go test ./ops -run TestTable -update`, and a test keeps it true.\n\n"+
		"Dtypes: **float** is float32 and float64; **number** those and int, int32 and int64 (often uint8 too); **int** int, int32 and\n"+
		"int64; **bool** bool; **any** all of these. For ops of several inputs it is that of the values, beside which indices, labels and\n"+
		"conditions have dtypes of their own. Every differentiable op is so for float32 and float64.\n\n"+
		"Package [graph](../graph/) has Const, Identity, StopGradient, ZerosLike, OnesLike, Group, Assign and its kin, Read and Merge.\n", len(entries), len(families))
	for _, family := range families {
		fmt.Fprintf(&b, "\n## %s\n| op | TensorFlow | PyTorch | differentiable | dtypes | file |\n|---|---|---|---|---|---|\n", family.title)
		var rows []entry
		for _, file := range strings.Fields(family.files) {
			if len(byFile[file]) == 0 {
				t.Errorf("family %s names the file %s.go, which holds no op or is named twice", family.title, file)
			}
			rows = append(rows, byFile[file]...)
			delete(byFile, file)
		}
		sort.Slice(rows, func(i, j int) bool { return rows[i].name < rows[j].name })
		for _, e := range rows {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | [%s](%s) |\n", e.name, e.tf, e.torch, e.gradient, e.dtypes, e.file, e.file)
		}
	}
	for file := range byFile {
		t.Errorf("%s.go belongs to no family: enter it in families, above", file)
	}
	if t.Failed() {
		return
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("README.md")
	if err != nil || string(have) != b.String() {
		t.Errorf("README.md is not what the doc comments say (%v): run go test ./ops -run TestTable -update", err)
	}
}

// claimed are ops in a form that takes one input, to hold the table's claims
// against. Every op of the signature func(s, x) must be among them.
var claimed = map[string]func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node{
	"Abs": ops.Abs, "Acos": ops.Acos, "Acosh": ops.Acosh, "AddLoss": ops.AddLoss, "Asin": ops.Asin, "Asinh": ops.Asinh,
	"Atan": ops.Atan, "Atanh": ops.Atanh, "Ceil": ops.Ceil, "Cos": ops.Cos, "Cosh": ops.Cosh, "Diag": ops.Diag,
	"DiagPart": ops.DiagPart, "Erf": ops.Erf, "Erfc": ops.Erfc, "Exp": ops.Exp, "Expm1": ops.Expm1, "Flatten": ops.Flatten,
	"Floor": ops.Floor, "GELU": ops.GELU, "GELUTanh": ops.GELUTanh, "HardSigmoid": ops.HardSigmoid, "HardSwish": ops.HardSwish,
	"IsFinite": ops.IsFinite, "IsInf": ops.IsInf, "IsNaN": ops.IsNaN, "Log": ops.Log, "Log1p": ops.Log1p,
	"LogicalNot": ops.LogicalNot, "LogSigmoid": ops.LogSigmoid, "LogSoftmax": ops.LogSoftmax, "Mish": ops.Mish, "Neg": ops.Neg,
	"Reciprocal": ops.Reciprocal, "ReLU": ops.ReLU, "ReLU6": ops.ReLU6, "Round": ops.Round, "Rsqrt": ops.Rsqrt, "SELU": ops.SELU,
	"Shape": ops.Shape, "Sigmoid": ops.Sigmoid, "Sign": ops.Sign, "SiLU": ops.SiLU, "Sin": ops.Sin, "Sinh": ops.Sinh,
	"Size": ops.Size, "Softmax": ops.Softmax, "Softplus": ops.Softplus, "Softsign": ops.Softsign, "Sparsemax": ops.Sparsemax,
	"Sqrt": ops.Sqrt, "Square": ops.Square, "Tan": ops.Tan, "Tanh": ops.Tanh,

	"All": axes(ops.All), "AllKeep": axes(ops.AllKeep), "Any": axes(ops.Any), "AnyKeep": axes(ops.AnyKeep),
	"LogSumExp": axes(ops.LogSumExp), "LogSumExpKeep": axes(ops.LogSumExpKeep), "Max": axes(ops.Max), "MaxKeep": axes(ops.MaxKeep),
	"Mean": axes(ops.Mean), "MeanKeep": axes(ops.MeanKeep), "Min": axes(ops.Min), "MinKeep": axes(ops.MinKeep),
	"Prod": axes(ops.Prod), "ProdKeep": axes(ops.ProdKeep), "Sum": axes(ops.Sum), "SumKeep": axes(ops.SumKeep),
	"Reverse": axes(ops.Reverse), "Transpose": axes(ops.Transpose), "ArgMax": axis(ops.ArgMax), "ArgMin": axis(ops.ArgMin),
	"ExpandDims": axis(ops.ExpandDims), "GLU": axis(ops.GLU),

	"Add": twice(ops.Add), "Atan2": twice(ops.Atan2), "Div": twice(ops.Div), "Equal": twice(ops.Equal), "FloorDiv": twice(ops.FloorDiv),
	"Greater": twice(ops.Greater), "GreaterEqual": twice(ops.GreaterEqual), "Less": twice(ops.Less), "LessEqual": twice(ops.LessEqual),
	"LogicalAnd": twice(ops.LogicalAnd), "LogicalOr": twice(ops.LogicalOr), "LogicalXor": twice(ops.LogicalXor),
	"MatMul": twice(ops.MatMul), "Maximum": twice(ops.Maximum), "Minimum": twice(ops.Minimum), "Mod": twice(ops.Mod),
	"Mul": twice(ops.Mul), "MulNoNan": twice(ops.MulNoNan), "NotEqual": twice(ops.NotEqual), "Pow": twice(ops.Pow),
	"SquaredDifference": twice(ops.SquaredDifference), "Sub": twice(ops.Sub),
	"BroadcastLike": twice(ops.BroadcastLike), "ReshapeLike": twice(ops.ReshapeLike), "SumTo": twice(ops.SumTo),
	"AbsoluteDifference": twice(ops.AbsoluteDifference), "CategoricalHinge": twice(ops.CategoricalHinge), "Hinge": twice(ops.Hinge),
	"LogCosh": twice(ops.LogCosh), "MeanSquaredError": twice(ops.MeanSquaredError), "SquaredError": twice(ops.SquaredError),
	"SquaredHinge": twice(ops.SquaredHinge), "SigmoidCrossEntropy": twice(ops.SigmoidCrossEntropy),
	"SoftmaxCrossEntropy": twice(ops.SoftmaxCrossEntropy),

	"AddScalar": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.AddScalar(s, x, 2) },
	"BandPart":  func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.BandPart(s, x, 1, 1) },
	"Bernoulli": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Bernoulli(s, x, ops.RandomConfig{}) },
	"BroadcastTo": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.BroadcastTo(s, x, 2, 4, 4)
	},
	"Categorical": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Categorical(s, x, 2, ops.RandomConfig{})
	},
	"CELU":          func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.CELU(s, x, 1) },
	"CheckNumerics": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.CheckNumerics(s, x, "") },
	"ClipByNorm":    func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ClipByNorm(s, x, 1) },
	"ClipByValue":   func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ClipByValue(s, x, 0, 1) },
	"Concat":        func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Concat(s, 0, x, x) },
	"Cumprod": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Cumprod(s, x, 0, ops.CumulativeConfig{})
	},
	"Cumsum": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Cumsum(s, x, 0, ops.CumulativeConfig{})
	},
	"CustomGradient": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.CustomGradient(s, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return xs[0] },
			func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes {
				return gorgonia.Nodes{dy}
			}, x)
	},
	"Dropout": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Dropout(s, x, 0.5, graph.Const(s, true))
	},
	"ELU": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ELU(s, x, 1) },
	"Gather": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Gather(s, x, graph.Const(s, []int{1, 0}), 0)
	},
	"GatherAlong": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.GatherAlong(s, x, graph.Const(s, at([]int{1, 3}, 1, 0, 1).feed(tensor.Int)), 0)
	},
	"GlobalNorm": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.GlobalNorm(s, gorgonia.Nodes{x}) },
	"HardTanh":   func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.HardTanh(s, x, -1, 1) },
	"LeakyReLU":  func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.LeakyReLU(s, x, 0.1) },
	"OneHot":     func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.OneHot(s, x, 3) },
	"Pad": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Pad(s, x, [][2]int{{1, 1}, {0, 2}}, 0)
	},
	"Print": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Print(s, x, ops.PrintConfig{Out: &strings.Builder{}})
	},
	"RandomGamma": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.RandomGamma(s, x, x, ops.RandomConfig{})
	},
	"RandomShuffle": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.RandomShuffle(s, x, ops.RandomConfig{})
	},
	"Repeat":  func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Repeat(s, x, 2, 0) },
	"Reshape": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Reshape(s, x, 2, 8) },
	"Scale":   func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Scale(s, x, 2) },
	"Slice": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Slice(s, x, []int{1, 1}, []int{2, 2})
	},
	"Sort":      func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Sort(s, x, 0, false) },
	"ArgSort":   func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ArgSort(s, x, 0, false) },
	"Squeeze":   func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Squeeze(s, ops.ExpandDims(s, x, 0)) },
	"Stack":     func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Stack(s, 0, x, x) },
	"Threshold": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Threshold(s, x, 1, 0) },
	"Tile":      func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Tile(s, x, 2, 1) },
	"Where": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Where(s, graph.Const(s, true), x, x)
	},
}

func axes(f func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node) func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return f(s, x, 1, 0) }
}

func axis(f func(s *graph.Scope, x *gorgonia.Node, axis int) *gorgonia.Node) func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return f(s, x, -1) }
}

func twice(f func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node) func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return f(s, x, x) }
}

// What the table claims holds: each op runs for the dtypes it names and refuses
// others, and has a gradient or none as it says.
func TestTableClaims(t *testing.T) {
	accepted := map[string][]tensor.Dtype{
		"float":  {tensor.Float32, tensor.Float64},
		"number": {tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64},
		"int":    {tensor.Int, tensor.Int32, tensor.Int64},
		"bool":   {tensor.Bool},
		"any":    {tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Bool, tensor.Uint8},
	}
	seen := map[string]bool{}
	for _, e := range declaredOps(t) {
		build := claimed[e.name]
		if build == nil {
			if e.single {
				t.Errorf("%s takes one input and is not in the table claimed", e.name)
			}
			continue
		}
		seen[e.name] = true
		t.Run(e.name, func(t *testing.T) {
			takes := map[tensor.Dtype]bool{}
			for _, dt := range accepted[e.dtypes] {
				takes[dt] = true
			}
			for _, dt := range accepted["any"] {
				g := graph.New(graph.Config{Dtype: floatOr32(dt)})
				feeds := graph.Feeds{}
				ones := values{shape: []int{4, 4}, data: make([]float64, 16)}
				for i := range ones.data {
					ones.data[i] = 1
				}
				x := input(g.Scope(), feeds, "x", dt, ones, false)
				y := build(g.Scope(), x)
				switch {
				case takes[dt] && g.Err() != nil:
					t.Errorf("%v: %v", dt, g.Err())
					continue
				case !takes[dt]:
					if g.Err() == nil && !(e.dtypes == "number" && dt == tensor.Uint8) {
						t.Errorf("takes %v; the table says %s", dt, e.dtypes)
					}
					continue
				}
				if _, err := tryRun(t, g, feeds, y); err != nil {
					t.Errorf("%v: %v", dt, err)
				}
				if dt != tensor.Float32 && dt != tensor.Float64 {
					continue
				}
				differentiable := false
				if graph.SpecOf(y).IsFloat() {
					dx := graph.Gradients(g.Scope(), gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
					differentiable = dx != nil
				}
				if g.Err() != nil || differentiable != (e.gradient == "yes") {
					t.Errorf("%v: has a gradient: %v; the table says %s (%v)", dt, differentiable, e.gradient, g.Err())
				}
			}
		})
	}
	for name := range claimed {
		if !seen[name] {
			t.Errorf("there is no op %s", name)
		}
	}
}
