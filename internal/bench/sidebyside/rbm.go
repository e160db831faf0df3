package main

import (
	"fmt"

	"github.com/plexaura/plexaura/internal/bench"
)

// rbm is a step of contrastive divergence, CD-1, of a restricted Boltzmann machine on images of MNIST's size.
func (s *suite) rbm() []*work {
	cfg := bench.RBMConfig{Visible: 784, Hidden: 500, Batch: 100}
	request := func(with string) string {
		return fmt.Sprint("cd1_", with, " ", cfg.Visible, " ", cfg.Hidden, " ", cfg.Batch)
	}
	const target = 1.5
	rivals := s.torch.rivals(request("torch"), false, target)
	for _, r := range s.torch.asShipped(request("numpy"), false, target) {
		r.name = "NumPy"
		rivals = append(rivals, r)
	}
	return []*work{{
		name: "RBM, CD-1 step 784-500, batch 100 (600 are an epoch of MNIST)",
		ours: func() (func() error, func() error, error) {
			step, sess, err := bench.RBMStep(cfg)
			if err != nil {
				return nil, nil, err
			}
			return step, sess.Close, nil
		},
		rivals: rivals,
	}}
}
