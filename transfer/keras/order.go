package keras

import "github.com/pkg/errors"

// place is a call of a layer.
type place struct{ layer, call int }

// order lists the calls that some outputs need, each after those whose outputs it takes.
func (a *architecture) order(outputs []reference) ([]place, error) {
	const begun, done = 1, 2
	state := map[place]int{}
	var all []place
	visit := func(from place) error {
		stack := []place{from}
		for len(stack) > 0 {
			p := stack[len(stack)-1]
			if state[p] != 0 {
				if stack = stack[:len(stack)-1]; state[p] == begun {
					state[p] = done
					all = append(all, p)
				}
				continue
			}
			state[p] = begun
			for i := len(a.layers[p.layer].calls[p.call].inputs) - 1; i >= 0; i-- {
				r := a.layers[p.layer].calls[p.call].inputs[i]
				next := place{a.index[r.layer], r.call}
				switch state[next] {
				case begun:
					return errors.Errorf("the output of the layer %.100q goes back to it, which is not supported", r.layer)
				case 0:
					stack = append(stack, next)
				}
			}
		}
		return nil
	}
	for _, r := range outputs {
		if err := visit(place{a.index[r.layer], r.call}); err != nil {
			return nil, err
		}
	}
	return all, nil
}
