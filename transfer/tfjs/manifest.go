package tfjs

import (
	"encoding/json"
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/weights"
)

// group is a list of weights, and of the shards that hold them if one is put after the other.
type group struct {
	Paths   []string          `json:"paths"`   // from the folder of the manifest on
	Weights []json.RawMessage `json:"weights"` // of each an entry
}

// What parts of a model take, beside their texts.
const (
	weightBytes = 2 * budget.Tensor // a weight in the lists of its group and of all, with what opens its shards
	shardBytes  = 192
	pairBytes   = 128 // of metadata
)

// entry is what the manifest says of a weight.
type entry struct {
	Name         string        `json:"name"`
	DType        string        `json:"dtype"` // of the values
	Shape        []int         `json:"shape"`
	Quantization *quantization `json:"quantization"`
}

// quantization says how a weight is stored that takes less than its dtype would: as uint8 or
// uint16, with values of stored*scale + min, or as float16, with neither.
type quantization struct {
	DType string   `json:"dtype"`
	Scale *float64 `json:"scale"`
	Min   *float64 `json:"min"`
}

// parseEntry reads an entry.
func parseEntry(text []byte, room *budget.Budget) (e entry, err error) {
	cost := budget.JSON(text, math.MaxInt)
	if err := room.Take(weightBytes + cost); err != nil {
		return e, err
	}
	defer room.Give(cost)
	if err := json.Unmarshal(text, &e); err != nil {
		return e, errors.WithStack(err)
	}
	return e, room.Take(int64(len(e.Name) + 8*cap(e.Shape)))
}

// tensor describes a weight, but for where it lies. Values that are integers once they are
// no longer quantised are rounded, which weights.Tensor does not do: for those round is true.
func (e entry) tensor() (t weights.Tensor, round bool, err error) {
	t = weights.Tensor{Name: e.Name, Shape: e.Shape}
	if t.Shape == nil {
		t.Shape = []int{}
	}
	switch e.DType {
	case "float32":
		t.DType = weights.Float32
	case "int32":
		t.DType = weights.Int32
	case "bool":
		t.DType = weights.Bool
	case "string":
		t.DType = weights.String
	default:
		return t, false, errors.Errorf("weight %q has the dtype %q; want float32, int32, bool or string", e.Name, e.DType)
	}
	q := e.Quantization
	switch {
	case q == nil:
		return t, false, nil
	case t.DType != weights.Float32 && t.DType != weights.Int32:
		return t, false, errors.Errorf("weight %q is %s and quantised; want float32 or int32", e.Name, e.DType)
	case q.DType == "float16" && t.DType == weights.Float32:
		t.DType = weights.Float16
		return t, false, nil
	case q.DType == "uint8", q.DType == "uint16":
	default:
		return t, false, errors.Errorf("weight %q is %s, quantised as %q; want uint8 or uint16, or for float32 float16", e.Name, e.DType, q.DType)
	}
	if q.Scale == nil || q.Min == nil || *q.Scale == 0 {
		return t, false, errors.Errorf("weight %q is quantised as %s; want its scale, not 0, and its min", e.Name, q.DType)
	}
	round = t.DType == weights.Int32
	t.Scale, t.Min, t.DType = *q.Scale, *q.Min, weights.Uint8
	if q.DType == "uint16" {
		t.DType = weights.Uint16
	}
	return t, round, nil
}

// parseModel reads a model.json, or a weights_manifest.json, which is its weightsManifest alone,
// as the converter wrote before 1.0.
func parseModel(text []byte, room *budget.Budget) (groups []group, metadata map[string]string, err error) {
	if len(text) > 0 && text[0] == '[' {
		groups, err = parseGroups(text, room)
		return groups, nil, errors.Wrap(err, "the manifest")
	}
	cost := int64(len(text)) + budget.JSON(text, 1)
	if err := room.Take(cost); err != nil {
		return nil, nil, err
	}
	defer room.Give(cost)
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, nil, errors.Wrap(err, "it is no JSON object")
	}
	manifest, ok := fields["weightsManifest"]
	if !ok {
		return nil, nil, errors.New("it has no weightsManifest; want a model.json of TensorFlow.js")
	}
	if groups, err = parseGroups(manifest, room); err != nil {
		return nil, nil, errors.Wrap(err, "weightsManifest")
	}
	delete(fields, "weightsManifest")
	metadata, err = describe(fields, room)
	return groups, metadata, err
}

// parseGroups reads a manifest, whose weights stay text.
func parseGroups(text []byte, room *budget.Budget) (groups []group, err error) {
	if err := room.Take(budget.JSON(text, 3)); err != nil {
		return nil, err
	}
	return groups, json.Unmarshal(text, &groups)
}

// describe makes metadata of what a model says beside the weights. What Keras writes into the
// topology of a layers model is found under the names that it has in Keras's own files.
func describe(fields map[string]json.RawMessage, room *budget.Budget) (map[string]string, error) {
	metadata := map[string]string{}
	var err error
	take := func(key string, value json.RawMessage) bool {
		if err == nil {
			err = room.Take(int64(pairBytes + len(key) + len(value)))
		}
		return err == nil
	}
	add := func(from map[string]json.RawMessage) {
		for key, value := range from {
			var text string
			switch {
			case !take(key, value):
			case json.Unmarshal(value, &text) != nil:
				metadata[key] = string(value)
			case text != "": // not null
				metadata[key] = text
			}
		}
	}
	cost := budget.JSON(fields["modelTopology"], 1)
	if err := room.Take(cost); err != nil {
		return nil, err
	}
	defer room.Give(cost)
	var topology map[string]json.RawMessage
	if json.Unmarshal(fields["modelTopology"], &topology) == nil && topology != nil {
		switch {
		case topology["model_config"] != nil: // converted from Keras
			add(topology)
			delete(fields, "modelTopology")
		case topology["class_name"] != nil: // saved by TensorFlow.js itself
			if take("model_config", fields["modelTopology"]) {
				metadata["model_config"] = string(fields["modelTopology"])
			}
			delete(fields, "modelTopology")
		}
	}
	add(fields)
	return metadata, err
}
