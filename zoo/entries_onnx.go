package zoo

import (
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// onnxEntries are models of ONNX's model zoo, whose networks stand in their files. Lengths and checksums are those that its repository has for the
// files in Git LFS, accuracies those of its pages. The network for MNIST takes one picture at a time: white digits on black, of 0 to 255 as its test data are.
func onnxEntries() []Pretrained {
	const folder = "https://github.com/onnx/models/raw/main/validated/vision/classification/"
	imagenet := image.Config{Height: 224, Width: 224, Fit: image.Crop, Shorter: 256, Normalize: image.ImageNet}
	all := []Pretrained{{
		Name: "onnx/mnist-7", Task: "classification", Input: image.Config{Height: 28, Width: 28, Channels: 1, Resampling: image.BilinearSharp, Normalize: image.Bytes},
		Labels: []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
		Files: one(fetch.File{Name: "mnist-7.onnx", Bytes: 26454, SHA256: "0d715376572e89832685c56a65ef1391f5f0b7dd31d61050c91ff3ecab16c032",
			URLs: []string{folder + "mnist/model/mnist-7.onnx"}}),
		Format: "onnx", Licence: "MIT, as its page says", Citation: "CNTK 103D: Convolutional Neural Network with MNIST, a tutorial by Microsoft",
		Source: "https://github.com/onnx/models/tree/main/validated/vision/classification/mnist", TrainedOn: "MNIST", Scores: []Score{{"top-1", 98.9, "MNIST"}},
		Verified: "outputs of CNTK for its three test pictures",
	}}
	for _, e := range []struct {
		name, network, folder, sha256 string
		bytes                         int64
		top1, top5                    float64
	}{
		{"resnet18-v1-7", "ResNet-18", "resnet", "4e8f8653e7a2222b3904cc3fe8e304cd8b339ce1d05fd24688162f86fb6df52c", 46820737, 69.93, 89.29},
		{"mobilenetv2-7", "MobileNet v2", "mobilenet", "c1c513582d56afceff8516c73804e484c81c6a830712ab6d682253f4a3cd042f", 14246826, 70.94, 89.99},
		{"squeezenet1.1-7", "SqueezeNet 1.1", "squeezenet", "1eeff551a67ae8d565ca33b572fc4b66e3ef357b0eb2863bb9ff47a918cc4088", 4956208, 56.34, 79.12},
	} {
		all = append(all, Pretrained{
			Name: "onnx/" + e.name, Task: "classification", Input: imagenet, Labels: imagenetLabels(),
			Files:  one(fetch.File{Name: e.name + ".onnx", Bytes: e.bytes, SHA256: e.sha256, URLs: []string{folder + e.folder + "/model/" + e.name + ".onnx"}}),
			Format: "onnx", Licence: "Apache-2.0, as its page says", Citation: citation(e.network),
			Source:    "https://github.com/onnx/models/tree/main/validated/vision/classification/" + e.folder,
			TrainedOn: "ImageNet-1K", Scores: onImageNet(e.top1, e.top5),
		})
	}
	return all
}
