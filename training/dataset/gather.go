package dataset

import "gorgonia.org/tensor"

// part is one of the tensors X and Y, where they are handed out as they are, with the buffers of its batches.
type part struct {
	src        rows
	buf        vector
	full, rest tensor.Tensor // both on buf; rest is a batch of the remainder
}

func newPart(src rows, full, rest int) part {
	p := part{src: src, buf: src.data.makeLike(full * src.width)}
	p.full = src.tensor(p.buf, full)
	if rest > 0 {
		p.rest = src.tensor(p.buf.slice(0, rest*src.width), rest)
	}
	return p
}

// fill copies the examples idx into the buffer and returns the tensor of their
// number; nil for a part that is absent.
func (p *part) fill(idx []int, full int) tensor.Tensor {
	if p.buf == nil {
		return nil
	}
	p.src.data.gather(p.buf, idx, p.src.width)
	if len(idx) == full {
		return p.full
	}
	return p.rest
}
