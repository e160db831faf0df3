package zoo_test

import (
	"context"
	"fmt"
	stdimage "image"
	"log"
	"os"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer/safetensors"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/zoo"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// What is known of a network that others have trained.
func ExampleDescribe() {
	entry, err := zoo.Describe("torchvision/resnet18")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Architecture, entry.Scores)
	fmt.Println(entry.Files[0].Name)
	// Output:
	// ResNet-18 [top-1 69.76 % on ImageNet top-5 89.08 % on ImageNet]
	// resnet18-f37072fd.pth
}

// The classes of a photo, by weights that are found in the cache or downloaded once.
func ExampleModel_Load() {
	classify := func(name, photo string, where fetch.Config) ([]zoo.Guess, error) {
		entry, err := zoo.Describe(name)
		if err != nil {
			return nil, err
		}
		g := graph.New(graph.Config{})
		x := graph.Placeholder(g.Scope(), "x", g.Dtype(), graph.Unknown, entry.Input.Height, entry.Input.Width, 3)
		m := zoo.Build(g.Scope(), name, x, zoo.Config{Fetch: where})
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			return nil, err
		}
		defer sess.Close()
		if err := m.Load(context.Background(), sess); err != nil {
			return nil, err
		}
		picture, err := image.Open(photo, entry.Input)
		if err != nil {
			return nil, err
		}
		batch := tensor.New(tensor.WithShape(1, picture.Height, picture.Width, 3), tensor.WithBacking(picture.Pix))
		out, err := sess.Run(graph.Feeds{x: batch}, m.Output)
		if err != nil {
			return nil, err
		}
		guesses, err := entry.Top(out.Tensor(0), 5)
		if err != nil {
			return nil, err
		}
		return guesses[0], nil
	}

	// A folder in place of the network, with a file in place of the published one, of which there is no checksum.
	folder, photo := standIn("keras/mobilenet_0.25", "Samoyed")
	defer os.RemoveAll(folder)
	guesses, err := classify("keras/mobilenet_0.25", photo, fetch.Config{Mirrors: []string{folder}, Unchecked: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(guesses), guesses[0].Label)
	// Output: 5 Samoyed
}

// standIn makes a folder with a photo, and with a file of weights that sees one class in everything.
func standIn(name, class string) (folder, photo string) {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	entry, err := zoo.Describe(name)
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{})
	m := zoo.Build(g.Scope(), name, graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 224, 224, 3), zoo.Config{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	var all []weights.Named // Keras calls them as the zoo does
	for _, v := range m.Variables() {
		value, err := sess.Value(v)
		if err != nil {
			log.Fatal(err)
		}
		dense := value.(*tensor.Dense)
		if g.NameOf(v) == "conv_preds/bias" {
			for i, label := range entry.Labels {
				if label == class {
					dense.Float32s()[i] = 10
				}
			}
		}
		all = append(all, weights.Named{Name: g.NameOf(v), Value: dense})
	}
	if err := safetensors.Write(filepath.Join(folder, entry.Files[0].Name), all, nil); err != nil {
		log.Fatal(err)
	}
	picture, err := image.From(stdimage.NewGray(stdimage.Rect(0, 0, 300, 200)), image.Config{})
	if err != nil {
		log.Fatal(err)
	}
	content, err := picture.PNG()
	if err == nil {
		photo = filepath.Join(folder, "photo.png")
		err = os.WriteFile(photo, content, 0o666)
	}
	if err != nil {
		log.Fatal(err)
	}
	return folder, photo
}
