package golden

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// What a file must hold at least, so that a file emptied by a bad regeneration fails here and not by a loop over
// nothing.
var contents = map[string]struct {
	cases int
	ops   string
}{
	"activations":  {74, "ELU GELU LeakyReLU LogSoftmax PReLU RReLU ReLU ReLU6 SELU Sigmoid Softmax Softplus Softsign Swish Tanh"},
	"activations2": {67, "CELU GLU HardSigmoid HardSwish HardTanh LogSigmoid Maxout Mish ReLU6 Sparsemax SwishBeta Threshold"},
	"binary":       {74, "Add Div Maximum Minimum Mul Pow SquaredDifference Sub"},
	"clip":         {17, "ClipByGlobalNorm ClipByNorm ClipByValue"},
	"darknet":      {9, "Detections Network Published"},
	"imagenorms":   {11, "GroupNorm InstanceNorm LRN"},
	"images":       {141, "Affine Brightness Contrast Decode Hue Pad Resize Saturation Standardize"},
	"layers":       {20, "BatchNorm Dense"},
	"layers2":      {22, "BatchRenorm Embedding LayerNorm VirtualBatchNorm"},
	"convolutions": {39, "Conv1D ConvTranspose Convolution"},
	"losses":       {24, "AbsoluteDifference Hinge Huber LogLoss MeanSquaredError SigmoidCrossEntropy SoftmaxCrossEntropy SparseSoftmaxCrossEntropy WeightedCrossEntropy"},
	"math":         {29, "Abs Asin Atan Ceil Cos Erf Exp Expm1 Floor Log Log1p Neg Reciprocal Rsqrt Sign Sin Sqrt Square Where"},
	"math2":        {43, "Acos Acosh Asinh Atan2 Atanh Cos Cosh Erfc FloorDiv FloorMod Round Sin Sinh Tan"},
	"matmul":       {16, "BatchMatMul MatMul"},
	"metrics":      {9, "Classes Regression Scores"},
	"morelosses":   {91, "AbsoluteDifference CategoricalHinge ContrastiveLoss CosineDistance EuclideanDistance Hinge Huber KLDivergence LogCosh LogLoss MarginRanking MultiMargin PairwiseSquaredError PoissonLoss SigmoidFocal SmoothBinaryLabels SmoothLabels SmoothedSparseSoftmaxCrossEntropy SquaredError SquaredHinge TripletLoss TripletSemihardLoss WeightedCrossEntropy WeightedLoss"},
	"optimizers":   {38, "AdaMax Adadelta Adagrad Adam AdamW Ftrl GradientDescent Momentum Nadam RMSProp"},
	"optimizers2":  {30, "AMSGrad AdaMax Adadelta Adagrad AdagradDA AddSign Ftrl Nadam PowerSign ProximalAdagrad ProximalGradientDescent RMSProp"},
	"pooling":      {37, "AdaptiveAvgPool AvgPool MaxPool"},
	"reductions":   {68, "ArgMax Max Mean Min Sum"},
	"regularizers": {42, "L1 L1L2 L2 MinMaxNorm NonNeg OrthogonalRegularizer UnitNorm"},
	"resizing":     {25, "Bilinear Nearest PixelShuffle"},
	"schedules":    {40, "Cosine CosineRestarts Exponential InverseTime Join LinearCosine NaturalExp OneCycle PiecewiseConstant Plateau Polynomial Warmup WarmupCosineRestarts"},
	"shapes":       {95, "BandPart Diag DiagPart Dot Einsum Gather GatherAlong MatMul Outer Pad PadEdge PadReflect PadSymmetric Repeat Reverse ScatterAdd ScatterAlong ScatterAlongAdd ScatterNDUpdate StridedSlice TensorDot Tile"},
	"sequences":    {57, "Cumprod Cumsum SegmentMean SegmentSum Sort TopK"},
	"statistics":   {98, "ArgMin LogSumExp MatrixNorm Norm Prod Std Variance"},
	"training":     {26, "AdaptiveClip Centralize LAMB Lion Lookahead MovingAverage RAdam WeightDecay"},
	"trajectory":   {3, "BNELU"},
	"zooclassic":   {28, "AlexNet LeNet-5 MLP MLP BN ResNeXt-50 32x4d ResNet-101 ResNet-110 ResNet-152 ResNet-18 ResNet-20 ResNet-32 ResNet-34 ResNet-44 ResNet-50 ResNet-56 Stacked autoencoder Tied autoencoder VGG-11 VGG-11 BN VGG-13 VGG-13 BN VGG-16 VGG-16 BN VGG-19 VGG-19 BN Wide ResNet-50-2"},
	"zoocompact":   {22, "DenseNet-121 Inception v3 Inception v3, Torchvision Inception v3, auxiliary MobileNet v1 MobileNet v1, Keras MobileNet v2 MobileNet v2, Torchvision ShuffleNet v2 SqueezeNet 1.0 SqueezeNet 1.0, Keras SqueezeNet 1.1 SqueezeNet 1.1, Keras"},
	"zooports":     {3, "MobileNet v1, Timm ResNet-50, Keras ResNet-50, TFSlim"},
	"zoodetect":    {3, "Tiny-YOLO v2 Tiny-YOLO v2 COCO Tiny-YOLO v3"},
}

