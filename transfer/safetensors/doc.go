// Package safetensors reads and writes the files of Hugging Face's safetensors: eight bytes
// with the length of a JSON header, the header, and the tensors' elements, little-endian and
// row-major, without gaps.
package safetensors
