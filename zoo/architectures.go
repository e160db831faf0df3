package zoo

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Architecture says how a network of the zoo was published.
type Architecture struct {
	Name    string // that of its Model
	Title   string // of the paper, with authors and year
	Input   []int  // shape of an example, without the batch
	Classes int    // length of the output
	// Build is the function of the zoo, with what it takes beyond Config left at its defaults.
	Build func(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model
}

// Architectures lists the networks of the zoo by family.
func Architectures() []Architecture {
	const (
		vgg      = "Simonyan and Zisserman (2014), Very deep convolutional networks for large-scale image recognition"
		resNet   = "He et al. (2015), Deep residual learning for image recognition"
		squeezed = "Iandola et al. (2016), SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size"
		dense    = "Huang et al. (2016), Densely connected convolutional networks"
	)
	imagenet := []int{224, 224, 3}
	return []Architecture{
		// Dense.
		{"MLP", "Géron (2017), Hands-on machine learning with Scikit-Learn and TensorFlow, chapter 10", []int{784}, 10, mlp},
		{"Stacked autoencoder", "Géron (2017), Hands-on machine learning with Scikit-Learn and TensorFlow, chapter 15", []int{784}, 784, stackedAutoencoder},

		// The first convolutions.
		{"LeNet-5", "LeCun et al. (1998), Gradient-based learning applied to document recognition", []int{32, 32, 1}, 10, LeNet5},

		// AlexNet and VGG.
		{"AlexNet", "Krizhevsky (2014), One weird trick for parallelizing convolutional neural networks", imagenet, 1000, AlexNet},
		{"VGG-11", vgg, imagenet, 1000, VGG11},
		{"VGG-13", vgg, imagenet, 1000, VGG13},
		{"VGG-16", vgg, imagenet, 1000, VGG16},
		{"VGG-19", vgg, imagenet, 1000, VGG19},
		{"VGG-11 BN", vgg, imagenet, 1000, VGG11BN},
		{"VGG-13 BN", vgg, imagenet, 1000, VGG13BN},
		{"VGG-16 BN", vgg, imagenet, 1000, VGG16BN},
		{"VGG-19 BN", vgg, imagenet, 1000, VGG19BN},

		// Residual.
		{"ResNet-18", resNet, imagenet, 1000, ResNet18},
		{"ResNet-34", resNet, imagenet, 1000, ResNet34},
		{"ResNet-50", resNet, imagenet, 1000, ResNet50},
		{"ResNet-101", resNet, imagenet, 1000, ResNet101},
		{"ResNet-152", resNet, imagenet, 1000, ResNet152},
		{"ResNet-20", resNet, []int{32, 32, 3}, 10, ResNet20},
		{"ResNet-32", resNet, []int{32, 32, 3}, 10, ResNet32},
		{"ResNet-44", resNet, []int{32, 32, 3}, 10, ResNet44},
		{"ResNet-56", resNet, []int{32, 32, 3}, 10, ResNet56},
		{"ResNet-110", resNet, []int{32, 32, 3}, 10, ResNet110},
		{"ResNeXt-50 32x4d", "Xie et al. (2017), Aggregated residual transformations for deep neural networks", imagenet, 1000, ResNeXt50},
		{"ResNeXt-101 32x8d", "Xie et al. (2017), Aggregated residual transformations for deep neural networks", imagenet, 1000, ResNeXt101},
		{"Wide ResNet-50-2", "Zagoruyko and Komodakis (2016), Wide residual networks", imagenet, 1000, WideResNet50},
		{"Wide ResNet-101-2", "Zagoruyko and Komodakis (2016), Wide residual networks", imagenet, 1000, WideResNet101},

		// Small and fast.
		{"SqueezeNet 1.0", squeezed, imagenet, 1000, SqueezeNet10},
		{"SqueezeNet 1.1", squeezed, imagenet, 1000, SqueezeNet11},
		{"MobileNet v1", "Howard et al. (2017), MobileNets: efficient convolutional neural networks for mobile vision applications", imagenet, 1000, MobileNetV1},
		{"MobileNet v2", "Sandler et al. (2018), MobileNetV2: inverted residuals and linear bottlenecks", imagenet, 1000, MobileNetV2},
		{"ShuffleNet v2", "Ma et al. (2018), ShuffleNet V2: practical guidelines for efficient CNN architecture design", imagenet, 1000, ShuffleNetV2},

		// Dense blocks and Inception.
		{"DenseNet-121", dense, imagenet, 1000, DenseNet121},
		{"DenseNet-161", dense, imagenet, 1000, DenseNet161},
		{"DenseNet-169", dense, imagenet, 1000, DenseNet169},
		{"DenseNet-201", dense, imagenet, 1000, DenseNet201},
		{"Inception v3", "Szegedy et al. (2015), Rethinking the inception architecture for computer vision", []int{299, 299, 3}, 1000, InceptionV3},

		// Detectors.
		{"Tiny-YOLO v2", "Redmon and Farhadi (2016), YOLO9000: better, faster, stronger", []int{416, 416, 3}, 20, TinyYOLOv2},
		{"Tiny-YOLO v2 COCO", "the same", []int{416, 416, 3}, 80, TinyYOLOv2COCO},
		{"Tiny-YOLO v3", "Redmon and Farhadi (2018), YOLOv3: an incremental improvement", []int{416, 416, 3}, 80, TinyYOLOv3},
		{"Ultra-Light RFB", "Liu et al. (2017), Receptive field block net for accurate and fast object detection", []int{240, 320, 3}, 2, UltraLightRFB},
	}
}
