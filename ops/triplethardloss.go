package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// TripletHardConfig configures TripletHardLoss.
type TripletHardConfig struct {
	Margin float64 // by which the nearest negative must be farther than the farthest positive; default 1, the paper's best is 0.2
	// Soft replaces max(0, Margin + v) by the softplus ln(1 + exp(v)), which never stops pulling; Margin must be 0 then.
	Soft bool
	// Squared compares squared distances. The paper advises against it: with them embeddings collapse more easily.
	Squared bool
}

// TripletHardLoss is the "batch hard" triplet loss of Hermans, Beyer and Leibe, "In defense of the triplet loss for person
// re-identification" (2017), over a batch of embeddings with class numbers. Every example is an anchor once; its positive is the
// farthest example of its class, its negative the nearest of another one:
//
//	mean over anchors of max(0, margin + max over positives of D(anchor, positive) - min over negatives of D(anchor, negative))
//
// with D the Euclidean distance. labels [batch], int, int32 or int64, and embeddings [batch, n], float32 or float64, give a scalar.
// It wants batches of several examples of several classes, such as pairs.Classes of package transfer/pairs makes. An anchor without a
// positive or without a negative does not count, and a batch of none but such gives 0; tfa.losses.TripletHardLoss counts them, with
// a distance of 0. Otherwise it is the same. TripletSemihardLoss is the milder choice where training collapses to one point, at which
// this loss is the margin.
//
// The gradient is that of the formula for the examples that were chosen, the first among equal ones, and 0 for a distance that is 0.
//
// TF: tfa.losses.triplet_hard_loss. PyTorch: none. Dtypes: float. Gradient: yes.
func TripletHardLoss(s *graph.Scope, labels, embeddings *gorgonia.Node, cfg TripletHardConfig) *gorgonia.Node {
	const name = "TripletHardLoss"
	if cfg.Margin == 0 && !cfg.Soft {
		cfg.Margin = 1
	}
	switch {
	case !(cfg.Margin >= 0) || math.IsInf(cfg.Margin, 0):
		return s.Fail(name, gorgonia.Nodes{embeddings}, scalarOf(embeddings), errors.Errorf("Margin is %v; want a positive number, or 0 for 1", cfg.Margin))
	case cfg.Soft && cfg.Margin != 0:
		return s.Fail(name, gorgonia.Nodes{embeddings}, scalarOf(embeddings), errors.Errorf("Margin is %v, but Soft has no margin; want one of the two", cfg.Margin))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope(name)
		d := squaredDistances(s, embeddings)
		if graph.IsBad(d) {
			return Sum(s, d)
		}
		same := sameClass(s, name, labels, d)
		dtype := d.Dtype()
		// An anchor is among its own positives: it is at distance 0, so it is chosen only where all others are at 0 too.
		farthest := ArgMax(s, Where(s, same, d, graph.ConstOf(s, dtype, -1.0)), 1)
		nearest := ArgMin(s, Where(s, same, graph.ConstOf(s, dtype, math.Inf(1)), d), 1)
		positive := GatherAlong(s, d, ExpandDims(s, farthest, 1), 1)
		negative := GatherAlong(s, d, ExpandDims(s, nearest, 1), 1)
		if !cfg.Squared {
			positive, negative = rootOfDistance(s, positive), rootOfDistance(s, negative)
		}
		loss := Sub(s, positive, negative)
		if cfg.Soft {
			loss = Softplus(s, loss)
		} else {
			loss = ReLU(s, AddScalar(s, loss, cfg.Margin))
		}
		ofClass := SumKeep(s, Cast(s, same, dtype), 1)
		hasPositive := Greater(s, ofClass, graph.ConstOf(s, dtype, 1.0))
		counts := LogicalAnd(s, hasPositive, AnyKeep(s, LogicalNot(s, same), 1))
		return WeightedLoss(s, loss, Cast(s, counts, dtype), ReductionSumByNonzeroWeights)
	})
}

// sameClass tells which of the examples of a batch, of which d [batch, ...] is float, have one class: labels [batch] -> bool [batch, batch].
func sameClass(s *graph.Scope, name string, labels, d *gorgonia.Node) *gorgonia.Node {
	unknown := graph.Spec{Dtype: tensor.Bool, Shape: tensor.Shape{graph.Unknown, graph.Unknown}}
	if labels == nil {
		return s.Fail(name, gorgonia.Nodes{d}, unknown, errors.New("the labels are nil"))
	}
	if !graph.IsBad(labels) && !graph.IsBad(d) {
		if err := checkSemihard(graph.SpecOf(labels), graph.SpecOf(d)); err != nil {
			return s.Fail(name, gorgonia.Nodes{labels, d}, unknown, err)
		}
	}
	return Equal(s, ExpandDims(s, labels, 1), ExpandDims(s, labels, 0))
}

// rootOfDistance is the root of squared distances, with gradient 0 at 0, where there is no direction to go in.
func rootOfDistance(s *graph.Scope, squared *gorgonia.Node) *gorgonia.Node {
	zero, one := graph.ConstOf(s, squared.Dtype(), 0.0), graph.ConstOf(s, squared.Dtype(), 1.0)
	same := Equal(s, squared, zero)
	return Where(s, same, zero, Sqrt(s, Where(s, same, one, squared)))
}

// scalarOf is the Spec of a loss of x.
func scalarOf(x *gorgonia.Node) graph.Spec {
	return graph.Spec{Dtype: graph.SpecOf(x).Dtype, Shape: tensor.Shape{}}
}
