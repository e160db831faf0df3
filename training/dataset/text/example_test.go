package text_test

import (
	"fmt"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/text"
)

func ExampleTokenizer_Tokens() {
	tokens, err := text.Tokenizer{Fold: true}.Tokens("Don't panic: π is 3.14!")
	fmt.Printf("%q %v\n", tokens, err)
	// Output: ["don't" "panic" ":" "π" "is" "3.14" "!"] <nil>
}

func ExampleNew() {
	source, err := text.New([]string{"the dog sees the cat", "the cat runs", "a dog barks at the cat"}, []int64{0, 1, 1},
		text.Config{Words: text.VocabularyConfig{MinCount: 2}, Length: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(source.Vocabulary)
	b := dataset.Batches(dataset.BatchesConfig{Source: source, NoShuffle: true})
	defer b.Close()
	for b.Next() {
		fmt.Println(b.X())
		fmt.Println(b.Y())
	}
	fmt.Println(source.Text(2))
	// Output:
	// 5 ids, 3 words: the 4 cat 3 dog 2
	// ⎡2  4  1  2  3  0⎤
	// ⎢2  3  1  0  0  0⎥
	// ⎣1  4  1  1  2  3⎦
	//
	// [0  1  1]
	// <unk> dog <unk> <unk> the cat
}
