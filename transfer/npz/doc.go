// Package npz reads and writes NumPy's files: .npy, one array, and .npz, a zip archive of
// them, one for each name.
package npz