func TestFilesLoad(t *testing.T) {
	if got := len(Names()); got != len(contents) {
		t.Errorf("testdata holds %d files %v, this test knows %d", got, Names(), len(contents))
	}
	for name, want := range contents {
		cases, err := Load(name)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if len(cases) != want.cases {
			t.Errorf("%s: %d cases, want %d", name, len(cases), want.cases)
		}
		ops, names := map[string]bool{}, map[string]bool{}
		for _, c := range cases {
			ops[c.Op] = true
			if names[c.Name] {
				t.Errorf("%s: two cases are called %s", name, c.Name)
			}
			names[c.Name] = true
			if c.Name != c.Op && !strings.HasPrefix(c.Name, c.Op+"/") {
				t.Errorf("%s: case %s of op %s", name, c.Name, c.Op)
			}
			if len(c.Outputs) == 0 {
				t.Errorf("%s: %s has no outputs", name, c.Name)
			}
			for k, a := range c.Inputs {
				for i, v := range a.Data {
					if float64(float32(v)) != v && v == v {
						t.Errorf("%s: %s: input %s[%d] = %v is not a float32", name, c.Name, k, i, v)
					}
				}
			}
			// A gradient has the shape of what it belongs to.
			for out, in := range map[string]string{"dx": "x", "da": "a", "db": "b", "dlogits": "logits", "dkernel": "kernel", "dgamma": "gamma", "dalpha": "alpha"} {
				if c.Has(out) && !slices.Equal(c.Out(out).Shape, c.In(in).Shape) {
					t.Errorf("%s: %s: %s has shape %v, %s %v", name, c.Name, out, c.Out(out).Shape, in, c.In(in).Shape)
				}
			}
		}
		if got := strings.Join(keys(ops), " "); got != want.ops {
			t.Errorf("%s: ops %s, want %s", name, got, want.ops)
		}
	}
}

func TestFileSizes(t *testing.T) {
	total := int64(0)
	for _, name := range Names() {
		for _, ext := range []string{".json", ".json.gz"} {
			info, err := os.Stat("testdata/" + name + ext)
			if err != nil {
				continue
			}
			total += info.Size()
			if info.Size() > 100_000 {
				t.Errorf("%s%s is %d bytes, more than 100,000: pack or split it", name, ext, info.Size())
			}
		}
	}
	if total == 0 || total > 1_000_000 {
		t.Errorf("testdata is %d bytes, want 1 to 1,000,000", total)
	}
}

func TestLoadUnknown(t *testing.T) {
	_, err := Load("activation")
	if err == nil || !strings.Contains(err.Error(), "activations") {
		t.Errorf("error %v, want one that lists the files", err)
	}
}

