package tffile

import "fmt"

// tempSuffix marks the files of a save that is not finished. It is always the same, so that what an interrupted save
// left behind is found; TensorFlow appends ".tempstate" and a random number.
const tempSuffix = ".tempstate"

func indexPath(prefix string) string { return prefix + ".index" }

func dataPath(prefix string, shard, shards int) string {
	return fmt.Sprintf("%s.data-%05d-of-%05d", prefix, shard, shards)
}

func tempIndexPath(prefix string) string { return indexPath(prefix) + tempSuffix }

func tempDataPath(prefix string) string { return dataPath(prefix, 0, 1) + tempSuffix }
