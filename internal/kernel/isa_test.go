package kernel

import "testing"

// onEachISA runs a test or a benchmark with every instruction set that this processor and this build have.
func onEachISA[TB interface {
	testing.TB
	Run(name string, f func(TB)) bool
}](tb TB, f func(tb TB)) {
	for isa := Portable; isa <= Best(); isa++ {
		tb.Run(isa.String(), func(tb TB) {
			defer Use(isa)()
			f(tb)
		})
	}
}
