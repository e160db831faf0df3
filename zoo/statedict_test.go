package zoo

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strconv"
	"testing"
)

// stateDict writes what torch.save does of an OrderedDict of tensors: a zip archive of a pickle and a member for each storage.
func stateDict(t testing.TB, l listed, values func(i int, shape []int) []float32) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	member := func(name string, data []byte) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "archive/" + name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	number := func(n int) string { return "J" + string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }
	text := func(s string) string { return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s }
	tuple := func(list []int) string {
		s := "("
		for _, n := range list {
			s += number(n)
		}
		return s + "t"
	}
	const dict = "ccollections\nOrderedDict\n)R"
	pickle := "\x80\x02" + dict + "("
	for i, x := range l.tensors {
		data := values(i, x.Shape)
		strides, n := make([]int, len(x.Shape)), 1
		for k := len(strides) - 1; k >= 0; k-- {
			strides[k], n = n, n*x.Shape[k]
		}
		pickle += text(x.Name) + "ctorch._utils\n_rebuild_tensor_v2\n((" +
			text("storage") + "ctorch\nFloatStorage\n" + text(strconv.Itoa(i)) + text("cpu") + number(n) + "tQK\x00" + tuple(x.Shape) + tuple(strides) + "\x89" + dict + "tR"
		var raw bytes.Buffer
		if err := binary.Write(&raw, binary.LittleEndian, data); err != nil {
			t.Fatal(err)
		}
		member("data/"+strconv.Itoa(i), raw.Bytes())
	}
	member("data.pkl", []byte(pickle+"u."))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
