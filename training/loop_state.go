package training

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/pkg/errors"
)

// State returns all that a training needs, beside the values of the graph's variables, to go on
// exactly where it was: the loop's position, running means and history ("loop"), where the data
// stand ("data", if Data implements State), and each hook that implements State, under the name of
// its type ("EarlyStopping"; a second one is "EarlyStopping_1"). It is for SaverConfig.State. Save
// it between two steps: in the caller's own loop, or in a function given to Later. Restore it
// before the first Next, or in a hook's Restore.
func (l *Loop) State() map[string]State {
	out := make(map[string]State, len(l.states))
	for name, st := range l.states {
		out[name] = st
	}
	return out
}

func (l *Loop) collectStates() map[string]State {
	states := map[string]State{"loop": l}
	if d, ok := l.cfg.Data.(State); ok {
		states["data"] = d
	}
	for _, h := range l.cfg.Hooks {
		st, ok := h.(State)
		if !ok {
			continue
		}
		typ := fmt.Sprintf("%T", h)
		typ = typ[strings.LastIndex(typ, ".")+1:]
		name := typ
		for i := 1; states[name] != nil; i++ {
			name = fmt.Sprintf("%s_%d", typ, i)
		}
		states[name] = st
	}
	return states
}

// loopState is a Loop's state as it is stored.
type loopState struct {
	At      position
	Means   []string
	Sums    []number
	Records []storedLog    `json:",omitempty"`
	Losses  []number       `json:",omitempty"`
	Epochs  []storedEpoch  `json:",omitempty"`
	Series  []storedSeries `json:",omitempty"`
}

type storedLog struct {
	Name  string
	Value number
	Step  int
	Mean  bool `json:",omitempty"`
}

type storedEpoch struct {
	Epoch, Step int
	GlobalStep  int64
	Logs        []storedLog
}

type storedSeries struct {
	Name   string
	Steps  []int
	Values []number
}

// MarshalBinary writes the loop's position, running means and history, as JSON.
func (l *Loop) MarshalBinary() ([]byte, error) {
	st := loopState{At: l.at, Means: []string{}, Records: storeLogs(l.records), Losses: convert[number](l.history.Losses)}
	for _, m := range l.means {
		st.Means, st.Sums = append(st.Means, m.name), append(st.Sums, number(m.sum))
	}
	for _, e := range l.history.Epochs {
		st.Epochs = append(st.Epochs, storedEpoch{e.Epoch, e.Step, e.GlobalStep, storeLogs(e.Logs)})
	}
	for _, s := range l.history.series {
		st.Series = append(st.Series, storedSeries{s.name, s.steps, convert[number](s.values)})
	}
	return json.Marshal(st)
}

// UnmarshalBinary takes over what MarshalBinary wrote. In the middle of an epoch the metrics must
// be those of then.
func (l *Loop) UnmarshalBinary(b []byte) error {
	var st loopState
	if err := json.Unmarshal(b, &st); err != nil {
		return errors.Wrap(err, "the loop's state")
	}
	names := []string{}
	for _, m := range l.means {
		names = append(names, m.name)
	}
	at := st.At
	if at.Epoch < 1 || at.Step < 0 || at.EpochStep < 0 || len(st.Sums) != len(st.Means) {
		return errors.Errorf("the loop's state has epoch %d, step %d, and %d sums of %d means", at.Epoch, at.Step, len(st.Sums), len(st.Means))
	}
	same := reflect.DeepEqual(names, st.Means)
	if !same && at.EpochStep > 0 && !at.EpochEnded {
		return errors.Errorf("the state is that of the middle of an epoch, with means of %q; this training has %q: give it the Loss and Metrics of then",
			st.Means, names)
	}
	h := &History{Losses: convert[float64](st.Losses)}
	for _, e := range st.Epochs {
		h.Epochs = append(h.Epochs, EpochLogs{e.Epoch, e.Step, e.GlobalStep, loadLogs(e.Logs)})
	}
	for _, s := range st.Series {
		if len(s.Steps) != len(s.Values) {
			return errors.Errorf("the loop's state has %d steps and %d values of %s", len(s.Steps), len(s.Values), s.Name)
		}
		h.series = append(h.series, series{s.Name, s.Steps, convert[float64](s.Values)})
	}
	for i := range l.means {
		l.means[i].sum = 0
		if same {
			l.means[i].sum = float64(st.Sums[i])
		}
	}
	l.at, l.records = at, loadLogs(st.Records)
	*l.history = *h
	return nil
}

func storeLogs(logs []Log) []storedLog {
	var out []storedLog
	for _, log := range logs {
		out = append(out, storedLog{log.Name, number(log.Value), log.Step, log.Mean})
	}
	return out
}

func loadLogs(logs []storedLog) []Log {
	var out []Log
	for _, log := range logs {
		out = append(out, Log{log.Name, float64(log.Value), log.Step, log.Mean})
	}
	return out
}

func convert[To, From number | float64](x []From) []To {
	out := make([]To, len(x))
	for i, v := range x {
		out[i] = To(v)
	}
	return out
}
