package ops

import "github.com/plexaura/plexaura/graph"

// from views x so that gather and scatter begin at element i: a negative step
// goes back from the last element of the view.
func from[T any](x []T, i, step int) []T {
	if step < 0 {
		return x[:i+1]
	}
	return x[i:]
}

// gather sets out to every step-th element of x from the first on, for a
// negative step from the last one back; a step of 0 repeats the first.
func gather[T any](out, x []T, step int) {
	switch step {
	case 1:
		copy(out, x[:len(out)])
	case 0:
		repeat(out, x[0])
	default:
		at := 0
		if step < 0 {
			at = len(x) - 1
		}
		for i := range out {
			out[i] = x[at]
			at += step
		}
	}
}

// repeat sets all of out to v: the first elements one by one, the others by
// copying those, which goes by vectors.
func repeat[T any](out []T, v T) {
	const block = 128
	n := min(block, len(out))
	for i := range out[:n] {
		out[i] = v
	}
	for i := n; i < len(out); i += n {
		copy(out[i:], out[:n])
	}
}

// scatter puts the elements of x at every step-th place of out, as gather takes
// them.
func scatter[T any](out, x []T, step int) {
	if step == 1 {
		copy(out, x)
		return
	}
	at := 0
	if step < 0 {
		at = len(out) - 1
	}
	for _, v := range x {
		out[at] = v
		at += step
	}
}

// pull fills the contiguous output from the first input, which l walks.
func pull[T any](l *layout) graph.Kernel {
	return pullFrom(l, func(c *graph.Call) []T { return elements[T](c.In[0]) })
}

// pullFrom fills the contiguous output from a source, which l walks.
func pullFrom[T any](l *layout, source func(c *graph.Call) []T) graph.Kernel {
	step := l.step[0]
	if l.rows == 1 {
		body := func(c *graph.Call, lo, hi int) {
			gather(elements[T](c.Out)[lo:hi], from(source(c), l.base[0]+lo*step, step), step)
		}
		return func(c *graph.Call) error {
			c.Split(l.cols, grain, body)
			return nil
		}
	}
	body := func(c *graph.Call, lo, hi int) {
		out, x := elements[T](c.Out), source(c)
		p := l.seek(lo)
		for r := lo; r < hi; r++ {
			gather(out[r*l.cols:(r+1)*l.cols], from(x, p.at[0], step), step)
			l.next(&p)
		}
	}
	rows := l.rowGrain()
	return func(c *graph.Call) error {
		c.Split(l.rows, rows, body)
		return nil
	}
}

// pullWith binds pull to the layout that plan makes for known shapes.
func pullWith(plan func(b *graph.Binding) (*layout, error)) binder {
	return bySize{pullAs[uint8](plan), pullAs[uint32](plan), pullAs[uint64](plan)}.first
}

func pullAs[T any](plan func(b *graph.Binding) (*layout, error)) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		l, err := plan(b)
		if err != nil {
			return nil, err
		}
		return pull[T](l), nil
	}
}

// push copies the contiguous first input into the places of the output that l
// walks; the rest of the output becomes zero.
func push[T any](l *layout) graph.Kernel {
	body := pushRows[T](l)
	rows := l.rowGrain()
	return func(c *graph.Call) error {
		clear(elements[T](c.Out))
		c.Split(l.rows, rows, body)
		return nil
	}
}

// pushRows copies rows of the first input to where l has them in the output.
func pushRows[T any](l *layout) func(c *graph.Call, lo, hi int) {
	step := l.step[0]
	return func(c *graph.Call, lo, hi int) {
		out, x := elements[T](c.Out), elements[T](c.In[0])
		p := l.seek(lo)
		for r := lo; r < hi; r++ {
			scatter(from(out, p.at[0], step), x[r*l.cols:(r+1)*l.cols], step)
			l.next(&p)
		}
	}
}

func pushAs[T any](plan func(b *graph.Binding) (*layout, error)) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		l, err := plan(b)
		if err != nil {
			return nil, err
		}
		return push[T](l), nil
	}
}

// copyFirst copies the first input to the output, for ops that as a rule share
// its memory.
func copyFirst(b *graph.Binding) (graph.Kernel, error) {
	return bySize{copyAs[uint8], copyAs[uint32], copyAs[uint64]}.first(b)
}

func copyAs[T any](*graph.Binding) (graph.Kernel, error) {
	return func(c *graph.Call) error {
		copy(elements[T](c.Out), elements[T](c.In[0]))
		return nil
	}, nil
}
