// Package zoo holds the architectures that people reuse, one a file, each a function
// that builds its network on a Scope:
//
//	m := zoo.LeNet5(s, x, zoo.Config{Classes: 10, Training: training})
//	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, labels, m.Output))
//	features := m.Endpoint("C5")
//
// A Model names the output of every layer, so that features can be taken anywhere.
// Images are channels-last, [batch, height, width, channels]; the output of a classifier
// is logits. Variables stand directly in the scope, under the layer names of the
// published code, in the order in which that creates them. Each network computes
// what its reference implementation computes from the same weights; internal/golden
// has the values.
package zoo
