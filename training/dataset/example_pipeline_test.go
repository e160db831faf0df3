package dataset_test

import (
	"fmt"
	"slices"

	"github.com/plexaura/plexaura/training/dataset"
)

// mirror turns half of the rows around, others in every epoch.
func mirror(e *dataset.Example) error {
	if e.Rand.Uint64()&1 == 1 {
		slices.Reverse(e.X)
	}
	return nil
}

// Augmentation runs in the background; what is drawn follows from the seed, the
// epoch and the example.
func ExampleBatches_augmentation() {
	train, err := dataset.FromSlices([][]float32{{0, 1}, {2, 3}, {4, 5}, {6, 7}}, []int64{0, 1, 2, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	b := dataset.Batches(dataset.BatchesConfig{
		Source:    train,
		Map:       []dataset.Transform{mirror},
		BatchSize: 2,
		Epochs:    2,
	})
	defer b.Close()
	for b.Next() {
		fmt.Println(b.Epoch(), b.X().Data(), b.Y().Data())
	}
	if err := b.Err(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 0 [4 5 7 6] [2 3]
	// 0 [2 3 0 1] [1 0]
	// 1 [3 2 0 1] [1 0]
	// 1 [5 4 6 7] [2 3]
}

// A training that was interrupted goes on with the very batch that would have been
// next, augmented in the same way.
func ExampleBatchIterator_UnmarshalBinary() {
	all, err := dataset.AllDigits()
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := dataset.BatchesConfig{Source: all, Map: []dataset.Transform{mirror}, Seed: 7, Epochs: 2}

	whole := dataset.Batches(cfg)
	defer whole.Close()
	for range 80 {
		whole.Next()
	}
	state, err := whole.MarshalBinary()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(state))

	resumed := dataset.Batches(cfg)
	defer resumed.Close()
	if err := resumed.UnmarshalBinary(state); err != nil {
		fmt.Println(err)
		return
	}
	same := 0
	for whole.Next() && resumed.Next() {
		if slices.Equal(whole.X().Data().([]float32), resumed.X().Data().([]float32)) {
			same++
		}
	}
	fmt.Println(same, "batches more, all the same:", same == 2*whole.Steps()-80)

	cfg.Seed = 8
	fmt.Println(dataset.Batches(cfg).UnmarshalBinary(state))
	// Output:
	// {"epoch":1,"step":23,"examples":1797,"batch_size":32,"seed":7,"shuffle":true}
	// 34 batches more, all the same: true
	// dataset: UnmarshalBinary: the state is of an iterator with Seed 7, this one has 8; give it the data and the config of the other, or begin anew
}

// Bad files are left out and counted.
func ExampleBatchIterator_Skipped() {
	b := dataset.Batches(dataset.BatchesConfig{
		Source:     folder{"cat.png", "dog.png", "notes.txt", "fox.png"},
		NoShuffle:  true,
		BatchSize:  2,
		SkipErrors: true,
	})
	for b.Next() {
		fmt.Println(b.X().Shape())
	}
	n, first := b.Skipped()
	fmt.Println(n, first)
	// Output:
	// (2, 1)
	// (1, 1)
	// 1 [example 2: notes.txt: not a picture]
}

// folder is a Source of one's own: names of files, of which the length is all that
// is read.
type folder []string

func (f folder) Len() int { return len(f) }

func (f folder) Read(e *dataset.Example) error {
	name := f[e.Index]
	if name[len(name)-4:] != ".png" {
		return fmt.Errorf("%s: not a picture", name)
	}
	e.Resize(1)[0] = float32(len(name))
	return nil
}

func ExamplePartition() {
	all, err := dataset.AllDigits()
	if err != nil {
		fmt.Println(err)
		return
	}
	train, validation, test, err := all.Partition(dataset.PartitionConfig{Stratified: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train.Len(), validation.Len(), test.Len())
	// Output:
	// 1258 180 359
}

func ExampleKFold() {
	all, err := dataset.AllDigits()
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := dataset.KFoldConfig{Folds: 3, Stratified: true}
	for fold := range 3 {
		train, validation, err := dataset.KFold(all, cfg, fold)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(train.Len(), validation.Len())
	}
	// Output:
	// 1198 599
	// 1198 599
	// 1198 599
}
