//go:build race

package autoencoder_test

const raceDetector = true
