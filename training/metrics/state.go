package metrics

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/pkg/errors"
)

// save writes numbers as a line of text behind the kind of the metric.
func save(kind string, numbers ...interface{}) ([]byte, error) {
	return fmt.Appendln(nil, append([]interface{}{kind}, numbers...)...), nil
}

// load reads what save wrote into pointers to numbers, and nothing else.
func load(data []byte, kind string, numbers ...interface{}) error {
	var have string
	r := bytes.NewReader(data)
	if _, err := fmt.Fscan(r, append([]interface{}{&have}, numbers...)...); err != nil || have != kind {
		return errors.Errorf("the state is %.60q; want %q and %d numbers", data, kind, len(numbers))
	}
	if rest := data[len(data)-r.Len():]; len(bytes.TrimSpace(rest)) > 0 {
		return errors.Errorf("the state %.60q goes on after the %d numbers of %q", data, len(numbers), kind)
	}
	return nil
}

// saveArrays writes slices of fixed-size elements, little-endian, behind the kind of the metric.
func saveArrays(kind string, arrays ...interface{}) ([]byte, error) {
	data := []byte(kind + "\n")
	var err error
	for _, a := range arrays {
		if data, err = binary.Append(data, binary.LittleEndian, a); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// arrays returns what saveArrays wrote behind the kind: a whole number of elements of a size.
func arrays(data []byte, kind string, size int) ([]byte, error) {
	body, ok := bytes.CutPrefix(data, []byte(kind+"\n"))
	if !ok || len(body)%size != 0 {
		return nil, errors.Errorf("the state is %.60q; want %q and elements of %d bytes", data, kind, size)
	}
	return body, nil
}
