package zoo

import (
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// kerasEntries are the weights of keras.applications for the architectures of the zoo. URLs and MD5 checksums are those of the source of
// keras_applications and keras.applications, accuracies those of the README of keras_applications, measured on one crop. Of MobileNet no
// checksum was published.
func kerasEntries() []Pretrained {
	const (
		github   = "https://github.com/fchollet/deep-learning-models/releases/download/"
		storage  = "https://storage.googleapis.com/tensorflow/keras-applications/"
		kernels  = "_weights_tf_dim_ordering_tf_kernels.h5"
		densenet = "https://github.com/keras-team/keras-applications/releases/download/densenet/"
	)
	var all []Pretrained
	for _, e := range []struct {
		name, network, url, file, md5 string
		top1, top5                    float64 // errors, as the README has them; 0 where it has none
		normalize                     image.Normalization
		size                          int // 0 for 224
		cfg                           Config
	}{
		{name: "vgg16", network: "VGG-16", url: github + "v0.1/", file: "vgg16" + kernels, md5: "64373286793e3c8b2b4e3219cbf3544b", top1: 28.732, top5: 9.95,
			normalize: image.Caffe},
		{name: "vgg19", network: "VGG-19", url: github + "v0.1/", file: "vgg19" + kernels, md5: "cbe5617147190e668d6c5d5026f83318", top1: 28.744, top5: 10.012,
			normalize: image.Caffe},
		{name: "resnet50", network: "ResNet-50", url: storage + "resnet/", file: "resnet50" + kernels, md5: "2cb95161c43110f7111970584f804107", normalize: image.Caffe},
		{name: "resnet101", network: "ResNet-101", url: storage + "resnet/", file: "resnet101" + kernels, md5: "f1aeb4b969a6efcfb50fad2f0c20cfc5", normalize: image.Caffe},
		{name: "resnet152", network: "ResNet-152", url: storage + "resnet/", file: "resnet152" + kernels, md5: "100835be76be38e30d865e96f2aaae62", normalize: image.Caffe},
		{name: "inception_v3", network: "Inception v3", url: github + "v0.5/", file: "inception_v3" + kernels, md5: "9a0d58056eeedaa3f26cb7ebd46da564",
			top1: 22.102, top5: 6.28, normalize: image.PlusMinusOne, size: 299},
		{name: "mobilenet_0.25", network: "MobileNet v1", url: github + "v0.6/", file: "mobilenet_2_5_224_tf.h5", top1: 48.418, top5: 24.208, normalize: image.PlusMinusOne, cfg: Config{Width: 0.25}},
		{name: "mobilenet_0.5", network: "MobileNet v1", url: github + "v0.6/", file: "mobilenet_5_0_224_tf.h5", top1: 35.708, top5: 14.376, normalize: image.PlusMinusOne, cfg: Config{Width: 0.5}},
		{name: "mobilenet_0.75", network: "MobileNet v1", url: github + "v0.6/", file: "mobilenet_7_5_224_tf.h5", top1: 31.588, top5: 11.758, normalize: image.PlusMinusOne, cfg: Config{Width: 0.75}},
		{name: "mobilenet_1.0", network: "MobileNet v1", url: github + "v0.6/", file: "mobilenet_1_0_224_tf.h5", top1: 29.576, top5: 10.496, normalize: image.PlusMinusOne},
		{name: "densenet121", network: "DenseNet-121", url: densenet, file: "densenet121" + kernels, md5: "9d60b8095a5708f2dcce2bca79d332c7", top1: 25.48, top5: 8.022,
			normalize: image.ImageNet},
		{name: "densenet169", network: "DenseNet-169", url: densenet, file: "densenet169" + kernels, md5: "d699b8f76981ab1b30698df4c175e90b", top1: 23.926, top5: 6.892,
			normalize: image.ImageNet},
		{name: "densenet201", network: "DenseNet-201", url: densenet, file: "densenet201" + kernels, md5: "1ceb130c1ea1b78c3bf6114dbdfd8807", top1: 22.936, top5: 6.542,
			normalize: image.ImageNet},
	} {
		e.cfg.Port = Keras
		if e.size == 0 {
			e.size = 224
		}
		var scores []Score
		if e.top1 != 0 {
			scores = onImageNet(100-e.top1, 100-e.top5)
		}
		all = append(all, Pretrained{
			Name: "keras/" + e.name, Architecture: e.network, Task: "classification", Config: e.cfg,
			Input: image.Config{Height: e.size, Width: e.size, Fit: image.Crop, Normalize: e.normalize}, Labels: imagenetLabels(),
			Files:  one(fetch.File{Name: e.file, URLs: []string{e.url + e.file}, MD5: e.md5}),
			Format: "keras", Licence: "none stated for the weights; keras_applications is MIT", Citation: citation(e.network),
			Source: "https://github.com/keras-team/keras-applications", TrainedOn: "ImageNet-1K", Scores: scores,
		})
	}
	return all
}
