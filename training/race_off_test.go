//go:build !race

package training_test

// raceDetector tells that the tests run under the race detector, whose pools
// drop what they hold at random.
const raceDetector = false
