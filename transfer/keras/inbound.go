package keras

import (
	"encoding/json"
	"maps"
	"math"
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// invocation reads an element of inbound_nodes. Keras 2 and TensorFlow.js list the inputs, each as its layer's name, the number of the call, the
// number of the output, and the call's other arguments; Keras 3 writes an object of args and kwargs, in which tensors are objects too.
func (d *decoder) invocation(text json.RawMessage) (invocation, error) {
	var c invocation
	cost := 2 * budget.JSON(text, math.MaxInt)
	if err := d.room.Take(invocationBytes + cost); err != nil {
		return c, err
	}
	defer d.room.Give(cost)
	var call struct {
		Args   json.RawMessage            `json:"args"`
		Kwargs map[string]json.RawMessage `json:"kwargs"`
	}
	args := text
	if isObject(text) {
		if err := json.Unmarshal(text, &call); err != nil {
			return c, errors.WithStack(err)
		}
		args = call.Args
	}
	inputs, err := d.references(args, 0)
	if err != nil {
		return c, errors.Wrap(err, "inbound_nodes")
	}
	c.inputs = inputs
	arguments := []map[string]json.RawMessage{call.Kwargs}
	if !isObject(text) {
		if arguments, err = d.keywords(text, 0); err != nil {
			return c, errors.Wrap(err, "inbound_nodes")
		}
	}
	for _, a := range arguments {
		for _, name := range slices.Sorted(maps.Keys(a)) {
			switch value := string(a[name]); {
			case value == "null", name == "training" && value == "true": // as the graph is built for, and by Config.Training
			case name == "training" && (value == "false" || value == "0"):
				c.inference = true
			default:
				if err := d.room.Take(int64(argumentBytes + 2*len(name))); err != nil {
					return c, err
				}
				c.arguments = append(c.arguments, name)
			}
		}
	}
	return c, nil
}

// references finds the tensors in what refers to them, in order: ["layer", call, value], lists of these, objects whose members are such, and
// the tensors of Keras 3, {"class_name": "__keras_tensor__", "config": {"keras_history": [...]}}.
func (d *decoder) references(text json.RawMessage, depth int) ([]reference, error) {
	if len(text) == 0 || string(text) == "null" {
		return nil, nil
	}
	if depth > mostNesting {
		return nil, errors.Errorf("lists lie deeper than %d in each other", mostNesting)
	}
	cost := 2 * budget.JSON(text, 1) // every level keeps a copy of what is in it
	if err := d.room.Take(cost); err != nil {
		return nil, err
	}
	defer d.room.Give(cost)
	if isObject(text) {
		var t struct {
			Class  string `json:"class_name"`
			Config struct {
				History json.RawMessage `json:"keras_history"`
			} `json:"config"`
		}
		if err := json.Unmarshal(text, &t); err == nil && t.Class == "__keras_tensor__" {
			r, ok, err := parseReference(t.Config.History)
			if err == nil && !ok {
				err = errors.Errorf("a tensor has the keras_history %.100s", t.Config.History)
			}
			return d.reference(r, err)
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(text, &members); err != nil {
			return nil, errors.WithStack(err)
		}
		var all []reference
		for _, name := range slices.Sorted(maps.Keys(members)) { // the order in which Keras flattens them
			some, err := d.references(members[name], depth+1)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
		return all, nil
	}
	if r, ok, err := parseReference(text); ok || err != nil {
		return d.reference(r, err)
	}
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, errors.Errorf("%.100s is no tensor; want the name of a layer, the number of a call and that of an output (constants are not supported)", text)
	}
	var all []reference
	for _, e := range list {
		some, err := d.references(e, depth+1)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// reference is a list of one reference, unless there is an error.
func (d *decoder) reference(r reference, err error) ([]reference, error) {
	if err == nil {
		err = d.room.Take(int64(referenceBytes + len(r.layer)))
	}
	return []reference{r}, err
}

// parseReference reads ["layer", call, value], which may be followed by arguments; ok is false for another list.
func parseReference(text json.RawMessage) (r reference, ok bool, err error) {
	var parts []json.RawMessage
	if json.Unmarshal(text, &parts) != nil || len(parts) == 0 || json.Unmarshal(parts[0], &r.layer) != nil || string(parts[0]) == "null" {
		return r, false, nil
	}
	if len(parts) < 3 || json.Unmarshal(parts[1], &r.call) != nil || json.Unmarshal(parts[2], &r.value) != nil {
		return r, false, errors.Errorf("%.100s; want a layer's name and the numbers of a call and an output", text)
	}
	if r.layer == "_CONSTANT_VALUE" {
		return r, false, errors.New("a layer is called with a constant, which is not supported")
	}
	return r, true, nil
}

// keywords finds the arguments of a call in Keras 2's form: the fourth elements.
func (d *decoder) keywords(text json.RawMessage, depth int) (all []map[string]json.RawMessage, err error) {
	cost := budget.JSON(text, 1)
	if err := d.room.Take(cost); err != nil {
		return nil, err
	}
	defer d.room.Give(cost)
	var parts []json.RawMessage
	if depth > mostNesting || json.Unmarshal(text, &parts) != nil || len(parts) == 0 {
		return nil, nil
	}
	if parts[0][0] == '"' {
		if len(parts) < 4 {
			return nil, nil
		}
		var named map[string]json.RawMessage
		err := json.Unmarshal(parts[3], &named)
		return []map[string]json.RawMessage{named}, errors.WithStack(err)
	}
	for _, p := range parts {
		some, err := d.keywords(p, depth+1)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func isObject(text json.RawMessage) bool { return len(text) > 0 && text[0] == '{' }
