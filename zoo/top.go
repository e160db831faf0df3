package zoo

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Guess is a class that a classifier sees in a picture.
type Guess struct {
	Class       int
	Label       string // "class 7" where no name is known
	Probability float64
}

// String is as in "Samoyed 0.91".
func (g Guess) String() string { return fmt.Sprintf("%s %.4f", g.Label, g.Probability) }

// Top returns the k classes of the highest probabilities, the softmax of the logits, for each picture of a batch: logits are [batch,
// classes] of float32 or float64, the Output of the network with the classifier that was published, or probabilities where the entry says so. k may be larger than the number of
// classes. NaN among the logits is an error.
func (p Pretrained) Top(logits tensor.Tensor, k int) ([][]Guess, error) {
	if logits == nil || len(logits.Shape()) != 2 {
		return nil, errors.Errorf("zoo: %s: want logits of shape [batch, classes], came %v", p.Name, shapeOf(logits))
	}
	batch, classes := logits.Shape()[0], logits.Shape()[1]
	switch {
	case k < 1:
		return nil, errors.Errorf("zoo: %s: k is %d; want 1 or more", p.Name, k)
	case len(p.Labels) > 0 && classes != len(p.Labels):
		return nil, errors.Errorf("zoo: %s: the logits are of %d classes; want the %d of the published classifier", p.Name, classes, len(p.Labels))
	}
	var values []float64
	switch data := logits.Data().(type) {
	case []float64:
		values = data
	case []float32:
		for _, v := range data {
			values = append(values, float64(v))
		}
	default:
		return nil, errors.Errorf("zoo: %s: the logits are %v; want float32 or float64", p.Name, logits.Dtype())
	}
	if len(values) != batch*classes {
		return nil, errors.Errorf("zoo: %s: the logits are a view; want a whole tensor, such as its Materialize gives", p.Name)
	}
	all := make([][]Guess, batch)
	for i := range all {
		guesses, err := p.guesses(values[i*classes : (i+1)*classes])
		if err != nil {
			return nil, errors.Wrapf(err, "zoo: %s: picture %d", p.Name, i)
		}
		all[i] = guesses[:min(k, classes)]
	}
	return all, nil
}

// guesses returns all classes, the most probable first.
func (p Pretrained) guesses(logits []float64) ([]Guess, error) {
	top := math.Inf(-1)
	for _, v := range logits {
		if math.IsNaN(v) || math.IsInf(v, 1) {
			return nil, errors.Errorf("a logit is %v", v)
		}
		top = max(top, v)
	}
	sum := 0.0
	guesses := make([]Guess, len(logits))
	for i, v := range logits {
		guesses[i] = Guess{Class: i, Label: p.label(i), Probability: math.Exp(v - top)}
		sum += guesses[i].Probability
	}
	for i := range guesses {
		if p.Probabilities {
			guesses[i].Probability = logits[i]
		} else {
			guesses[i].Probability /= sum
		}
	}
	slices.SortStableFunc(guesses, func(a, b Guess) int { return cmp.Compare(b.Probability, a.Probability) })
	return guesses, nil
}

func (p Pretrained) label(class int) string {
	if class < len(p.Labels) {
		return p.Labels[class]
	}
	return fmt.Sprintf("class %d", class)
}

func shapeOf(t tensor.Tensor) string {
	if t == nil {
		return "nil"
	}
	return fmt.Sprint([]int(t.Shape()))
}
