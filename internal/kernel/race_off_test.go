//go:build !race

package kernel

// raceDetector tells that the tests run under the race detector, with which
// pools forget at random and loops take many times as long.
const raceDetector = false
