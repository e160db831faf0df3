//go:build !race

package ops_test

// raceDetector tells that the tests run under the race detector, whose pools
// drop what they hold, so that a Run allocates.
const raceDetector = false
