package initializers_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// trial is one variable to initialise.
type trial struct {
	init  graph.Initializer
	shape tensor.Shape
	dtype tensor.Dtype // default float32
	name  string       // default "w"
	seed  int64
}

// draw returns the variable's initial value.
func (c trial) draw(t *testing.T) []float64 {
	t.Helper()
	v, err := c.try()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (c trial) try() ([]float64, error) {
	if c.name == "" {
		c.name = "w"
	}
	g := graph.New(graph.Config{Seed: c.seed})
	w := graph.Variable(g.Scope(), c.name, c.shape, graph.VariableConfig{Dtype: c.dtype, Initializer: c.init})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return nil, err
	}
	v, err := sess.Value(w)
	if err != nil {
		return nil, err
	}
	for _, d := range c.shape {
		if d == 0 { // Data would panic
			return nil, nil
		}
	}
	switch data := v.Data().(type) {
	case []float32:
		return widen(data), nil
	case []float64:
		return data, nil
	case []int:
		return widen(data), nil
	case []int32:
		return widen(data), nil
	case []int64:
		return widen(data), nil
	case []uint8:
		return widen(data), nil
	case []bool:
		out := make([]float64, len(data))
		for i, b := range data {
			if b {
				out[i] = 1
			}
		}
		return out, nil
	case float32:
		return []float64{float64(data)}, nil
	case float64:
		return []float64{data}, nil
	case int:
		return []float64{float64(data)}, nil
	}
	return nil, fmt.Errorf("unexpected %T", v.Data())
}

func widen[T float32 | int | int32 | int64 | uint8](x []T) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// wantError checks that initialising fails, naming the variable and the words.
func (c trial) wantError(t *testing.T, words ...string) {
	t.Helper()
	c.name = "hidden1/kernel"
	v, err := c.try()
	if err == nil {
		t.Fatalf("no error, but %v", v)
	}
	for _, w := range append(words, "hidden1/kernel") {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error %q lacks %q", err, w)
		}
	}
	if strings.Count(err.Error(), "hidden1/kernel") > 1 {
		t.Errorf("the error %q names the variable twice", err)
	}
}

// moments returns mean, standard deviation and the extreme values.
func moments(x []float64) (mean, stddev, lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range x {
		mean += v / float64(len(x))
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	for _, v := range x {
		stddev += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, math.Sqrt(stddev), lo, hi
}

var floats = []tensor.Dtype{tensor.Float32, tensor.Float64}
