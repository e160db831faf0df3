package zoo_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/boxes"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/darknet"
	"github.com/plexaura/plexaura/zoo"
)

// A network and what its layers are.
func Example() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 32, 32, 1)
	m := zoo.LeNet5(s, x, zoo.Config{})
	summary, err := m.Summary()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(summary)
	// Output:
	// LeNet-5 of 1 x 32 x 32 x 1
	// layer   output            parameters  multiply-adds
	// C1      1 x 28 x 28 x 6   156         117,600
	// S2      1 x 14 x 14 x 6   0           0
	// C3      1 x 10 x 10 x 16  2,416       240,000
	// S4      1 x 5 x 5 x 16    0           0
	// C5      1 x 1 x 1 x 120   48,120      48,000
	// F6      1 x 84            10,164      10,080
	// output  1 x 10            850         840
	// total                     61,706      416,520
}

// Weights of torchvision, of which the classifier is left out.
func ExampleModel_Mapping() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 224, 224, 3)
	m := zoo.MobileNetV2(s.Sub("net"), x, zoo.Config{Port: zoo.Torchvision, NoTop: true})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	f, err := transfer.Open("mobilenet_v2-b0353104.pth")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	mapping, err := m.Mapping(zoo.Torchvision)
	if err != nil {
		log.Fatal(err)
	}
	plan, err := transfer.Map(f, m.Variables(), "net", mapping)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plan)
	if err := plan.Load(sess, false); err != nil {
		log.Fatal(err)
	}
}

// A new classifier on the features of a layer in the middle; only its own variables are trained.
func ExampleModel_Endpoint() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 224, 224, 3)
	m := zoo.MobileNetV2(s.Sub("mobilenet"), x, zoo.Config{NoTop: true})
	features := m.Endpoint("block_12_add")
	top := s.Sub("top")
	logits := ops.Dense(top, ops.GlobalAvgPool(top, features, ops.GlobalPoolConfig{}), 5, ops.DenseConfig{})
	if err := g.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(graph.SpecOf(features))
	fmt.Println(graph.SpecOf(logits))
	for _, v := range g.Trainable("top/.*") {
		fmt.Println(g.NameOf(v), v.Shape())
	}
	// Output:
	// float32[?, 14, 14, 96]
	// float32[?, 5]
	// top/kernel (96, 5)
	// top/bias (5)
}

// Things in a picture, by the weights that the authors of Darknet published.
func ExampleTinyYOLOv3() {
	detect := func(weights, path string) (*boxes.Detections, error) {
		g := graph.New(graph.Config{})
		x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 416, 416, 3)
		m := zoo.TinyYOLOv3(g.Scope(), x, zoo.Config{})
		heads := zoo.TinyYOLOv3Heads(0)
		var fetches gorgonia.Nodes
		for _, h := range heads {
			fetches = append(fetches, m.Endpoint(h.Layer))
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			return nil, err
		}
		defer sess.Close()
		if _, err := darknet.LoadFile(sess, m.Variables(), weights, darknet.LoadConfig{}); err != nil {
			return nil, err
		}

		picture, err := image.Open(path, image.Config{})
		if err != nil {
			return nil, err
		}
		input, err := darknet.Letterbox(picture, 416, 416)
		if err != nil {
			return nil, err
		}
		out, err := sess.Run(graph.Feeds{x: input.Tensor()}, fetches...)
		if err != nil {
			return nil, err
		}
		var all []boxes.Box
		for i, h := range heads {
			found, err := h.Boxes(out.Tensor(i), 416, 416, 0.5) // of each image of the batch
			if err != nil {
				return nil, err
			}
			all = append(all, found[0]...)
		}
		shown, err := picture.Picture()
		return &boxes.Detections{Picture: shown, Boxes: input.Pixels(boxes.Suppress(all, 0.45)), Names: boxes.COCO()}, err
	}
	found, err := detect("yolov3-tiny.weights", "street.jpg")
	fmt.Println(found, err)
}

// Faces in a photo, by published weights that are found or downloaded. Class 1 is the face.
func ExampleUltraLightRFB() {
	detect := func(path string) (*boxes.Detections, error) {
		faces, err := zoo.Describe("ultralight/version-RFB-320")
		if err != nil {
			return nil, err
		}
		g := graph.New(graph.Config{})
		x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 240, 320, 3)
		m := zoo.Build(g.Scope(), faces.Name, x, zoo.Config{})
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			return nil, err
		}
		defer sess.Close()
		if err := m.Load(context.Background(), sess); err != nil {
			return nil, err
		}

		photo, err := image.Open(path, image.Config{})
		if err != nil {
			return nil, err
		}
		shown, err := photo.Picture()
		if err != nil {
			return nil, err
		}
		input, err := image.From(shown, faces.Input)
		if err != nil {
			return nil, err
		}
		pixels := tensor.New(tensor.WithShape(1, 240, 320, 3), tensor.WithBacking(input.Pix))
		out, err := sess.Run(graph.Feeds{x: pixels}, m.Endpoint("confidences"), m.Endpoint("locations"))
		if err != nil {
			return nil, err
		}
		found, err := zoo.UltraLightRFBHead().Boxes(out.Tensor(0), out.Tensor(1), 240, 320, 0.7) // of each picture of the batch
		if err != nil {
			return nil, err
		}
		kept := boxes.Suppress(found[0], 0.3)
		for i, b := range kept {
			kept[i] = b.Scaled(float64(photo.Width), float64(photo.Height))
		}
		return &boxes.Detections{Picture: shown, Boxes: kept, Names: faces.Labels}, nil
	}
	found, err := detect("people.jpg")
	fmt.Println(found, err)
}
