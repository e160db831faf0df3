package zoo

import (
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// darknetEntries are the small detectors of Darknet's site. The SHA-256 of the two for COCO is that of the files in Gorgonia's module,
// gorgonia.org/gorgonia v0.9.18, which came from there; of that for Pascal VOC only the length is known. TinyYOLOv2Heads and its sisters
// make boxes of the outputs.
func darknetEntries() []Pretrained {
	const site = "https://pjreddie.com/media/files/"
	// Darknet's letterbox interpolates between the nearest pixels.
	in := image.Config{Height: 416, Width: 416, Fit: image.Letterbox, Resampling: image.BilinearAligned}
	const licence = "public domain, as Darknet's LICENSE says of Darknet"
	return []Pretrained{
		{
			Name: "darknet/yolov2-tiny", Architecture: "Tiny-YOLO v2 COCO", Task: "detection", Input: in, Labels: cocoLabels(), Format: "darknet",
			Files: one(fetch.File{Name: "yolov2-tiny.weights", URLs: []string{site + "yolov2-tiny.weights"}, Bytes: 44948600,
				SHA256: "16f4e870f1aed83f0089cb69bfda6b53cb7b2a4a01721be56eaf5c899dfac45f"}),
			Licence: licence, Citation: citation("Tiny-YOLO v2"), Source: "https://pjreddie.com/darknet/yolov2/", TrainedOn: "COCO",
			Verified: "outputs of PyTorch in float64",
		},
		{
			Name: "darknet/yolov2-tiny-voc", Architecture: "Tiny-YOLO v2", Task: "detection", Input: in, Labels: vocLabels(), Format: "darknet",
			Files:   one(fetch.File{Name: "yolov2-tiny-voc.weights", URLs: []string{site + "yolov2-tiny-voc.weights"}, Bytes: 63471556}),
			Licence: licence, Citation: citation("Tiny-YOLO v2"), Source: "https://pjreddie.com/darknet/yolov2/", TrainedOn: "Pascal VOC 2007 and 2012",
		},
		{
			Name: "darknet/yolov3-tiny", Architecture: "Tiny-YOLO v3", Task: "detection", Input: in, Labels: cocoLabels(), Format: "darknet",
			Files: one(fetch.File{Name: "yolov3-tiny.weights", URLs: []string{site + "yolov3-tiny.weights"}, Bytes: 35434956,
				SHA256: "dccea06f59b781ec1234ddf8d1e94b9519a97f4245748a7d4db75d5b7080a42c"}),
			Licence: licence, Citation: citation("Tiny-YOLO v3"), Source: "https://pjreddie.com/darknet/yolo/", TrainedOn: "COCO",
			Verified: "outputs of PyTorch in float64",
		},
	}
}
