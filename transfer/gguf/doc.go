// Package gguf reads GGUF, the files of ggml and llama.cpp, versions 2 and 3: a header, metadata, descriptions of tensors, and
// their elements. The format is that of gguf.md in ggml's documentation, the blocks of quantised elements are those of ggml-quants.c.
package gguf