func TestInfinitiesAndNaNLoad(t *testing.T) {
	for _, c := range Cases(t, "activations", "LogSoftmax") {
		if c.Name != "LogSoftmax/INF" {
			continue
		}
		x, y := c.In("x").Data, c.Out("y").Data
		if !math.IsInf(x[0], -1) || !math.IsInf(x[6], 1) || x[12] == x[12] || !math.IsInf(y[0], -1) || y[6] == y[6] {
			t.Errorf("x %v, y %v", x, y)
		}
		return
	}
	t.Error("no case LogSoftmax/INF")
}

// values has the methods of a tensor that Close looks for.
type values struct {
	shape shape
	data  []float32
}
type shape []int

func (v values) Shape() shape { return v.shape }
func (v values) Data() any    { return v.data }

func TestClose(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	vec := func(d ...float64) Array { return Array{Shape: []int{len(d)}, Data: d} }
	for _, c := range []struct {
		name       string
		got        any
		want       Array
		rtol, atol float64
		message    string // part of the error; empty: close
	}{
		{"equal", []float64{1, 2}, vec(1, 2), 0, 0, ""},
		{"relative", []float64{1000.5}, vec(1000), 1e-3, 0, ""},
		{"absolute", []float64{0.5}, vec(0), 0, 1, ""},
		{"NaN equals NaN", []float64{nan, inf, -inf}, vec(nan, inf, -inf), 0, 0, ""},
		{"float32 overflow", []float32{float32(inf)}, vec(1e60), 0, 0, ""},
		{"float32 rounding", []float32{0.1}, vec(0.1), 0, 0, ""},
		{"scalar", float32(2), Array{Data: []float64{2}}, 0, 0, ""},
		{"integers", []int64{3, 4}, vec(3, 4), 0, 0, ""},
		{"tensor", values{shape{1, 2}, []float32{1, 2}}, Array{[]int{1, 2}, []float64{1, 2}}, 0, 0, ""},

		{"worst of several", []float64{1, 1.1, 3}, vec(1, 1, 1), 0, 1e-3, "element [2] (flat 2)"},
		{"count", []float64{1, 1.1, 3}, vec(1, 1, 1), 0, 1e-3, "2 of 3"},
		{"index", []float64{0, 0, 0, 9}, Array{[]int{2, 2}, []float64{0, 0, 0, 0}}, 0, 1e-3, "element [1 1]"},
		{"exact", []float64{1 + 1e-15}, vec(1), 0, 0, "element [0]"},
		{"got NaN", []float64{nan}, vec(1), 1, inf, "got NaN"},
		{"want NaN", []float64{1}, vec(nan), 1, 1, "want NaN"},
		{"sign of infinity", []float64{-inf}, vec(inf), 1, 1, "want +Inf"},
		{"finite for infinite", []float64{1e300}, vec(inf), 1, 1, "want +Inf"},
		{"length", []float64{1}, vec(1, 2), 1, 1, "got 1 elements, want 2"},
		{"empty", []float64{}, vec(1), 1, 1, "got 0 elements"},
		{"shape", values{shape{2}, []float32{1, 2}}, Array{[]int{1, 2}, []float64{1, 2}}, 0, 0, "got shape [2]"},
		{"nil", nil, vec(1), 0, 0, "nil"},
		{"strings", []string{"1"}, vec(1), 0, 0, "[]string"},
	} {
		err := Close(c.got, c.want, c.rtol, c.atol)
		switch {
		case c.message == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.message != "" && (err == nil || !strings.Contains(err.Error(), c.message)):
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.message)
		}
	}
}

func TestRowAndConversions(t *testing.T) {
	a := Array{Shape: []int{2, 3}, Data: []float64{1, 0, 3, 4, 5, 6}}
	if r := a.Row(1); fmt.Sprint(r) != "{[3] [4 5 6]}" {
		t.Errorf("row 1: %v", r)
	}
	if got := fmt.Sprint(a.Float32s(), a.Ints(), a.Int64s(), a.Bools()[:2]); got != "[1 0 3 4 5 6] [1 0 3 4 5 6] [1 0 3 4 5 6] [true false]" {
		t.Error(got)
	}
}
