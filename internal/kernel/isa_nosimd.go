//go:build !amd64 || noasm

package kernel

// Best returns Portable: this build has no assembly.
func Best() ISA { return Portable }
