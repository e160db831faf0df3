package show

import "time"

// SetClock gives the curves another clock.
func (h *Curves) SetClock(now func() time.Time) { h.clock = now }
