package corrupt

import (
	"io"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
)

// Rotations is each picture of src four times: turned by 0, 1, 2 and 3 quarters counterclockwise, with that number as the label, as Gidaris,
// Singh and Komodakis, "Unsupervised representation learning by predicting image rotations" (2018), have it. Nothing is drawn. There
// are four times as many examples as in src, the four turns of one behind each other. Pictures are what the Transforms of package
// dataset/image take; where they are not square, a quarter exchanges height and width, and they cannot stand in one batch.
func Rotations(src dataset.Source) (dataset.Source, error) {
	src, err := sourceOf(src)
	if err != nil {
		return nil, errors.WithMessage(err, "corrupt: Rotations")
	}
	r := &rotations{src: src}
	for k := range r.turns {
		r.turns[k] = image.Rotate90(k)
	}
	return r, nil
}

type rotations struct {
	src   dataset.Source
	turns [4]dataset.Transform
}

func (r *rotations) Len() int { return len(r.turns) * r.src.Len() }

func (r *rotations) Labels() []int64 {
	labels := make([]int64, r.Len())
	for i := range labels {
		labels[i] = int64(i % len(r.turns))
	}
	return labels
}

func (r *rotations) Read(e *dataset.Example) error {
	if err := readAt(r.src, e, e.Index/len(r.turns), r.Len()); err != nil {
		return err
	}
	k := e.Index % len(r.turns)
	e.Label, e.Target = int64(k), nil
	return r.turns[k](e)
}

// Fingerprint writes that of the pictures.
func (r *rotations) Fingerprint(w io.Writer) error {
	if _, err := io.WriteString(w, "turned\n"); err != nil {
		return err
	}
	return dataset.Fingerprint(w, r.src)
}
