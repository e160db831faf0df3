// Package keras reads what Keras saves: weights and whole models as HDF5 (.h5, .hdf5), and the zip archives
// of Keras 3 (.keras).
package keras
