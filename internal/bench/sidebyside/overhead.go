package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/bench"
	"github.com/plexaura/plexaura/internal/kernel"
)

// overheads are what Plexaura costs beside its arithmetic, and what that is
// without assembly.
func (s *suite) overheads() []measurement {
	return []measurement{
		{"allocations of a training step", s.allocations},
		{"Run of a no-op", s.noOp},
		{"build and plan of layers", s.layers},
		{"portable SGEMM", s.portable},
	}
}

func (s *suite) allocations() ([]row, error) {
	step, end, err := trainingStep(bench.MLPConfig{BatchNorm: true}, 200)
	if err != nil {
		return nil, err
	}
	defer end()
	var failed error
	allocs := testing.AllocsPerRun(100, func() {
		if err := step(); err != nil {
			failed = err
		}
	})
	return []row{{work: "allocations in Session.Run of a training step", ours: fmt.Sprint(allocs), target: "0", verdict: verdict(allocs == 0)}}, failed
}

func (s *suite) noOp() ([]row, error) {
	g := graph.New(graph.Config{})
	group := graph.Group(g.Scope())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	var times []float64
	for range s.rounds {
		t, err := sample(func() error {
			_, err := sess.Run(nil, group)
			return err
		}, s.slice)
		if err != nil {
			return nil, err
		}
		times = append(times, t)
	}
	t := median(times)
	return []row{{work: "Session.Run of a no-op", ours: duration(t), target: "< 200 ns", verdict: verdict(t < 200e-9)}}, nil
}

// layers builds, differentiates and plans nets of 200 layers, and of 400 to see
// how that grows. The growth is taken without garbage collections, of which there
// are none, one or two at these sizes.
func (s *suite) layers() ([]row, error) {
	const few, many = 200, 400
	build, plan := map[int][]float64{}, map[int][]float64{}
	usualBuild, usualPlan, err := s.buildAndPlan(few)
	if err != nil {
		return nil, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for _, layers := range []int{few, many} {
		if build[layers], plan[layers], err = s.buildAndPlan(layers); err != nil {
			return nil, err
		}
	}
	line := func(name string, usual []float64, times map[int][]float64) row {
		t, growth := median(usual), median(times[many])/median(times[few])
		return row{
			work: name, ours: fmt.Sprintf("%s; 400 layers: × %.1f", duration(t), growth),
			target: "< 50 ms, linear", verdict: verdict(t < 50e-3 && growth < 2.5),
		}
	}
	return []row{
		line("building a net of 200 layers and its gradients", usualBuild, build),
		line("its first Run, which plans", usualPlan, plan),
	}, nil
}

func (s *suite) buildAndPlan(layers int) (build, plan []float64, err error) {
	for range 3 * s.rounds {
		runtime.GC() // what came before is not to be paid here
		start := time.Now()
		g, x, step, err := bench.Layers(layers)
		if err != nil {
			return nil, nil, err
		}
		build = append(build, time.Since(start).Seconds())
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			return nil, nil, err
		}
		if err := sess.Init(); err != nil {
			return nil, nil, err
		}
		feeds := graph.Feeds{x: make([]float32, 8)}
		start = time.Now()
		if _, err := sess.Run(feeds, step); err != nil {
			return nil, nil, err
		}
		plan = append(plan, time.Since(start).Seconds())
		if err := sess.Close(); err != nil {
			return nil, nil, err
		}
	}
	return build, plan, nil
}

// portable is the matrix product without assembly.
func (s *suite) portable() ([]row, error) {
	defer kernel.Use(kernel.Portable)()
	p := product{"NN", 512, 512, 512, 0}
	call, _, err := p.ours()
	if err != nil {
		return nil, err
	}
	var rates []float64
	for range s.rounds {
		t, err := onProcs(1, func() (float64, error) { return sample(call, s.slice) })
		if err != nil {
			return nil, err
		}
		rates = append(rates, p.flop()/t/1e9)
	}
	rate := median(rates)
	return []row{{work: "SGEMM 512³, portable, one core", ours: fmt.Sprintf("%.1f GFLOP/s", rate), target: "≥ 4 GFLOP/s", verdict: verdict(rate >= 4)}}, nil
}
