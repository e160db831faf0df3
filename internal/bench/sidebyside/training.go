package main

import (
	"fmt"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/bench"
)

// training is the training step of both networks.
func (s *suite) training() []*work {
	var all []*work
	for _, net := range []struct {
		name, kind string
		cfg        bench.MLPConfig
		targets    map[int]float64
	}{
		{"BN + ELU", "bn-elu", bench.MLPConfig{BatchNorm: true}, map[int]float64{50: 1.8, 200: 1.35, 1000: 1.2}},
		{"ReLU", "relu", bench.MLPConfig{}, nil},
	} {
		for _, batch := range []int{50, 200, 1000} {
			all = append(all, &work{
				name:   fmt.Sprintf("training step, %s, batch %d", net.name, batch),
				ours:   func() (func() error, func() error, error) { return trainingStep(net.cfg, batch) },
				rivals: s.torch.rivals(fmt.Sprintf("step %s %d", net.kind, batch), false, net.targets[batch]),
				local:  []local{{"TapeMachine (ReLU)", func() (func() error, func() error, error) { return tapeMachine(batch) }, 15}},
			})
		}
	}
	return all
}

func trainingStep(cfg bench.MLPConfig, batch int) (step, end func() error, err error) {
	m, err := bench.NewMLP(cfg)
	if err != nil {
		return nil, nil, err
	}
	sess, err := m.Session(graph.SessionConfig{})
	if err != nil {
		return nil, nil, err
	}
	feeds := m.Feeds(batch)
	return func() error {
		_, err := sess.Run(feeds, m.Step)
		return err
	}, sess.Close, nil
}

func tapeMachine(batch int) (step, end func() error, err error) {
	step, end = bench.TapeMachineStep(batch)
	return step, end, nil
}
