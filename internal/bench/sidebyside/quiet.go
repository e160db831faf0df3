package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// quiet waits until the threads of process pid sleep. Those of OpenBLAS spin for
// a tenth of a second after a product, and would take a core from the next side.
func quiet(pid int) {
	const pause, patience = 5 * time.Millisecond, time.Second
	before, known := cpuTime(pid)
	if !known {
		time.Sleep(patience / 4)
		return
	}
	for start := time.Now(); time.Since(start) < patience; {
		time.Sleep(pause)
		now, _ := cpuTime(pid)
		if now-before < pause/20 {
			return
		}
		before = now
	}
}

// cpuTime is what all threads of a process have used; Linux knows.
func cpuTime(pid int) (total time.Duration, known bool) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil {
		return 0, false
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // the thread has ended
		}
		var ns time.Duration
		if _, err := fmt.Sscan(string(text), &ns); err == nil {
			total, known = total+ns, true
		}
	}
	return total, known
}
