package training_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training"
)

// TensorFlow's own tests of its optimizers (ftrl_test.py, proximal_*_test.py and
// adagrad_da_test.py of tensorflow/python/training, 1.14) expect these weights, of
// two variables whose gradients are always (0.1, 0.2) and (0.01, 0.02), at the rate
// 3. They also expect that Adagrad goes where Ftrl goes from 0, and ProximalAdagrad.
func TestOptimizersAgainstTensorFlowsTests(t *testing.T) {
	ftrl := func(l1, l2, shrinkage float64) func(*gorgonia.Node) training.Optimizer {
		return func(*gorgonia.Node) training.Optimizer {
			return training.Ftrl(training.FtrlConfig{LearningRate: 3, L1: l1, L2: l2, L2Shrinkage: shrinkage})
		}
	}
	descent := func(l1, l2 float64) func(*gorgonia.Node) training.Optimizer {
		return func(*gorgonia.Node) training.Optimizer {
			return training.ProximalGradientDescent(training.ProximalGradientDescentConfig{LearningRate: 3, L1: l1, L2: l2})
		}
	}
	proximal := func(l1, l2 float64) func(*gorgonia.Node) training.Optimizer {
		return func(*gorgonia.Node) training.Optimizer {
			return training.ProximalAdagrad(training.ProximalAdagradConfig{LearningRate: 3, L1: l1, L2: l2})
		}
	}
	adagrad := func(*gorgonia.Node) training.Optimizer {
		return training.Adagrad(training.AdagradConfig{LearningRate: 3})
	}
	dual := func(l1, l2 float64) func(*gorgonia.Node) training.Optimizer {
		return func(step *gorgonia.Node) training.Optimizer {
			return training.AdagradDA(training.AdagradDAConfig{LearningRate: 3, L1: l1, L2: l2, GlobalStep: step})
		}
	}
	zeros, ones := [4]float64{}, [4]float64{1, 2, 4, 3}
	for _, c := range []struct {
		name  string
		make  func(step *gorgonia.Node) training.Optimizer
		from  [4]float64
		steps int
		want  [4]float64
	}{
		{"Ftrl from 0", ftrl(0, 0, 0), zeros, 3, [4]float64{-2.60260963, -4.29698515, -0.28432083, -0.56694895}},
		{"Ftrl", ftrl(0, 0, 0), ones, 3, [4]float64{-2.55607247, -3.98729396, -0.28232238, -0.56096673}},
		{"Ftrl l1", ftrl(0.001, 0, 0), ones, 10, [4]float64{-7.66718769, -10.91273689, -0.93460727, -1.86147261}},
		{"Ftrl l1 and l2", ftrl(0.001, 2, 0), ones, 10, [4]float64{-0.24059935, -0.46829352, -0.02406147, -0.04830509}},
		{"Ftrl with shrinkage", ftrl(0.001, 2, 0.1), ones, 10, [4]float64{-0.22578995, -0.44345796, -0.14378493, -0.13229476}},
		{"proximal descent from 0", descent(0, 0), zeros, 3, [4]float64{-0.9, -1.8, -0.09, -0.18}},
		{"proximal descent", descent(0, 0), ones, 3, [4]float64{0.1, 0.2, 3.91, 2.82}},
		{"proximal descent l1 and l2", descent(0.001, 2), ones, 10, [4]float64{-0.0495, -0.0995, -0.0045, -0.0095}},
		{"proximal Adagrad from 0", proximal(0, 0), zeros, 3, [4]float64{-2.60260963, -4.29698515, -0.28432083, -0.56694895}},
		{"proximal Adagrad", proximal(0, 0), ones, 3, [4]float64{-1.60261, -2.296985, 3.715679, 2.433051}},
		{"proximal Adagrad l1", proximal(0.001, 0), ones, 10, [4]float64{-6.663634, -9.190331, 2.959304, 1.029232}},
		{"proximal Adagrad l1 and l2", proximal(0.001, 2), ones, 10, [4]float64{-0.0495, -0.0995, -0.0045, -0.0095}},
		{"Adagrad from 0", adagrad, zeros, 3, [4]float64{-2.60260963, -4.29698515, -0.28432083, -0.56694895}},
		{"Adagrad", adagrad, ones, 3, [4]float64{-1.60261, -2.296985, 3.715679, 2.433051}},
		{"AdagradDA", dual(0, 0), ones, 1, [4]float64{-0.904534, -1.603567, -0.094821, -0.189358}},
		{"AdagradDA l1", dual(0.001, 0), ones, 1, [4]float64{-0.895489, -1.59555, -0.085339, -0.17989}},
		{"AdagradDA l1 and l2", dual(0.001, 2), ones, 1, [4]float64{-0.046907, -0.093659, -0.004275, -0.009023}},
	} {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			g := graph.New(graph.Config{Dtype: dtype})
			s := g.Scope()
			a, b := variable(s, "a", dtype, 0, 2), variable(s, "b", dtype, 0, 2)
			step := c.make(training.GlobalStep(s)).ApplyGradients(s, []training.GradVar{
				{Grad: graph.ConstOf(s, dtype, []float64{0.1, 0.2}), Var: a},
				{Grad: graph.ConstOf(s, dtype, []float64{0.01, 0.02}), Var: b},
			})
			sess := open(t, g)
			for i, v := range []*gorgonia.Node{a, b} {
				set(t, sess, v, as(dtype, c.from[2*i:2*i+2]))
			}
			for range c.steps {
				run(t, sess, nil, step)
			}
			for i, v := range []*gorgonia.Node{a, b} {
				want := golden.Array{Shape: []int{2}, Data: c.want[2*i : 2*i+2]}
				if err := golden.Close(value(t, sess, v), want, 1e-6, 1e-6); err != nil {
					t.Errorf("%s in %v: %s: %v", c.name, dtype, g.NameOf(v), err)
				}
			}
		}
	}
}

// as converts numbers to a slice of a float dtype.
func as(dtype tensor.Dtype, x []float64) interface{} {
	if dtype == tensor.Float32 {
		return golden.Array{Data: x}.Float32s()
	}
	return golden.Array{Data: x}.Float64s()
}
