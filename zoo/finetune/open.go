package finetune

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Open opens what Save saved: path is the folder, or the .safetensors file in it. Close the result.
func Open(path string) (*Classifier, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, weightsFile)
	}
	k, err := open(path)
	return k, errors.WithMessagef(err, "finetune: Open %s", path)
}

func open(path string) (*Classifier, error) {
	file, err := transfer.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	k, err := described(file)
	if err != nil {
		return nil, err
	}
	plan, err := transfer.Map(file, k.below(k.Logits), "", transfer.Mapping{})
	if err == nil {
		err = plan.Load(k.Session, false)
	}
	if err != nil {
		k.Close()
		return nil, err
	}
	return k, nil
}

// described builds the classifier that a file's metadata describes.
func described(file *weights.File) (*Classifier, error) {
	text, ok := file.Metadata()[metadataKey]
	if !ok {
		return nil, errors.New("the file does not say which network it is of; want one that finetune saved")
	}
	var d description
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, errors.Wrap(err, "what the file says of its network")
	}
	if len(d.Classes) == 0 {
		return nil, errors.New("the file names no classes")
	}
	cfg := Config{Network: d.Network, Height: d.Height, Width: d.Width, Endpoint: d.Endpoint}
	cfg, entry, err := cfg.filled()
	if err != nil {
		return nil, err
	}
	return cfg.build(context.Background(), entry, d.Classes)
}
