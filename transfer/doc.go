// Package transfer brings what others have trained into a graph. The packages beside it read files; Map says
// which variable gets which of their tensors, and lists what does not fit:
//
//	f, err := pytorch.Open("resnet18.pth")
//	plan, err := transfer.Map(f, m.Variables(), "net", transfer.Torchvision())
//	err = plan.Load(sess, false)
package transfer
