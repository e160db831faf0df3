package keras

import "github.com/pkg/errors"

// reference names an output of a call of a layer.
type reference struct {
	layer       string
	call, value int
}

// references calls f for each reference in the model.
func (a *architecture) references(f func(r *reference)) {
	for i := range a.inputs {
		f(&a.inputs[i])
	}
	for i := range a.outputs {
		f(&a.outputs[i])
	}
	for _, l := range a.layers {
		for _, c := range l.calls {
			for i := range c.inputs {
				f(&c.inputs[i])
			}
		}
	}
}

// renumber makes the calls of layers that are models count from 0: some versions of Keras 2, and TensorFlow.js, count the making of the model as a call.
// Every call is used, or it would not have been saved.
func (a *architecture) renumber() {
	counted := map[string]bool{}
	models := func(f func(l *layer, r *reference)) {
		a.references(func(r *reference) {
			if i, ok := a.index[r.layer]; ok && a.layers[i].inner != nil {
				f(a.layers[i], r)
			}
		})
	}
	models(func(l *layer, r *reference) {
		if r.call == len(l.calls) {
			counted[l.name] = true
		}
	})
	models(func(l *layer, r *reference) {
		if counted[l.name] {
			r.call--
		}
	})
}

// check says whether what is referred to is there.
func (a *architecture) check() error {
	var err error
	a.references(func(r *reference) {
		if err == nil {
			err = a.has(*r)
		}
	})
	if err != nil {
		return errors.Wrapf(err, "the model %.100q", a.name)
	}
	for _, r := range a.inputs {
		if !isInput(a.layers[a.index[r.layer]].class) {
			return errors.Errorf("the input %.100q is of class %s; want InputLayer", r.layer, a.layers[a.index[r.layer]].class)
		}
	}
	if len(a.outputs) == 0 {
		return errors.Errorf("the model %.100q has no outputs", a.name)
	}
	return nil
}

func (a *architecture) has(r reference) error {
	i, ok := a.index[r.layer]
	if !ok {
		return errors.Errorf("there is no layer %.100q", r.layer)
	}
	if n := len(a.layers[i].calls); r.call < 0 || r.call >= n || r.value < 0 {
		return errors.Errorf("output %d of call %d of layer %.100q, which is called %d times", r.value, r.call, r.layer, n)
	}
	return nil
}
