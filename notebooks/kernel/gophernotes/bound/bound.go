// Package bound makes packages known to the interpreter. Its other files are written when the kernel is built, by
// ../bindings, one for each package that is linked in.
package bound
