package main

import (
	"fmt"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/bench"
)

// inference is the network's answer, which is fetched: to one image, where the
// call itself counts, and to a batch.
func (s *suite) inference() []*work {
	var all []*work
	for _, c := range []struct {
		name    string
		batch   int
		atLeast float64
	}{{"inference, BN + ELU, one image", 1, 5}, {"inference, BN + ELU, batch 200", 200, 0}} {
		rivals := s.torch.rivals(fmt.Sprintf("infer bn-elu %d", c.batch), false, c.atLeast)
		for _, r := range s.torch.rivals(fmt.Sprintf("infer_script bn-elu %d", c.batch), false, 0) {
			r.name += ", TorchScript"
			rivals = append(rivals, r)
		}
		all = append(all, &work{
			name:   c.name,
			ours:   func() (func() error, func() error, error) { return answer(c.batch) },
			rivals: append(rivals, s.ort.rivals("mlp", 0, c.batch, 784)...),
		})
	}
	return all
}

func answer(batch int) (call, end func() error, err error) {
	m, err := bench.NewMLP(bench.MLPConfig{BatchNorm: true})
	if err != nil {
		return nil, nil, err
	}
	sess, err := m.Session(graph.SessionConfig{})
	if err != nil {
		return nil, nil, err
	}
	feeds := graph.Feeds{m.X: m.Feeds(batch)[m.X]}
	return func() error {
		_, err := sess.Run(feeds, m.Logits)
		return err
	}, sess.Close, nil
}
