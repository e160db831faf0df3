// Package hdf5 reads as much of HDF5 as the files of Keras use, and h5py makes of them with compression: superblocks of all versions, groups with
// symbol tables or compact links, attributes of text, and numbers that lie in one piece, or in chunks with the index of old libraries (h5py's
// default) that may be deflated, shuffled and have a checksum (gzip, shuffle and fletcher32 in h5py). All else is an error that says what it is.
//
// The structures are those of the HDF5 File Format Specification 3.0, whose names the comments use. None is trusted: what is read of them in all is
// bounded by the file's size, as is what is made of them (package budget), no object is read twice, and no chunks lie over each other. Reading a
// dataset in chunks holds those of one place of the first axis; a deflated file may hold up to 1032 times as much as it has bytes, and memory for
// that is taken as it comes.
package hdf5
