package darknet

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// BenchmarkRead reads the kernel of a [connected], which lies transposed in the file, and one that does not.
func BenchmarkRead(b *testing.B) {
	net, err := Parse(strings.NewReader("[net]\nheight=1\nwidth=1\nchannels=4096\n[connected]\noutput=4096\n"))
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		minor uint32
	}{{"turned", 1}, {"plain", 1001}} {
		b.Run(c.name, func(b *testing.B) {
			content := make([]byte, 16+4*4096+4*weightstest.SpeedElements)
			binary.LittleEndian.PutUint32(content[4:], c.minor)
			path := filepath.Join(b.TempDir(), "x.weights")
			if err := os.WriteFile(path, content, 0o644); err != nil {
				b.Fatal(err)
			}
			f, err := OpenWeights(path, net)
			weightstest.Speed(b, f, err)
		})
	}
}
