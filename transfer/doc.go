// Package transfer brings what others have trained into a graph. Open opens a file of weights, whichever of the
// formats beside it that has; Map says which variable gets which of its tensors, and lists what does not fit:
//
//	f, err := transfer.Open("resnet18.pth")
//	plan, err := transfer.Map(f, m.Variables(), "net", transfer.Torchvision())
//	err = plan.Load(sess, false)
package transfer
