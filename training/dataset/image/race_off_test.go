//go:build !race

package image

// raceDetector says that sync.Pool drops things at random.
const raceDetector = false
