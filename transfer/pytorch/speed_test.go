package pytorch

import (
	"archive/zip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func BenchmarkRead(b *testing.B) {
	count := string(binary.LittleEndian.AppendUint32([]byte("J"), weightstest.SpeedElements))
	program := "\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu" + count +
		"tQK\x00" + count + "\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR."
	elements := make([]byte, 4*weightstest.SpeedElements)
	bench := func(name string, write func(w io.Writer) error) {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "x.pt")
			w, err := os.Create(path)
			if err == nil {
				err = write(w)
			}
			if err == nil {
				err = w.Close()
			}
			if err != nil {
				b.Fatal(err)
			}
			f, err := Open(path)
			weightstest.Speed(b, f, err)
		})
	}
	bench("zip", func(w io.Writer) error {
		z := zip.NewWriter(w)
		for name, content := range map[string][]byte{"x/data.pkl": []byte(program), "x/data/0": elements} {
			m, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err != nil {
				return err
			}
			if _, err := m.Write(content); err != nil {
				return err
			}
		}
		return z.Close()
	})
	bench("legacy", func(w io.Writer) error {
		head := binary.LittleEndian.AppendUint64(pickled(program+"\x80\x02]X\x01\x00\x00\x000a."), weightstest.SpeedElements)
		if _, err := w.Write(head); err != nil {
			return err
		}
		_, err := w.Write(elements)
		return err
	})
}
