//go:build !race

package autoencoder_test

// raceDetector tells that the tests run under the race detector, which allocates.
const raceDetector = false
