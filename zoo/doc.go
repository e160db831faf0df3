// Package zoo holds the architectures that people reuse, one a file, each a function
// that builds its network on a Scope:
//
//	m := zoo.LeNet5(s, x, zoo.Config{Classes: 10, Training: training})
//	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, labels, m.Output))
//	features := m.Endpoint("C5")
//
// A Model names the output of every layer, so that features can be taken anywhere; NoTop
// ends a network before its classifier. Model.Summary lists the layers with their shapes, parameters
// and multiply-adds. Architectures lists the networks as they were published; README.md
// is the table of them.
//
// Images are channels-last, [batch, height, width, channels]; the output of a classifier
// is logits. Variables stand directly in the scope, under the layer names of the
// published code, in the order in which that creates them. Each network computes
// what its reference implementation computes from the same weights; internal/golden
// has the values.
//
// Where well-known codes of one architecture differ, by how they pad or by an epsilon,
// Config.Port says whose weights are to be loaded; the doc comment of the architecture says what
// differs. Config.Auxiliary adds the second classifier that Inception v3 is trained with, as the endpoint AuxLogits.
//
// Networks that others have trained have names: List lists them, Describe tells what one wants to see and what its outputs mean, Build builds it, and Load
// finds or downloads its file, checks it and loads it:
//
//	m := zoo.Build(s, "torchvision/resnet18", x, zoo.Config{})
//	err := m.Load(ctx, sess)
//
// A few of these networks are none of the architectures here, but stand in their files, ONNX's for example: Build reads the file already.
// Config.File names a file of one's own, for these and the others.
//
// An entry is a composite literal in one of the files entries_*.go. TestEntries holds it against its architecture.
//
// Variables begin as the authors drew them. Other files of weights come by the packages
// of transfer: Darknet's .weights files by darknet.LoadFile, those of PyTorch, Keras and
// others by transfer.Map, which pairs their names with those of Model.Variables; Model.Mapping knows the names that
// torchvision, timm, Keras and TF-slim have for each architecture.
package zoo
