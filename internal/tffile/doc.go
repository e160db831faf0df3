// Package tffile reads and writes TensorFlow's files: the V2 "tensor bundle" that tf.train.Saver writes, the text file
// named "checkpoint" that lists the checkpoints of a folder, and the event files of TensorBoard. Of the V1 checkpoint that
// tf.train.Saver wrote before, a single table with the values in it, it is a reader: [OpenV1].
//
// A bundle with the prefix /models/my_model.ckpt is
//
//	/models/my_model.ckpt.index                 a LevelDB-style table, name -> BundleEntryProto
//	/models/my_model.ckpt.data-00000-of-00001   the raw little-endian values, one tensor after the other
//
// The table key "" holds the BundleHeaderProto (number of shards, endianness, version). Each entry holds dtype, shape,
// shard, offset, size and a masked crc32c of the values, which is checked on every read. Any number of shards is read,
// one is written. Partitioned variables (entries with slices) are read whole.
//
//	r, err := tffile.Open("/models/my_model.ckpt")
//	defer r.Close()
//	for _, name := range r.Names() {
//		t, err := r.Read(name)
//		kernel, err := tffile.Values[float32](t)
//	}
//
// Writing is atomic for the pair of files, see [Create]; [Open] completes a save that was interrupted between its two
// renames.
//
// Event files, which TensorBoard shows, are TFRecords (see [RecordReader]) of the message [Event]; a [GraphDef] in one of
// them is a graph. So is what a frozen .pb holds; a .meta is a [MetaGraph], a saved_model.pb several of them.
//
// The formats follow tensorflow/core/util/tensor_bundle, tensorflow/core/lib/io (table) and
// tensorflow/python/training/checkpoint_management.py of TensorFlow 1.x. Files are material from outside: a damaged or
// hostile one gives an error, never a panic, and no length found in a file is trusted before the file is known to hold
// that much.
package tffile
