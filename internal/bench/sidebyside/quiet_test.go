package main

import (
	"os"
	"runtime"
	"testing"
	"time"
)

// What quiet looks at must see a thread that spins.
func TestCPUTime(t *testing.T) {
	before, known := cpuTime(os.Getpid())
	if !known {
		if runtime.GOOS == "linux" {
			t.Skip("this Linux keeps no schedstat")
		}
		t.Skip("CPU time by thread is known on Linux only")
	}
	const spin = 100 * time.Millisecond
	for start := time.Now(); time.Since(start) < spin; {
	}
	if after, _ := cpuTime(os.Getpid()); after-before < spin/10 {
		t.Errorf("a thread that spins for %v used %v", spin, after-before)
	}
}
