// Package bench measures Plexaura beside what a user would pick instead, in one
// run on the same data: its benchmarks are the source of the figures that
// README quotes.
//
//	go test ./internal/bench -run - -bench . -count 10
//
// Data are dense: gonum's matrix product skips zeros, which would flatter it.
package bench
