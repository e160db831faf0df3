package ops

import "github.com/plexaura/plexaura/graph"

// gather sets out to the elements x[0], x[step], x[2*step], ...; a step of 0
// repeats the first.
func gather[T any](out, x []T, step int) {
	switch step {
	case 1:
		copy(out, x[:len(out)])
	case 0:
		v := x[0]
		for i := range out {
			out[i] = v
		}
	default:
		at := 0
		for i := range out {
			out[i] = x[at]
			at += step
		}
	}
}

// scatter puts the elements of x at out[0], out[step], out[2*step], ...
func scatter[T any](out, x []T, step int) {
	if step == 1 {
		copy(out, x)
		return
	}
	at := 0
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
			gather(elements[T](c.Out)[lo:hi], source(c)[l.base[0]+lo*step:], step)
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
			gather(out[r*l.cols:(r+1)*l.cols], x[p.at[0]:], step)
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
	step := l.step[0]
	body := func(c *graph.Call, lo, hi int) {
		out, x := elements[T](c.Out), elements[T](c.In[0])
		p := l.seek(lo)
		for r := lo; r < hi; r++ {
			scatter(out[p.at[0]:], x[r*l.cols:(r+1)*l.cols], step)
			l.next(&p)
		}
	}
	rows := l.rowGrain()
	return func(c *graph.Call) error {
		clear(elements[T](c.Out))
		c.Split(l.rows, rows, body)
		return nil
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
