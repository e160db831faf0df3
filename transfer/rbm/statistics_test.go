package rbm_test

import (
	"math"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/rbm"
)

// set makes a set of examples of so many features.
func set(width int, x ...float64) *dataset.Set {
	return &dataset.Set{X: dense(tensor.Float32, x, len(x)/width, width)}
}

func TestCheck(t *testing.T) {
	st, err := rbm.Check(set(3, 0, 1, 0.5, 0, 1, 1, 0, 0, 0.5, 0, 0, 0), rbm.Bernoulli)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", st.Mean, []float64{0, 0.5, 0.5}, 1e-15)
	near(t, "std", st.Std, []float64{0, 0.5, math.Sqrt(0.125)}, 1e-15)
	if st.Examples != 4 || len(st.Constant) != 1 || st.Constant[0] != 0 {
		t.Errorf("%d examples, constant %v; want 4 and [0]", st.Examples, st.Constant)
	}
	if got, want := st.String(), "4 examples for Bernoulli units: 3 features, of which 1 are constant, with means from 0 to 0.5"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	m := newMachine(t, tensor.Float64, 3, 1, rbm.Config{Hidden: 2, LearningRate: 0.1, VisibleBias: st.VisibleBias()})
	near(t, "visible bias", m.value(m.VisibleBias), []float64{math.Log(1.0 / 5), 0, 0}, 1e-15)

	st, err = rbm.Check(set(2, 1, -1.2, -1, 0.8), rbm.Gaussian)
	if err != nil {
		t.Fatal(err)
	}
	m = newMachine(t, tensor.Float32, 2, 1, rbm.Config{Hidden: 2, Visible: rbm.Gaussian, LearningRate: 0.1, VisibleBias: st.VisibleBias()})
	near(t, "visible bias", m.value(m.VisibleBias), []float64{0, -0.2}, 1e-7)
	if got := (*rbm.Statistics)(nil).SimpleRender()["text/plain"]; got != "no statistics" {
		t.Errorf("%v", got)
	}
}

// ragged is a source whose second example is shorter, and whose third fails.
type ragged struct{ n int }

func (r ragged) Len() int { return r.n }

func (r ragged) Read(e *dataset.Example) error {
	if e.Index == 2 {
		return errors.New("the disk is full")
	}
	clear(e.Resize(3 - e.Index*(r.n-3)))
	return nil
}

func TestCheckErrors(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		src   dataset.Source
		units rbm.Units
		words []string
	}{
		{nil, rbm.Bernoulli, []string{"nil"}},
		{set(2, 0, 1, 1, 0), 7, []string{"Units(7)", "rbm.Gaussian"}},
		{ragged{0}, rbm.Bernoulli, []string{"no examples"}},
		{ragged{3}, rbm.Bernoulli, []string{"example 2", "the disk is full"}},
		{ragged{4}, rbm.Bernoulli, []string{"example 1 has 2 values", "example 0 has 3"}},
		{ragged{1}, rbm.Bernoulli, []string{"all 3 features are constant"}},
		{set(2, 0, 1, 0, 17), rbm.Bernoulli, []string{"example 1 has 17 at feature 1", "divide grey levels by 255"}},
		{set(2, 0, nan, 0, 1), rbm.Bernoulli, []string{"example 0 has NaN at feature 1"}},
		{set(2, 0, -0.25, 0, 1), rbm.Bernoulli, []string{"-0.25"}},
		{set(2, 1, 1, 1, 1), rbm.Bernoulli, []string{"all 2 features are constant"}},
		{set(2, 1, 5, -1, 5), rbm.Gaussian, []string{"1 of 2 features are constant", "feature 1", "always 5", "leave"}},
		{set(2, 1, 100, -1, 140), rbm.Gaussian, []string{"feature 1 has mean 120 and standard deviation 20", "dataset.NewStandardizer"}},
		{set(2, 1, 0.1, -1, -0.1), rbm.Gaussian, []string{"feature 1", "standard deviation 0.1"}},
		{set(2, 1, nan, -1, -0.1), rbm.Gaussian, []string{"NaN", "finite"}},
	} {
		_, err := rbm.Check(c.src, c.units)
		wantError(t, err, append(c.words, "rbm: Check: ")...)
	}
}
