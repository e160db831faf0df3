package cell

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const plain = "text/plain"

// Bundle is a MIME bundle as it can be sent: a copy without what is empty, as a picture that there is not. Contents that
// cannot be JSON, as NaN, a channel or a map in itself, are shown as text/plain if the bundle has no other such text. What
// is text by its type is a string.
func Bundle(bundle map[string]interface{}) map[string]interface{} {
	sent := map[string]interface{}{}
	var unsent []string
	for _, mime := range slices.Sorted(maps.Keys(bundle)) {
		isText := strings.HasPrefix(mime, "text/")
		switch content := bundle[mime].(type) {
		case nil:
		case string:
			if content != "" {
				sent[mime] = content
			}
		case []byte:
			sent[mime] = content // which becomes base 64
			if isText {
				sent[mime] = string(content)
			}
		default:
			if isText {
				sent[mime] = Text(content)
			} else if encoded, err := encode(content); err == nil {
				sent[mime] = encoded
			} else {
				unsent = append(unsent, mime)
			}
		}
	}
	if _, ok := sent[plain]; !ok && len(unsent) > 0 {
		sent[plain] = Text(bundle[unsent[0]])
	}
	return sent
}

// Metadata is a bundle's metadata as it can be sent: a copy without what cannot be JSON. It is not nil.
func Metadata(metadata map[string]interface{}) map[string]interface{} {
	sent := map[string]interface{}{}
	for key, value := range metadata {
		if encoded, err := encode(value); err == nil {
			sent[key] = encoded
		}
	}
	return sent
}

// encode encodes a value as JSON. An error is also a panic of a method of the value.
func encode(v interface{}) (encoded json.RawMessage, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %s", Text(r))
		}
	}()
	return json.Marshal(v)
}
