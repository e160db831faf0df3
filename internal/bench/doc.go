// Package bench holds the networks that Plexaura is measured by. Its benchmarks
// time them, and the program in sidebyside times them beside what a user would
// pick instead, in one run on the same work; README quotes its table.
//
//	go test ./internal/bench -run - -bench . -count 10
//	go run ./internal/bench/sidebyside
//
// Data are dense: gonum's matrix product skips zeros, which would flatter it.
package bench
