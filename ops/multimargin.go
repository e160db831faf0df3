package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// MultiMarginConfig configures MultiMargin.
type MultiMarginConfig struct {
	Margin  float64 // how far the right class must lead; default 1
	Squared bool    // squares the violations (torch's p=2)
}

// MultiMargin is the hinge loss for several classes of Weston and Watkins (1999),
// for each example: with y the label,
//
//	sum over i != y of max(0, margin - logits[y] + logits[i]) / classes
//
// each term squared with Config.Squared. Unlike a cross-entropy it stops once every
// wrong class trails by the margin, which keeps a model trained on few labels from
// growing without end.
//
// labels [batch], int, int32 or int64, and logits [batch, classes], float32 or
// float64, give [batch]; further leading axes are allowed in both. A label outside
// [0, classes) is an error of the Run that names the row. WeightedLoss reduces it.
// torch's F.multi_margin_loss with reduction "none".
//
// The gradient of each violated term is grad/classes for the wrong class and its
// negative for the right one (times twice the violation when squared).
//
// TF: none. PyTorch: torch.nn.functional.multi_margin_loss. Dtypes: float. Gradient: yes.
func MultiMargin(s *graph.Scope, labels, logits *gorgonia.Node, cfg MultiMarginConfig) *gorgonia.Node {
	const name = "MultiMargin"
	if cfg.Margin == 0 {
		cfg.Margin = 1
	}
	if !(cfg.Margin > 0) || math.IsInf(cfg.Margin, 0) {
		return s.Failf(name, gorgonia.Nodes{logits}, "Margin is %v; want a positive number, or 0 for 1", cfg.Margin)
	}
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: map[string]interface{}{"margin": cfg.Margin, "squared": cfg.Squared},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			batch, err := checkLabels(in[0], in[1])
			return graph.Spec{Dtype: in[1].Dtype, Shape: batch}, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, multiMargin[float32](b, cfg), multiMargin[float64](b, cfg))
		},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			labels, x := in[0], in[1]
			zero := graph.ConstOf(s, x.Dtype(), 0.0)
			right := labelMask(s, labels, x)
			own := SumKeep(s, Where(s, right, x, zero), -1)
			violations := Where(s, right, zero, ReLU(s, AddScalar(s, Sub(s, x, own), cfg.Margin)))
			if cfg.Squared {
				violations = Square(s, violations)
			}
			return only(Mean(s, violations, -1))
		},
	}, labels, logits)
}

func multiMargin[T float](b *graph.Binding, cfg MultiMarginConfig) graph.Kernel {
	return byLabel(b.In[0].Dtype, multiMarginOf[T, int](b, cfg), multiMarginOf[T, int32](b, cfg), multiMarginOf[T, int64](b, cfg))
}

func multiMarginOf[T float, L label](b *graph.Binding, cfg MultiMarginConfig) graph.Kernel {
	classes, rows := b.In[1].Shape[b.In[1].Rank()-1], sizeOf(b.Out.Shape)
	body := func(c *graph.Call, lo, hi int) {
		labels, logits, loss := elements[L](c.In[0]), elements[T](c.In[1]), elements[T](c.Out)
		for r := lo; r < hi; r++ {
			x, y := logits[r*classes:(r+1)*classes], int(labels[r])
			own, sum := cfg.Margin-float64(x[y]), 0.0
			for i, v := range x {
				d := max(0, own+float64(v))
				if cfg.Squared {
					d *= d
				}
				if i != y {
					sum += d
				}
			}
			loss[r] = T(sum / float64(classes))
		}
	}
	rowGrain := max(1, grain/max(1, classes))
	return func(c *graph.Call) error {
		if err := checkClasses(b.In[0].Shape, elements[L](c.In[0]), classes); err != nil {
			return err
		}
		c.Split(rows, rowGrain, body)
		return nil
	}
}
