// Package network is the common form of networks that are built from files, whatever the format: a Model is a
// file that holds a graph, Model.Import builds it into a scope as Config says, and the Network that
// comes of it finds nodes by the names that the file gives them.
package network
