// Package text makes numbers of sentences: a Tokenizer takes them apart into words, a Vocabulary numbers these, and a Source hands out
// sequences of such numbers, all of one length, as examples.
//
//	source, err := text.Lines("corpus.txt", text.Config{Tokenizer: text.Tokenizer{Fold: true}, Length: 40})
//	b := dataset.Batches(dataset.BatchesConfig{Source: source}) // X is [batch, 40]
//
// The numbers of a word are ids in the Vocabulary: 0, Pad, fills up what is shorter than Length, 1, Unknown, stands for words that are not in
// it. As examples are float32 everywhere, so are ids, exactly; ops.Cast makes indices of them, and zoo.SentenceBag and
// zoo.SentenceCNN, which turn sequences into vectors, take them as they are.
//
// Package transfer/corrupt spoils sentences word by word.
package text
