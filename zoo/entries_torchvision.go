package zoo

import (
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// torchvisionEntries are the weights of torchvision 0.14 for the architectures of the zoo: IMAGENET1K_V1, and with "-v2" IMAGENET1K_V2,
// whose recipe is newer. URLs, the first digits of the SHA-256, sizes and accuracies are those of its source. "Pre-trained models may have
// their own licenses or terms derived from the dataset used for training", as its README says.
func torchvisionEntries() []Pretrained {
	var all []Pretrained
	for _, e := range []struct {
		name, network, file, sha256 string
		top1, top5                  float64
		width                       float64
		shorter                     int // side before the middle is cut out; 0 for 256
	}{
		{name: "alexnet", network: "AlexNet", file: "alexnet-owt-7be5be79.pth", sha256: "7be5be79", top1: 56.522, top5: 79.066},
		{name: "vgg11", network: "VGG-11", file: "vgg11-8a719046.pth", sha256: "8a719046", top1: 69.02, top5: 88.628},
		{name: "vgg11_bn", network: "VGG-11 BN", file: "vgg11_bn-6002323d.pth", sha256: "6002323d", top1: 70.37, top5: 89.81},
		{name: "vgg13", network: "VGG-13", file: "vgg13-19584684.pth", sha256: "19584684", top1: 69.928, top5: 89.246},
		{name: "vgg13_bn", network: "VGG-13 BN", file: "vgg13_bn-abd245e5.pth", sha256: "abd245e5", top1: 71.586, top5: 90.374},
		{name: "vgg16", network: "VGG-16", file: "vgg16-397923af.pth", sha256: "397923af", top1: 71.592, top5: 90.382},
		{name: "vgg16_bn", network: "VGG-16 BN", file: "vgg16_bn-6c64b313.pth", sha256: "6c64b313", top1: 73.36, top5: 91.516},
		{name: "vgg19", network: "VGG-19", file: "vgg19-dcbb9e9d.pth", sha256: "dcbb9e9d", top1: 72.376, top5: 90.876},
		{name: "vgg19_bn", network: "VGG-19 BN", file: "vgg19_bn-c79401a0.pth", sha256: "c79401a0", top1: 74.218, top5: 91.842},
		{name: "resnet18", network: "ResNet-18", file: "resnet18-f37072fd.pth", sha256: "f37072fd", top1: 69.758, top5: 89.078},
		{name: "resnet34", network: "ResNet-34", file: "resnet34-b627a593.pth", sha256: "b627a593", top1: 73.314, top5: 91.42},
		{name: "resnet50", network: "ResNet-50", file: "resnet50-0676ba61.pth", sha256: "0676ba61", top1: 76.13, top5: 92.862},
		{name: "resnet50-v2", network: "ResNet-50", file: "resnet50-11ad3fa6.pth", sha256: "11ad3fa6", top1: 80.858, top5: 95.434, shorter: 232},
		{name: "resnet101", network: "ResNet-101", file: "resnet101-63fe2227.pth", sha256: "63fe2227", top1: 77.374, top5: 93.546},
		{name: "resnet101-v2", network: "ResNet-101", file: "resnet101-cd907fc2.pth", sha256: "cd907fc2", top1: 81.886, top5: 95.78, shorter: 232},
		{name: "resnet152", network: "ResNet-152", file: "resnet152-394f9c45.pth", sha256: "394f9c45", top1: 78.312, top5: 94.046},
		{name: "resnet152-v2", network: "ResNet-152", file: "resnet152-f82ba261.pth", sha256: "f82ba261", top1: 82.284, top5: 96.002, shorter: 232},
		{name: "resnext50_32x4d", network: "ResNeXt-50 32x4d", file: "resnext50_32x4d-7cdf4587.pth", sha256: "7cdf4587", top1: 77.618, top5: 93.698},
		{name: "resnext50_32x4d-v2", network: "ResNeXt-50 32x4d", file: "resnext50_32x4d-1a0047aa.pth", sha256: "1a0047aa", top1: 81.198, top5: 95.34, shorter: 232},
		{name: "resnext101_32x8d", network: "ResNeXt-101 32x8d", file: "resnext101_32x8d-8ba56ff5.pth", sha256: "8ba56ff5", top1: 79.312, top5: 94.526},
		{name: "resnext101_32x8d-v2", network: "ResNeXt-101 32x8d", file: "resnext101_32x8d-110c445d.pth", sha256: "110c445d", top1: 82.834, top5: 96.228, shorter: 232},
		{name: "wide_resnet50_2", network: "Wide ResNet-50-2", file: "wide_resnet50_2-95faca4d.pth", sha256: "95faca4d", top1: 78.468, top5: 94.086},
		{name: "wide_resnet50_2-v2", network: "Wide ResNet-50-2", file: "wide_resnet50_2-9ba9bcbe.pth", sha256: "9ba9bcbe", top1: 81.602, top5: 95.758, shorter: 232},
		{name: "wide_resnet101_2", network: "Wide ResNet-101-2", file: "wide_resnet101_2-32ee1156.pth", sha256: "32ee1156", top1: 78.848, top5: 94.284},
		{name: "wide_resnet101_2-v2", network: "Wide ResNet-101-2", file: "wide_resnet101_2-d733dc28.pth", sha256: "d733dc28", top1: 82.51, top5: 96.02, shorter: 232},
		{name: "squeezenet1_0", network: "SqueezeNet 1.0", file: "squeezenet1_0-b66bff10.pth", sha256: "b66bff10", top1: 58.092, top5: 80.42},
		{name: "squeezenet1_1", network: "SqueezeNet 1.1", file: "squeezenet1_1-b8a52dc0.pth", sha256: "b8a52dc0", top1: 58.178, top5: 80.624},
		{name: "mobilenet_v2", network: "MobileNet v2", file: "mobilenet_v2-b0353104.pth", sha256: "b0353104", top1: 71.878, top5: 90.286},
		{name: "mobilenet_v2-v2", network: "MobileNet v2", file: "mobilenet_v2-7ebf99e0.pth", sha256: "7ebf99e0", top1: 72.154, top5: 90.822, shorter: 232},
		{name: "shufflenet_v2_x0_5", network: "ShuffleNet v2", file: "shufflenetv2_x0.5-f707e7126e.pth", sha256: "f707e7126e", top1: 60.552, top5: 81.746, width: 0.5},
		{name: "shufflenet_v2_x1_0", network: "ShuffleNet v2", file: "shufflenetv2_x1-5666bf0f80.pth", sha256: "5666bf0f80", top1: 69.362, top5: 88.316},
		{name: "shufflenet_v2_x1_5", network: "ShuffleNet v2", file: "shufflenetv2_x1_5-3c479a10.pth", sha256: "3c479a10", top1: 72.996, top5: 91.086, width: 1.5, shorter: 232},
		{name: "shufflenet_v2_x2_0", network: "ShuffleNet v2", file: "shufflenetv2_x2_0-8be3c8ee.pth", sha256: "8be3c8ee", top1: 76.23, top5: 93.006, width: 2, shorter: 232},
		{name: "densenet121", network: "DenseNet-121", file: "densenet121-a639ec97.pth", sha256: "a639ec97", top1: 74.434, top5: 91.972},
		{name: "densenet161", network: "DenseNet-161", file: "densenet161-8d451a50.pth", sha256: "8d451a50", top1: 77.138, top5: 93.56},
		{name: "densenet169", network: "DenseNet-169", file: "densenet169-b2777c0a.pth", sha256: "b2777c0a", top1: 75.6, top5: 92.806},
		{name: "densenet201", network: "DenseNet-201", file: "densenet201-c1103571.pth", sha256: "c1103571", top1: 76.896, top5: 93.37},
		{name: "inception_v3", network: "Inception v3", file: "inception_v3_google-0cc3c7bd.pth", sha256: "0cc3c7bd", top1: 77.294, top5: 93.45},
	} {
		in := image.Config{Height: 224, Width: 224, Fit: image.Crop, Shorter: 256, Normalize: image.ImageNet}
		switch {
		case e.network == "Inception v3":
			// transform_input of torchvision turns ImageNet's normalisation into that of the weights, which are Google's.
			in = image.Config{Height: 299, Width: 299, Fit: image.Crop, Shorter: 342, Normalize: image.PlusMinusOne}
		case e.shorter != 0:
			in.Shorter = e.shorter
		}
		all = append(all, Pretrained{
			Name: "torchvision/" + e.name, Architecture: e.network, Task: "classification", Config: Config{Port: Torchvision, Width: e.width}, Input: in, Labels: imagenetLabels(),
			Files:  one(fetch.File{Name: e.file, URLs: []string{"https://download.pytorch.org/models/" + e.file}, SHA256: e.sha256}),
			Format: "pytorch", Licence: "none stated for the weights; torchvision is BSD-3-Clause", Citation: citation(e.network),
			Source: "https://pytorch.org/vision/stable/models.html", TrainedOn: "ImageNet-1K", Scores: onImageNet(e.top1, e.top5),
		})
	}
	return all
}

// onImageNet are the usual two accuracies, in per cent.
func onImageNet(top1, top5 float64) []Score {
	return []Score{{"top-1", top1, "ImageNet"}, {"top-5", top5, "ImageNet"}}
}

// citation is the paper of a network.
func citation(network string) string {
	for _, a := range Architectures() {
		if a.Name == network {
			return a.Title
		}
	}
	return ""
}
