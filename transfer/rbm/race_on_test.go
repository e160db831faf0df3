//go:build race

package rbm_test

const raceDetector = true
