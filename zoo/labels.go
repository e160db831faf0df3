package zoo

import (
	_ "embed" // the names of classes
	"strings"
)

// The names of classes, a line each after one that says where they are from.
var (
	//go:embed labels/imagenet.txt
	imagenetText string
	//go:embed labels/coco.txt
	cocoText string
	//go:embed labels/voc.txt
	vocText string
)

// labels are the lines of a list of names.
func labels(text string) []string {
	_, names, _ := strings.Cut(text, "\n")
	return strings.Split(strings.TrimSuffix(names, "\n"), "\n")
}

// imagenetLabels are the 1000 classes of ILSVRC 2012.
func imagenetLabels() []string { return labels(imagenetText) }

// backgroundLabels are those of Google's networks, whose first class is none of them.
func backgroundLabels() []string { return append([]string{"background"}, imagenetLabels()...) }

// cocoLabels are the 80 classes of COCO that are detected, vocLabels the 20 of Pascal VOC.
func cocoLabels() []string { return labels(cocoText) }
func vocLabels() []string  { return labels(vocText) }

// cifar10Labels are the classes of CIFAR-10: Krizhevsky (2009), Learning multiple layers of features from tiny images.
func cifar10Labels() []string {
	return []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}
}
