// Package transfer brings what others have trained into a graph. Open opens a file of weights, whichever of the
// formats beside it that has; Map says which variable gets which of its tensors, and lists what does not fit:
//
//	f, err := transfer.Open("resnet18.pth")
//	plan, err := transfer.Map(f, m.Variables(), "net", transfer.Torchvision())
//	err = plan.Load(sess, false)
//
// Import builds the network that a file describes, of TensorFlow, ONNX, Keras or TensorFlow.js:
//
//	net, err := transfer.Import(s, "model.onnx", network.Config{})
//	...
//	err = sess.Init() // gives the variables their values
//	err = net.Close() // the file is not needed any more
//	logits, err := net.Node("logits")
//
// OpenModel opens such a file without building it: a network.Describer among the models says what is in it, as go run ./transfer/inspect FILE
// prints. README.md has a table of the formats, what is read of each and what is written; packages onnx, tensorflow and keras have one of their ops and layers.
//
// A Mapping renames by regular expressions, numbers layers, splits and joins tensors, and turns layouts. Torchvision, Keras and TFSlim are what the frameworks have in common; zoo's
// Model.Mapping knows the names of published weights of each of its architectures.
//
// Freeze takes layers of a network that is built, or imported, out of training, by patterns, and FreezeBelow by endpoints; Unfreeze takes them back, Gradual in
// stages. Cut leaves an old head behind and Head builds a new one; Reuse gives a part of a model the values of a file:
//
//	features := g.Node("dnn/hidden4_out")
//	transfer.Cut(g, features)
//	transfer.FreezeBelow(g, features)
//	logits := transfer.Head(s.Sub("head"), features, 5, transfer.HeadConfig{})
//
// README.md lists these calls beside those of TensorFlow and PyTorch.
package transfer
