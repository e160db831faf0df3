package main

import (
	"runtime"
	"time"
)

// sampleTime is how long a sample takes at least, so that reading the clock
// does not count.
const sampleTime = 200 * time.Microsecond

// sample is the median time of one call in seconds, over samples of at least
// sampleTime, as the peers take it.
func sample(call func() error, slice time.Duration) (float64, error) {
	start := time.Now()
	if err := call(); err != nil {
		return 0, err
	}
	calls := max(1, int(sampleTime/max(time.Since(start), 100)))
	var samples []float64
	for end := start.Add(slice); len(samples) == 0 || time.Now().Before(end); {
		start := time.Now()
		for range calls {
			if err := call(); err != nil {
				return 0, err
			}
		}
		samples = append(samples, time.Since(start).Seconds()/float64(calls))
	}
	return median(samples), nil
}

// onProcs calls f with GOMAXPROCS set to n; 0 leaves it.
func onProcs(n int, f func() (float64, error)) (float64, error) {
	if n > 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	}
	return f()
}
