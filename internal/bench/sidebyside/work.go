package main

import (
	"errors"
	"fmt"
	"time"
)

// work is something that Plexaura and its rivals all can do.
type work struct {
	name    string
	oneCore bool
	// ours and the rivals of this process are made when it is their turn, and
	// ended after it.
	ours   func() (call func() error, end func() error, err error)
	local  []local
	rivals []rival
	flop   float64 // of one call, where a rate is to be shown
	size   float64 // or the elements
}

// local is a rival in this process.
type local struct {
	name    string
	make    func() (call func() error, end func() error, err error)
	atLeast float64
}

// rival is another program with its settings, of which the best one counts.
type rival struct {
	name       string
	contenders []contender
	atLeast    float64 // the target for its time over ours; 0 for none
}

// contender is one setting of a rival.
type contender struct {
	setting string
	time    func(slice time.Duration) (seconds float64, err error)
	forget  func() error // gives the memory back that the work takes; nil where that is not much
}

// hopeless is how much slower than a rival's best setting another one may be in
// the first round to be measured in the others.
const hopeless = 1.5

// compare measures all sides in turn, round by round.
func (w *work) compare(rounds int, slice time.Duration) ([]row, error) {
	procs := 0
	if w.oneCore {
		procs = 1
	}
	inProcess := func(call func() error) func(time.Duration) (float64, error) {
		return func(slice time.Duration) (float64, error) {
			return onProcs(procs, func() (float64, error) { return sample(call, slice) })
		}
	}
	call, end, err := w.ours()
	if err != nil {
		return nil, err
	}
	defer end()
	ours := side{contender: contender{time: inProcess(call)}}
	rivals := append([]rival(nil), w.rivals...)
	for _, l := range w.local {
		call, end, err := l.make()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.name, err)
		}
		defer end()
		rivals = append(rivals, rival{l.name, []contender{{time: inProcess(call)}}, l.atLeast})
	}
	theirs := make([][]side, len(rivals))
	for i, r := range rivals {
		for _, c := range r.contenders {
			theirs[i] = append(theirs[i], side{contender: c})
		}
	}
	if err := ours.warm(); err != nil { // plans, page faults
		return nil, err
	}
	for round := range rounds {
		if err := ours.measure(slice); err != nil {
			return nil, err
		}
		for i, sides := range theirs {
			for k := range sides {
				if err := sides[k].measure(slice); err != nil {
					return nil, fmt.Errorf("%s: %w", rivals[i].name, err)
				}
			}
			if round == 0 {
				if theirs[i], err = promising(sides); err != nil {
					return nil, fmt.Errorf("%s: %w", rivals[i].name, err)
				}
			}
		}
	}
	return w.rows(ours, rivals, theirs), nil
}

// side is a contender with its times, one a round.
type side struct {
	contender
	times []float64
}

func (s *side) measure(slice time.Duration) error {
	t, err := s.time(slice)
	s.times = append(s.times, t)
	return err
}

func (s *side) warm() error {
	_, err := s.time(100 * sampleTime)
	return err
}

// promising leaves out the settings that the first round showed to be hopeless.
func promising(sides []side) (kept []side, err error) {
	most := hopeless * best(sides).times[0]
	for _, s := range sides {
		switch {
		case s.times[0] <= most:
			kept = append(kept, s)
		case s.forget != nil:
			err = errors.Join(err, s.forget())
		}
	}
	return kept, err
}

// best is the side with the least median.
func best(sides []side) side {
	b := sides[0]
	for _, s := range sides[1:] {
		if median(s.times) < median(b.times) {
			b = s
		}
	}
	return b
}

// rows are the table's rows for a work: one for each rival, or one.
func (w *work) rows(ours side, rivals []rival, theirs [][]side) []row {
	name := w.name
	if w.oneCore {
		name += ", one core"
	}
	mine := w.figure(median(ours.times))
	if len(rivals) == 0 {
		return []row{{work: name, ours: mine}}
	}
	var rows []row
	for i, r := range rivals {
		b := best(theirs[i])
		ratio := medianRatio(b.times, ours.times)
		rw := row{work: name, ours: mine, peer: r.name, theirs: w.figure(median(b.times)), ratio: fmt.Sprintf("%.2f", ratio)}
		if b.setting != "" && !w.oneCore {
			rw.peer += " (" + b.setting + ")"
		}
		if r.atLeast > 0 {
			rw.target, rw.verdict = fmt.Sprintf("≥ %g", r.atLeast), verdict(ratio >= r.atLeast)
		}
		rows = append(rows, rw)
	}
	return rows
}

// figure is a time, with a rate where the work has one.
func (w *work) figure(seconds float64) string {
	switch {
	case w.flop > 0:
		return fmt.Sprintf("%s, %.0f GFLOP/s", duration(seconds), w.flop/seconds/1e9)
	case w.size > 0:
		return fmt.Sprintf("%s, %.2f G/s", duration(seconds), w.size/seconds/1e9)
	}
	return duration(seconds)
}
