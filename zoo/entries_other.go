package zoo

import (
	_ "embed" // the list of a network's files
	"fmt"
	"strings"

	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// otherEntries are networks of smaller publishers. URLs name a commit, so that the checksums stay true.
func otherEntries() []Pretrained {
	const raw = "https://raw.githubusercontent.com/"
	middle := image.Config{Height: 224, Width: 224, Fit: image.Crop}
	signed, caffe := middle, middle
	signed.Normalize, caffe.Normalize = image.PlusMinusOne, image.Caffe
	return []Pretrained{
		{
			Name: "tfjs/mobilenet_v1_0.25_224", Architecture: "MobileNet v1", Task: "classification",
			Config: Config{Port: Keras, Width: 0.25}, Input: signed, Labels: imagenetLabels(),
			Files:  filesOf(raw+"giangndonaclover/ILearnMachineLearning.js/edfa5df8c3c9b2dc2f4b471d30a326b2f1ba090b/models/mobilenet/", mobilenetFiles),
			Format: "tfjs", Licence: "MIT, as the repository says", Citation: citation("MobileNet v1"), Source: "https://github.com/giangndonaclover/ILearnMachineLearning.js",
			TrainedOn: "ImageNet-1K", Verified: "logits of PyTorch in float64 for eight photos, TensorFlow.js' agree",
		},
		{
			Name: "keras/squeezenet_v1.1_notop", Architecture: "SqueezeNet 1.1", Task: "classification", Config: Config{Port: Keras, NoTop: true}, Input: caffe,
			Files: one(fetch.File{Name: "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5", Bytes: 3002560, SHA256: "17154246284f555591549ac2c83e127abfbf4307dc4b0060fdaa2931d0fa38da",
				URLs: []string{raw + "DeepCognition/keras-squeezenet/a73d4339aa4d37c51a0b3ba044bed55477abec73/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"}}),
			Format: "keras", Licence: "MIT, as the repository says", Citation: citation("SqueezeNet 1.1"),
			Source: "https://github.com/DeepCognition/keras-squeezenet", TrainedOn: "ImageNet-1K",
			Verified: "features of PyTorch in float64 for four photos, TensorFlow.js' agree",
		},
		{
			Name: "cifar/resnet20", Architecture: "ResNet-20", Task: "classification", Input: image.Config{Height: 32, Width: 32, Normalize: image.ImageNet}, Labels: cifar10Labels(),
			Files: one(fetch.File{Name: "resnet20-12fca82f.th", Bytes: 1099231, SHA256: "12fca82f0bebc4135bf1f32f6e3710e61d5108578464b84fd6d7f5c1b04036c8",
				URLs: []string{raw + "akamaster/pytorch_resnet_cifar10/d5489e8995e81e91ce6b1d69dcc98ad579b0b153/pretrained_models/resnet20-12fca82f.th"}}),
			Format: "pytorch", Licence: "BSD-2-Clause, as the repository says", Citation: citation("ResNet-20"), Source: "https://github.com/akamaster/pytorch_resnet_cifar10",
			TrainedOn: "CIFAR-10", Scores: []Score{{"top-1", 91.73, "CIFAR-10"}}, Verified: "logits of PyTorch in float64 for 100 pictures",
			names: transfer.Torchvision,
		},
		{
			// The network is MobileNet v2 with three dense layers. The checksum of the weights is that of the copy in version 4.4.0 of the npm package.
			Name: "nsfwjs/mobilenet_v2", Task: "classification", Labels: []string{"Drawing", "Hentai", "Neutral", "Porn", "Sexy"}, Probabilities: true,
			Input: image.Config{Height: 224, Width: 224, Resampling: image.BilinearAligned},
			Files: filesOf(raw+"infinitered/nsfwjs/a0f6afd9685743c87bdd113e6c0d401b023420e4/models/quant_nsfw_mobilenet/",
				"model.json 128945 11846416217e68bf1eb7b0e651bcfd305973566453c63275bbd16766ab089979\n"+
					"group1-shard1of1 2619461 8e7dddbb16acacc1bf1601b1b8a761e730ff934b7f2d7771312b2f000e5f5f13"),
			Format: "tfjs", Licence: "MIT, as the repository says", Citation: citation("MobileNet v2"), Source: "https://github.com/infinitered/nsfwjs",
			TrainedOn: "60 GB of pictures found by nsfw_data_scraper", Verified: "probabilities of TensorFlow.js for three photos",
		},
		{
			Name: "ultralight/version-RFB-320", Architecture: "Ultra-Light RFB", Task: "detection", Labels: []string{"background", "face"},
			Input: image.Config{Height: 240, Width: 320, Resampling: image.BilinearSharp, // of OpenCV
				Normalize: image.Normalization{Mean: []float64{127. / 255}, Std: []float64{128. / 255}}},
			Files: one(fetch.File{Name: "version-RFB-320.pth", Bytes: 1168374, SHA256: "c722b4427cc71642768baef6e15c659931b56f07425e5d2b0ec033ad41b145b3",
				URLs: []string{raw + "Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB/dffdddda9794a50607cba8f318507a28c1c27cab/models/pretrained/version-RFB-320.pth"}}),
			Format: "pytorch", Licence: "MIT, as the repository says", Citation: citation("Ultra-Light RFB"),
			Source: "https://github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB", TrainedOn: "WIDER FACE",
			Scores:   []Score{{"AP (easy)", 78.7, "WIDER FACE"}, {"AP (medium)", 69.8, "WIDER FACE"}, {"AP (hard)", 43.8, "WIDER FACE"}},
			Verified: "outputs of ONNX Runtime for a photo", names: transfer.Torchvision,
		},
	}
}

// mobilenetFiles lists name, length and SHA-256 of the files of a model of TensorFlow.js.
//
//go:embed checksums/tfjs_mobilenet_v1_0.25_224.txt
var mobilenetFiles string

// filesOf are the files of a list below a URL, a line of name, length and SHA-256 each. The lists are part of the program: it panics on another line.
func filesOf(below, list string) []fetch.File {
	var files []fetch.File
	for _, line := range strings.Split(strings.TrimSpace(list), "\n") {
		var f fetch.File
		_, err := fmt.Sscanf(line, "%s %d %s", &f.Name, &f.Bytes, &f.SHA256)
		if err != nil || len(strings.Fields(line)) != 3 {
			panic(fmt.Sprintf("zoo: the list of files below %s has the line %q (%v); want name, length and SHA-256", below, line, err))
		}
		f.URLs = []string{below + f.Name}
		files = append(files, f)
	}
	return files
}
