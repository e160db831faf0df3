// Package finetune makes a classifier of one's own of a network that others have trained: from a name of the zoo and folders of pictures to a saved
// network in one call,
//
//	report, err := finetune.Run(ctx, finetune.Config{Network: "torchvision/resnet18", Train: "photos/train", Validation: "photos/val", Out: "pets"})
//	fmt.Println(report) // accuracy, confusion matrix, time
//
// which Open opens again:
//
//	c, err := finetune.Open("pets")
//	defer c.Close()
//	guesses, err := c.Classify("photo.jpg", 3)
//
// The network loses its classifier, or more of its layers (Config.Endpoint), and gets a new head. The head is trained first, on features of the frozen network
// that are computed once; then the network, or its layers above Config.Frozen, with it, at a low rate. A phase after which the validation pictures
// fare no better is undone.
//
// Each step can be taken by itself:
//
//	t, err := finetune.New(ctx, cfg)              // lists the pictures, builds the network and the head
//	defer t.Close()
//	err = t.Load(ctx)                             // the published weights
//	phase, err := t.TrainHead(ctx)                // all frozen, features cached
//	phase, err = t.TuneAbove(ctx, "layer4/0")     // the top layers too; again with a lower one: gradual unfreezing
//	e, err := t.Evaluate(ctx, t.Data.Validation)  // accuracy, confusion matrix
//	err = t.Save("pets")                          // weights and names of classes
//
// Search tries how many layers to reuse and to train, and shows a table. All is float32, and pictures are classes: detectors of the zoo serve up to
// an endpoint.
package finetune
