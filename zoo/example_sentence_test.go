package zoo_test

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/text"
	"github.com/plexaura/plexaura/zoo"
)

// Texts become sequences of ids, and these vectors of one length.
func ExampleSentenceCNN() {
	source, err := text.New([]string{"the dog sees the cat", "the cat runs"}, nil, text.Config{Length: 8})
	if err != nil {
		fmt.Println(err)
		return
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, source.SequenceLength())
	m := zoo.SentenceCNN(s.Sub("encoder"), x, zoo.SentenceConfig{Vocabulary: source.Vocabulary.Len(), Dim: 16, Widths: []int{2, 3}, Filters: 10,
		Config: zoo.Config{NoTop: true}})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		fmt.Println(err)
		return
	}
	b := dataset.Batches(dataset.BatchesConfig{Source: source})
	defer b.Close()
	b.Next()
	out, err := sess.Run(graph.Feeds{x: b.X()}, m.Output)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range m.Endpoints() {
		fmt.Println(e.Name, graph.SpecOf(e.Node))
	}
	fmt.Println(out.Tensor(0).Shape())
	// Output:
	// embedding float32[?, 8, 16]
	// conv2 float32[?, 8, 10]
	// conv3 float32[?, 8, 10]
	// encoding float32[?, 20]
	// (2, 20)
}
