package finetune_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/zoo/finetune"
)

// TestFloat64Pictures: all is float32, and pictures of float64 are an error before anything is trained.
func TestFloat64Pictures(t *testing.T) {
	const n = 20
	y := make([]int64, n)
	for i := range y {
		y[i] = int64(i % 2)
	}
	x := tensor.New(tensor.WithShape(n, 16, 16, 3), tensor.WithBacking(make([]float64, n*16*16*3)))
	set := &dataset.Set{X: x, Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y))}
	made, err := finetune.Arrays(small, set, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range []*finetune.Data{made, {Train: set, Validation: set, Classes: []string{"a", "b"}}} {
		cfg := small
		cfg.Data = data
		r, err := finetune.Run(ctx, cfg)
		wantError(t, err, "finetune: Data.Train", "X: wanted float32, came float64")
		if r != nil {
			t.Errorf("there is a report:\n%v", r)
		}
	}
}
