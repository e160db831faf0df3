// Package transfer brings what others have trained into a graph. Open opens a file of weights, whichever of the
// formats beside it that has; Map says which variable gets which of its tensors, and lists what does not fit:
//
//	f, err := transfer.Open("resnet18.pth")
//	plan, err := transfer.Map(f, m.Variables(), "net", transfer.Torchvision())
//	err = plan.Load(sess, false)
//
// A Mapping renames by regular expressions, numbers layers, splits and joins tensors, and turns layouts. Torchvision, Keras and TFSlim are what the frameworks have in common; zoo's
// Model.Mapping knows the names of published weights of each of its architectures.
package transfer
