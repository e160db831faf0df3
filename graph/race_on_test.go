//go:build race

package graph

// raceDetector tells that the tests run under the race detector, which would
// rightly end a test that switches the exclusion of Runs off.
const raceDetector = true
