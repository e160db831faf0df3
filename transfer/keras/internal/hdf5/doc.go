// Package hdf5 reads as much of HDF5 as the files of Keras use: superblocks of all versions, groups with symbol
// tables or compact links, attributes of text, and numbers that lie in one piece (Keras neither cuts nor
// compresses them). All else is an error that says what it is.
//
// The structures are those of the HDF5 File Format Specification 3.0, whose names the comments use. None is trusted: what is
// read of them in all is bounded by the file's size, and no object is read twice.
package hdf5
