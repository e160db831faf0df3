package finetune

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/internal/wholefile"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/onnx"
	"github.com/plexaura/plexaura/transfer/safetensors"
	"github.com/plexaura/plexaura/transfer/weights"
)

// The files of a saved classifier.
const (
	weightsFile = "model.safetensors"
	labelsFile  = "labels.txt"
)

// metadataKey is under what a description stands in the weights' file.
const metadataKey = "plexaura/finetune"

// description is what a classifier is built from. It stands in the file of the weights, so that the two cannot come apart.
type description struct {
	Network  string   `json:"network"`
	Endpoint string   `json:"endpoint"`
	Height   int      `json:"height"`
	Width    int      `json:"width"`
	Classes  []string `json:"classes"`
}

// Save writes the classifier into a folder, which is made: model.safetensors has the weights and all that Open needs, labels.txt the names of the classes
// in the order of the logits, one a line. Each file is whole or as it was before.
func (k *Classifier) Save(dir string) error {
	return errors.WithMessagef(k.save(dir), "finetune: Save %s", dir)
}

func (k *Classifier) save(dir string) error {
	text, err := json.Marshal(description{Network: k.entry.Name, Endpoint: k.endpoint, Height: k.Input.Height, Width: k.Input.Width, Classes: k.Classes})
	if err != nil {
		return err
	}
	vars := k.below(k.Logits)
	values, err := k.Session.Values(vars...)
	if err != nil {
		return err
	}
	tensors := make([]weights.Named, len(vars))
	for i, v := range vars {
		tensors[i] = weights.Named{Name: k.Session.Graph().NameOf(v), Value: values[i]}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if err := safetensors.Write(filepath.Join(dir, weightsFile), tensors, map[string]string{metadataKey: string(text)}); err != nil {
		return err
	}
	return wholefile.Write(filepath.Join(dir, labelsFile), func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Join(k.Classes, "\n")+"\n")
		return err
	})
}

// SaveONNX writes the classifier for other programs: the model takes x, [batch, height, width, channels] as Input makes it, and gives the probabilities of
// the classes, [batch, classes].
func (k *Classifier) SaveONNX(path string) error {
	g := k.Session.Graph()
	probabilities := ops.Softmax(g.Scope().NameScope("export"), k.Logits)
	m, err := onnx.Export(k.Session, gorgonia.Nodes{probabilities}, onnx.ExportConfig{Metadata: map[string]string{"labels": strings.Join(k.Classes, "\n")}})
	if err == nil {
		err = m.Save(path)
	}
	return errors.WithMessagef(err, "finetune: SaveONNX %s", path)
}
