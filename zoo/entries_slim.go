package zoo

import (
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// slimEntries are the checkpoints of TF-slim for the architectures of the zoo. URLs and accuracies, measured on one crop, are those of its
// README and of that of MobileNet; checksums were not published. VGG and ResNet were converted from Caffe's. Inception and MobileNet have a
// class more than ImageNet, the first, for the background.
func slimEntries() []Pretrained {
	const (
		models = "https://download.tensorflow.org/models/"
		mobile = "https://storage.googleapis.com/mobilenet_v2/checkpoints/"
	)
	inception := image.Config{Height: 224, Width: 224, Fit: image.Crop, Normalize: image.PlusMinusOne}
	large := image.Config{Height: 299, Width: 299, Fit: image.Crop, Normalize: image.PlusMinusOne}
	// vgg_preprocessing of TF-slim takes the mean colour of ImageNet from 0..255, and leaves the order red, green, blue.
	vgg := image.Config{Height: 224, Width: 224, Fit: image.Crop, Shorter: 256,
		Normalize: image.Normalization{Mean: []float64{123.68 / 255, 116.78 / 255, 103.94 / 255}, Std: []float64{1.0 / 255}}}
	var all []Pretrained
	for _, e := range []struct {
		name, network, url, archive string
		members                     []string
		top1, top5                  float64
		in                          image.Config
		cfg                         Config
	}{
		{name: "inception_v3", network: "Inception v3", url: models, archive: "inception_v3_2016_08_23.tar.gz", members: []string{"inception_v3.ckpt"},
			top1: 78, top5: 93.9, in: large, cfg: Config{Classes: 1001}},
		{name: "resnet_v1_50", network: "ResNet-50", url: models, archive: "resnet_v1_50_2016_08_23.tar.gz", members: []string{"resnet_v1_50.ckpt"},
			top1: 75.2, top5: 92.2, in: vgg},
		{name: "resnet_v1_101", network: "ResNet-101", url: models, archive: "resnet_v1_101_2016_08_23.tar.gz", members: []string{"resnet_v1_101.ckpt"},
			top1: 76.4, top5: 92.9, in: vgg},
		{name: "resnet_v1_152", network: "ResNet-152", url: models, archive: "resnet_v1_152_2016_08_23.tar.gz", members: []string{"resnet_v1_152.ckpt"},
			top1: 76.8, top5: 93.2, in: vgg},
		{name: "vgg_16", network: "VGG-16", url: models, archive: "vgg_16_2016_08_23.tar.gz", members: []string{"vgg_16.ckpt"},
			top1: 71.5, top5: 89.8, in: vgg},
		{name: "vgg_19", network: "VGG-19", url: models, archive: "vgg_19_2016_08_23.tar.gz", members: []string{"vgg_19.ckpt"},
			top1: 71.1, top5: 89.8, in: vgg},
		{name: "mobilenet_v1_1.0_224", network: "MobileNet v1", url: models + "mobilenet_v1_2018_08_02/", archive: "mobilenet_v1_1.0_224.tgz", members: checkpoint("mobilenet_v1_1.0_224"),
			top1: 70.9, top5: 89.9, in: inception, cfg: Config{Classes: 1001}},
		{name: "mobilenet_v1_0.75_224", network: "MobileNet v1", url: models + "mobilenet_v1_2018_08_02/", archive: "mobilenet_v1_0.75_224.tgz", members: checkpoint("mobilenet_v1_0.75_224"),
			top1: 68.4, top5: 88.2, in: inception, cfg: Config{Classes: 1001, Width: 0.75}},
		{name: "mobilenet_v1_0.5_224", network: "MobileNet v1", url: models + "mobilenet_v1_2018_08_02/", archive: "mobilenet_v1_0.5_224.tgz", members: checkpoint("mobilenet_v1_0.5_224"),
			top1: 63.3, top5: 84.9, in: inception, cfg: Config{Classes: 1001, Width: 0.5}},
		{name: "mobilenet_v1_0.25_224", network: "MobileNet v1", url: models + "mobilenet_v1_2018_08_02/", archive: "mobilenet_v1_0.25_224.tgz", members: checkpoint("mobilenet_v1_0.25_224"),
			top1: 49.8, top5: 74.2, in: inception, cfg: Config{Classes: 1001, Width: 0.25}},
		{name: "mobilenet_v2_1.4_224", network: "MobileNet v2", url: mobile, archive: "mobilenet_v2_1.4_224.tgz", members: checkpoint("mobilenet_v2_1.4_224"),
			top1: 75, top5: 92.5, in: inception, cfg: Config{Classes: 1001, Width: 1.4}},
		{name: "mobilenet_v2_1.3_224", network: "MobileNet v2", url: mobile, archive: "mobilenet_v2_1.3_224.tgz", members: checkpoint("mobilenet_v2_1.3_224"),
			top1: 74.4, top5: 92.1, in: inception, cfg: Config{Classes: 1001, Width: 1.3}},
		{name: "mobilenet_v2_1.0_224", network: "MobileNet v2", url: mobile, archive: "mobilenet_v2_1.0_224.tgz", members: checkpoint("mobilenet_v2_1.0_224"),
			top1: 71.8, top5: 91, in: inception, cfg: Config{Classes: 1001}},
		{name: "mobilenet_v2_0.75_224", network: "MobileNet v2", url: mobile, archive: "mobilenet_v2_0.75_224.tgz", members: checkpoint("mobilenet_v2_0.75_224"),
			top1: 69.8, top5: 89.6, in: inception, cfg: Config{Classes: 1001, Width: 0.75}},
		{name: "mobilenet_v2_0.5_224", network: "MobileNet v2", url: mobile, archive: "mobilenet_v2_0.5_224.tgz", members: checkpoint("mobilenet_v2_0.5_224"),
			top1: 65.4, top5: 86.4, in: inception, cfg: Config{Classes: 1001, Width: 0.5}},
		{name: "mobilenet_v2_0.35_224", network: "MobileNet v2", url: mobile, archive: "mobilenet_v2_0.35_224.tgz", members: checkpoint("mobilenet_v2_0.35_224"),
			top1: 60.3, top5: 82.9, in: inception, cfg: Config{Classes: 1001, Width: 0.35}},
	} {
		e.cfg.Port = TFSlim
		names := imagenetLabels()
		if e.cfg.Classes == 1001 {
			names = backgroundLabels()
		}
		all = append(all, Pretrained{
			Name: "slim/" + e.name, Architecture: e.network, Task: "classification", Config: e.cfg, Input: e.in, Labels: names,
			Files:  one(fetch.File{Name: e.archive, URLs: []string{e.url + e.archive}, Members: e.members}),
			Format: "tensorflow", Licence: "none stated for the weights; TF-slim is Apache-2.0", Citation: citation(e.network),
			Source: "https://github.com/tensorflow/models/tree/master/research/slim", TrainedOn: "ImageNet-1K", Scores: onImageNet(e.top1, e.top5),
		})
	}
	return all
}

// checkpoint are the two files of one of TensorFlow's checkpoints since version 0.12.
func checkpoint(name string) []string {
	return []string{name + ".ckpt.index", name + ".ckpt.data-00000-of-00001"}
}
