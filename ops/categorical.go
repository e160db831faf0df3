package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
)

// Categorical draws n class numbers for each row of logits, independently and
// with replacement, class k with probability softmax(logits)[k], anew in each
// Run as RandomUniform is: [..., classes] -> [..., n].
//
// Logits are float32 or float64, not normalised (the logarithms of
// probabilities, or of counts); -Inf excludes a class. A row with NaN or +Inf, or
// of nothing but -Inf, is an error of the Run. The result is int64;
// RandomConfig.Dtype may ask for int or int32. Each number comes from one uniform
// number by the row's cumulative probabilities, which are added up in float64.
// A draw has no gradient.
//
// TF: tf.multinomial. PyTorch: torch.multinomial. Dtypes: float. Gradient: no.
func Categorical(s *graph.Scope, logits *gorgonia.Node, n int, cfg RandomConfig) *gorgonia.Node {
	if n < 1 {
		return s.Failf("Multinomial", gorgonia.Nodes{logits}, "n is %d; want the number of draws from each row, 1 or more", n)
	}
	if cfg.Dtype.Type == nil {
		cfg.Dtype = tensor.Int64
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "Multinomial",
		Attrs: map[string]interface{}{"n": n},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: cfg.Dtype}
			if !out.IsInt() {
				return graph.Spec{Dtype: tensor.Int64}, errors.Errorf("dtype %v is not supported; want int, int32 or int64", cfg.Dtype)
			}
			x, err := inferLastAxis(in)
			if err != nil {
				return out, err
			}
			last := x.Rank() - 1
			if x.Shape[last] == 0 {
				return out, errors.Errorf("the logits are %v; want one class or more", x)
			}
			out.Shape = append(x.Shape[:last].Clone(), n)
			return out, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			cumulative := b.Scratch(tensor.Float64, sizeOf(b.In[0].Shape))
			key, sums := cfg.key(b), softmaxSums[float32](b.In[0], cumulative)
			if b.In[0].Dtype == tensor.Float64 {
				sums = softmaxSums[float64](b.In[0], cumulative)
			}
			return byLabel(b.Out.Dtype, categorical[int](b, key, cumulative, sums),
				categorical[int32](b, key, cumulative, sums), categorical[int64](b, key, cumulative, sums)), nil
		},
		Draws:             true,
		NotDifferentiable: true,
	}, logits)
}

// softmaxSums returns a loop over rows of logits that leaves the sums of exp(x) less
// the row's maximum, up to each class, in scratch; the last is NaN or 0 where the
// row is none.
func softmaxSums[T float](logits graph.Spec, scratch int) func(c *graph.Call, lo, hi int) {
	_, classes, _ := rowsOf(logits)
	return func(c *graph.Call, lo, hi int) {
		x, sums := elements[T](c.In[0]), c.Scratch[scratch].Float64s()
		for r := lo * classes; r < hi*classes; r += classes {
			most := math.Inf(-1)
			for _, v := range x[r : r+classes] {
				most = max(most, float64(v))
			}
			sum := 0.0
			for k, v := range x[r : r+classes] {
				sum += math.Exp(float64(v) - most)
				sums[r+k] = sum
			}
		}
	}
}

// categorical draws from cumulative sums.
func categorical[L label](b *graph.Binding, key [2]uint32, scratch int, sums func(c *graph.Call, lo, hi int)) graph.Kernel {
	rows, classes, rowGrain := rowsOf(b.In[0])
	n := b.Out.Shape[b.Out.Rank()-1]
	body := func(c *graph.Call, lo, hi int) {
		st := philox.New(key, c.Draw)
		out, sums := elements[L](c.Out), c.Scratch[scratch].Float64s()
		for i := lo; i < hi; i++ {
			row := sums[i/n*classes:][:classes]
			total := row[classes-1]
			// The product may round up to the total, which belongs to no class.
			at := min(uniformAt(st, i)*total, math.Nextafter(total, 0))
			out[i] = L(firstAbove(row, at))
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, sums)
		for r, cumulative := 0, c.Scratch[scratch].Float64s(); r < rows; r++ {
			if total := cumulative[r*classes+classes-1]; !(total > 0) {
				return errors.Errorf("row %d of the logits holds NaN or +Inf, or nothing but -Inf; want numbers, or -Inf for classes to leave out", r)
			}
		}
		c.Split(c.Out.Size(), randomGrain, body)
		return nil
	}
}

// firstAbove returns the first index whose element is above x, in ascending
// elements of which the last is.
func firstAbove(sums []float64, x float64) int {
	lo, hi := 0, len(sums)-1
	for lo < hi {
		if mid := (lo + hi) / 2; sums[mid] > x {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}
