package training

import "slices"

// beginEpoch sets back what is counted by epochs.
func (l *Loop) beginEpoch() {
	l.at.Epoch++
	l.at.EpochStep, l.at.EpochStart, l.at.EpochEnded, l.at.Examples = 0, l.at.Step, false, 0
	for i := range l.means {
		l.means[i].sum = 0
	}
}

// endEpoch closes an epoch whose last step is done.
func (l *Loop) endEpoch() error {
	l.whole = false
	for _, h := range l.cfg.Hooks {
		l.calling = h
		if err := h.AfterEpoch(l); err != nil {
			return l.failedAfter(err)
		}
	}
	l.calling, l.at.EpochEnded = nil, true
	l.enterRow()
	return l.complete()
}

// enterRow adds the epoch's row to the history.
func (l *Loop) enterRow() {
	row := EpochLogs{Epoch: l.at.Epoch, Step: l.at.Step, GlobalStep: l.GlobalStep()}
	for _, log := range l.Logs() {
		if log.Mean {
			l.history.add(log.Name, log.Step, log.Value)
		}
		if log.Step > l.at.EpochStart {
			row.Logs = append(row.Logs, log)
		}
	}
	l.history.Epochs = append(l.history.Epochs, row)
}

// complete ends a step or an epoch for which all hooks were called.
func (l *Loop) complete() error {
	if err := l.runLater(); err != nil {
		return err
	}
	l.whole = true
	for _, k := range l.keepers {
		l.calling = k
		if err := k.Save(l); err != nil {
			return l.failedAfter(err)
		}
	}
	l.calling = nil
	return nil
}

// runLater calls what hooks gave to Later, and what that gives to it.
func (l *Loop) runLater() error {
	for len(l.later) > 0 {
		if err := l.nextLater()(); err != nil {
			return l.failedAfter(err)
		}
	}
	return nil
}

// nextLater takes the oldest function given to Later.
func (l *Loop) nextLater() func() error {
	f := l.later[0]
	l.later = slices.Delete(l.later, 0, 1)
	return f
}
