package bench

import (
	"fmt"
	"math/rand/v2"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TapeMachineStep returns a call that makes one step of the network of ReLUs in
// Gorgonia alone, and one that ends its machine. It panics when Gorgonia refuses
// the graph, which depends on nothing but batch.
func TapeMachineStep(batch int) (step, end func() error) {
	x, _, oneHot := batchOf(batch)
	g := gorgonia.NewGraph()
	matrix := func(name string, rows, cols int, data []float32) *gorgonia.Node {
		return gorgonia.NewMatrix(g, tensor.Float32, gorgonia.WithShape(rows, cols), gorgonia.WithName(name),
			gorgonia.WithValue(tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data))))
	}
	must := gorgonia.Must
	h := matrix("X", batch, sizes[0], x)
	y := matrix("y", batch, sizes[3], oneHot)
	r := rand.New(rand.NewPCG(3, 4))
	var learnables gorgonia.Nodes
	for i := range sizes[1:] {
		w := make([]float32, sizes[i]*sizes[i+1])
		for k := range w {
			w[k] = float32(r.NormFloat64()) * 0.05
		}
		weights := matrix(fmt.Sprintf("w%d", i), sizes[i], sizes[i+1], w)
		bias := matrix(fmt.Sprintf("b%d", i), 1, sizes[i+1], make([]float32, sizes[i+1]))
		learnables = append(learnables, weights, bias)
		h = must(gorgonia.BroadcastAdd(must(gorgonia.Mul(h, weights)), bias, nil, []byte{0}))
		if i < 2 {
			h = must(gorgonia.Rectify(h))
		}
	}
	// log-softmax by hand: x - max would need a broadcast more; the data are small.
	p := must(gorgonia.SoftMax(h))
	loss := must(gorgonia.Neg(must(gorgonia.Mean(must(gorgonia.HadamardProd(must(gorgonia.Log(p)), y))))))
	if _, err := gorgonia.Grad(loss, learnables...); err != nil {
		panic(err)
	}
	vm := gorgonia.NewTapeMachine(g, gorgonia.BindDualValues(learnables...))
	solver := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.01))
	model := gorgonia.NodesToValueGrads(learnables)
	return func() error {
		if err := vm.RunAll(); err != nil {
			return err
		}
		vm.Reset()
		return solver.Step(model)
	}, vm.Close
}
