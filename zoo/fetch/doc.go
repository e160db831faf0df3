// Package fetch finds or downloads files that are known by their checksums, such as published weights:
//
//	folder, err := fetch.Fetch(ctx, "resnet18", []fetch.File{{
//		Name: "resnet18-f37072fd.pth", URLs: []string{"https://..."}, Bytes: 46830571, SHA256: "f37072fd..."}}, fetch.Config{})
//
// Mirrors, which are local folders, are looked through first, then the cache, then the URLs in their order. A file
// is used only when its checksum is right; a download is kept under another name until it is whole, goes on where it was
// cut off, and is made by one process at a time.
package fetch
