package dataset_test

import (
	"fmt"
	"strings"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
)

func ExampleDigits() {
	train, validation, test, err := dataset.Digits()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train)
	fmt.Println(validation)
	fmt.Println(test)
	// Output:
	// digits/train: 1257 examples, X float32 (1257, 64), Y int64 (1257), 10 classes
	// digits/validation: 180 examples, X float32 (180, 64), Y int64 (180), 10 classes
	// digits/test: 360 examples, X float32 (360, 64), Y int64 (360), 10 classes
}

func ExampleBatches() {
	x := tensor.New(tensor.WithShape(5, 2), tensor.WithBacking([]float32{0, 1, 10, 11, 20, 21, 30, 31, 40, 41}))
	y := tensor.New(tensor.WithShape(5), tensor.WithBacking([]int64{0, 1, 2, 3, 4}))
	b := dataset.Batches(dataset.BatchesConfig{X: x, Y: y, BatchSize: 2, Seed: 42})
	for epoch := 0; epoch < 2; epoch++ {
		for b.Next() {
			fmt.Println(epoch, b.X().Shape(), b.Y().Data())
		}
		b.Reset()
	}
	if err := b.Err(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 0 (2, 2) [4 3]
	// 0 (2, 2) [2 0]
	// 0 (1, 2) [1]
	// 1 (2, 2) [1 4]
	// 1 (2, 2) [2 3]
	// 1 (1, 2) [0]
}

func ExampleReadCSV() {
	table := `sepal,petal,kind
5.1,1.4,setosa
7.0,4.7,versicolor
4.9,1.5,setosa`
	s, err := dataset.ReadCSV(strings.NewReader(table), dataset.CSVConfig{Header: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s)
	fmt.Println(s.X.Data(), s.Y.Data(), s.Classes)

	_, err = dataset.ReadCSV(strings.NewReader(table), dataset.CSVConfig{})
	fmt.Println(err)
	// Output:
	// csv: 3 examples, X float32 (3, 2), Y int64 (3), 2 classes
	// [5.1 1.4 7 4.7 4.9 1.5] [0 1 0] [setosa versicolor]
	// dataset: ReadCSV: line 1, column 1: wanted a finite number in the range of float32, came "sepal"; set CSVConfig.Header if this line names the columns
}

func ExampleSet_Only() {
	all, err := dataset.AllDigits()
	if err != nil {
		fmt.Println(err)
		return
	}
	// The digits 5 to 9, labelled 0 to 4, for a network with five outputs.
	high, err := all.Only(5, 6, 7, 8, 9)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(high.Len(), high.Classes)
	// Output:
	// 896 [5 6 7 8 9]
}
