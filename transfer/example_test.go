package transfer_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/weights"
)

// A file calls its layers otherwise, keeps one kernel the other way round, and has a counter that no variable wants.
func ExampleMap() {
	path := filepath.Join(os.TempDir(), "plexaura-example-map.npz")
	defer os.Remove(path)
	stored := []weights.Named{
		{Name: "net.0.weight", Value: tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))},
		{Name: "net.0.bias", Value: tensor.New(tensor.WithShape(3), tensor.WithBacking([]float32{7, 8, 9}))},
		{Name: "net.2.weight", Value: tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float32{1, 1, 1}))},
		{Name: "net.2.bias", Value: tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{-1}))},
		{Name: "step", Value: tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{1000}))},
	}
	if err := npz.Write(path, stored); err != nil {
		log.Fatal(err)
	}
	f, err := transfer.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()

	g := graph.New(graph.Config{})
	s := g.Scope().Sub("mlp")
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	y := ops.Dense(s.Sub("outputs"), ops.Dense(s.Sub("hidden"), x, 3, ops.DenseConfig{}), 1, ops.DenseConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()

	plan, err := transfer.Map(f, g.Variables(), "mlp", transfer.Torchvision())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plan)
	plan, err = transfer.Map(f, g.Variables(), "mlp", transfer.Torchvision().Then(transfer.Mapping{
		Ignore: []string{"^step$"},
		Rules:  []transfer.Rule{{Pattern: `^net\.\d+`, Names: []string{"hidden", "outputs"}}},
	}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plan)
	if err := plan.Load(sess, false); err != nil {
		log.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{x: [][]float32{{1, 1}}}, y)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Float32s(0))
	// Output:
	// matched 0, missing 4, unused 5, mismatched 0
	//   missing: hidden/kernel [2 3]
	//   missing: hidden/bias [3]
	//   missing: outputs/kernel [3 1]
	//   missing: outputs/bias [1]
	//   unused: net.0.weight [3 2]
	//   unused: net.0.bias [3]
	//   unused: net.2.weight [1 3]
	//   unused: net.2.bias [1]
	//   unused: step [1]
	//   likely: hidden/kernel from net.0.weight
	//   likely: hidden/bias from net.0.bias
	//   likely: outputs/kernel from net.2.weight
	//   likely: outputs/bias from net.2.bias
	// matched 4, missing 0, unused 0, mismatched 0
	// [44]
}
