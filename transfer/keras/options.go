package keras

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/ops"
)

// options are the config of a layer while it is read. What is wrong with a value is kept, the first time; what is not supported is listed.
type options struct {
	fields      map[string]json.RawMessage
	version     int  // of Keras, 2 or 3: in some layers they differ
	js          bool // written by TensorFlow.js
	err         error
	unsupported []string
	ignored     []string       // what training alone would need, and will not have
	room        *budget.Budget // for what the values become; nil once they have been read
}

// within returns the options of an object in this one, such as the layer in a wrapper, whose findings the caller takes over by takeOver.
func (o *options) within(fields map[string]json.RawMessage) *options {
	return &options{fields: fields, version: o.version, js: o.js, room: o.room}
}

func (o *options) takeOver(from *options) {
	if o.err == nil {
		o.err = from.err
	}
	o.unsupported, o.ignored = append(o.unsupported, from.unsupported...), append(o.ignored, from.ignored...)
}

func (o *options) fail(format string, args ...interface{}) {
	if o.err == nil {
		o.err = errors.Errorf(format, args...)
	}
}

// take takes memory.
func (o *options) take(bytes int64) error {
	err := o.room.Take(bytes)
	if err != nil && o.err == nil {
		o.err = err
	}
	return err
}

// refuse lists what is not supported.
func (o *options) refuse(what string) {
	if o.take(findingBytes+int64(len(what))) == nil {
		o.unsupported = append(o.unsupported, what)
	}
}

// has tells whether there is a value other than null.
func (o *options) has(key string) bool {
	v, ok := o.fields[key]
	return ok && string(v) != "null"
}

// Numbers of a list take more than their text, "1,": a pointer and a float64, in a list that grows. A finding is in two lists.
const (
	listTimes    = 24
	findingBytes = 64
)

