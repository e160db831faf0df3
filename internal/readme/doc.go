// Package readme has a test that compiles the Go code that the README.md files show.
package readme
