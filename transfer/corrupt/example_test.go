package corrupt_test

import (
	"fmt"
	"strings"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/text"
	"github.com/plexaura/plexaura/transfer/corrupt"
)

// Of each sentence there is the good one and two in which a word was replaced.
func ExampleRanked() {
	verses, err := text.New([]string{
		"In the beginning God created the heaven and the earth.",
		"And God said, Let there be light: and there was light.",
		"And God called the light Day, and the darkness he called Night.",
	}, nil, text.Config{Tokenizer: text.Tokenizer{Fold: true, NoPunctuation: true}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ranked, err := corrupt.Ranked(verses, 2, corrupt.ReplaceWords(verses.Vocabulary, corrupt.ReplaceConfig{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	b := dataset.Batches(dataset.BatchesConfig{Source: ranked, NoShuffle: true})
	defer b.Close()
	b.Next()
	fmt.Println(verses)
	fmt.Println(b.X().Shape())
	ids := b.X().Data().([]float32)
	for k := range 3 { // of the first verse
		var words []string
		for _, id := range ids[12*k : 12*(k+1)] {
			if id != text.Pad {
				words = append(words, verses.Vocabulary.Word(int(id)))
			}
		}
		fmt.Println(strings.Join(words, " "))
	}
	// Output:
	// 3 texts of 33 tokens, 0 % of them unknown, in sequences of 12; 21 ids
	// (3, 3, 12)
	// in the beginning god created the heaven and the earth
	// in the beginning was created the heaven and the earth
	// in the beginning god created the heaven and in earth
}