// decode decodes the text of a value.
func (o *options) decode(text json.RawMessage, to interface{}) error {
	bytes := int64(len(text))
	if bytes > 0 && text[0] == '[' {
		bytes *= listTimes
	}
	if err := o.take(bytes); err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

// decodeFields decodes the text of an object, whose members become the options.
func (o *options) decodeFields(text json.RawMessage) error {
	if err := o.take(budget.JSON(text, 1)); err != nil {
		return err
	}
	return json.Unmarshal(text, &o.fields)
}

// value decodes a value into to, which stays as it is where there is none.
func (o *options) value(key, want string, to interface{}) {
	if !o.has(key) {
		return
	}
	if err := o.decode(o.fields[key], to); err != nil {
		o.fail("%s is %.100s; want %s", key, o.fields[key], want)
	}
}

func (o *options) text(key, otherwise string) string {
	o.value(key, "a text", &otherwise)
	return otherwise
}

func (o *options) flag(key string, otherwise bool) bool {
	o.value(key, "true or false", &otherwise)
	return otherwise
}

func (o *options) number(key string, otherwise float64) float64 {
	o.value(key, "a number", &otherwise)
	return otherwise
}

// integer is a whole number, which may be written as 1.0 or, by TensorFlow.js, be absent.
func (o *options) integer(key string, otherwise int) int {
	v := float64(otherwise)
	o.value(key, "a whole number", &v)
	if v != math.Trunc(v) || math.Abs(v) > 1<<31 {
		o.fail("%s is %v; want a whole number", key, v)
		return otherwise
	}
	return int(v)
}

// count is a positive whole number, which must be there.
func (o *options) count(key string) int {
	n := o.integer(key, 0)
	if n < 1 {
		o.fail("%s is %s; want a positive number", key, describe(o.fields[key]))
	}
	return n
}

func describe(v json.RawMessage) string {
	if v == nil {
		return "missing"
	}
	return string(v[:min(len(v), 100)])
}

// integers is a list of whole numbers, or one number.
func (o *options) integers(key string) []int {
	if !o.has(key) {
		return nil
	}
	var list []*float64
	if o.decode(o.fields[key], &list) != nil {
		list = []*float64{new(float64)}
		o.value(key, "a whole number, or a list of them", list[0])
	}
	all := make([]int, len(list))
	for i, v := range list {
		if v == nil || *v != math.Trunc(*v) || math.Abs(*v) > 1<<31 {
			o.fail("%s is %.100s; want whole numbers", key, o.fields[key])
			return nil
		}
		all[i] = int(*v)
	}
	return all
}

// sizes are positive numbers along n axes; one number stands for all, and none for otherwise.
func (o *options) sizes(key string, n, otherwise int) []int {
	all := o.integers(key)
	if all == nil {
		all = []int{otherwise}
	}
	if len(all) == 1 {
		for len(all) < n {
			all = append(all, all[0])
		}
	}
	for _, v := range all {
		if len(all) != n || v < 1 {
			o.fail("%s is %s; want %d positive numbers", key, describe(o.fields[key]), n)
			return make([]int, n)
		}
	}
	return all
}

// margins are pairs of numbers of 0 or more along n axes, what comes before and behind: one number stands for all, and one along an axis for both.
func (o *options) margins(key string, n, otherwise int) [][2]int {
	wrong := func() [][2]int {
		o.fail("%s is %s; want %d pairs of numbers of 0 or more", key, describe(o.fields[key]), n)
		return make([][2]int, n)
	}
	all := make([][2]int, n)
	for a := range all {
		all[a] = [2]int{otherwise, otherwise}
	}
	if !o.has(key) {
		return all
	}
	var pairs [][]int
	if n > 1 && o.decode(o.fields[key], &pairs) == nil {
		if len(pairs) != n {
			return wrong()
		}
		for a, p := range pairs {
			if len(p) != 2 {
				return wrong()
			}
			all[a] = [2]int{p[0], p[1]}
		}
	} else {
		switch v := o.integers(key); {
		case len(v) == 1:
			for a := range all {
				all[a] = [2]int{v[0], v[0]}
			}
		case n == 1 && len(v) == 2:
			all[0] = [2]int{v[0], v[1]}
		case n > 1 && len(v) == n:
			for a := range all {
				all[a] = [2]int{v[a], v[a]}
			}
		default:
			return wrong()
		}
	}
	for _, m := range all {
		if m[0] < 0 || m[1] < 0 {
			return wrong()
		}
	}
	return all
}

// format is the data_format of layers that see images or sequences.
func (o *options) format() ops.DataFormat {
	switch f := o.text("data_format", "channels_last"); f {
	case "channels_last", "channelsLast":
	case "channels_first", "channelsFirst":
		return ops.ChannelsFirst
	default:
		o.fail("data_format is %.100q; want channels_last or channels_first", f)
	}
	return ops.ChannelsLast
}

// padding is valid or same; causal where that is allowed.
func (o *options) padding(causalToo bool) (p ops.Padding, causal bool) {
	switch v := o.text("padding", "valid"); {
	case v == "valid":
	case v == "same":
		return ops.Same, false
	case v == "causal" && causalToo:
		return ops.Valid, true
	default:
		o.fail("padding is %.100q; want valid or same", v)
	}
	return ops.Valid, false
}

// policy is the name of the layer's dtype or policy of dtypes; quantized tells that its weights are integers with scales (Keras 3), such as of
// "int8_from_float32".
func (o *options) policy() (name string, quantized bool) {
	var policy struct {
		Class  string `json:"class_name"`
		Config struct {
			Name string `json:"name"`
		} `json:"config"`
	}
	if o.has("dtype") && o.decode(o.fields["dtype"], &name) != nil && o.decode(o.fields["dtype"], &policy) == nil {
		name = policy.Config.Name
	}
	return name, strings.Contains(policy.Class, "Quantized") || strings.Contains(name, "_from_")
}

// dtype is the dtype of the layer's variables and results, float32 or float64; known is false where the config does not say. Mixed and 16-bit
// policies are those of float32, in which a graph computes.
func (o *options) dtype() (dt tensor.Dtype, known bool) {
	switch name, _ := o.policy(); name {
	case "float32", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16":
		return tensor.Float32, true
	case "float64":
		return tensor.Float64, true
	}
	return dt, false
}
