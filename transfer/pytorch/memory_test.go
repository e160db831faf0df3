package pytorch

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

const (
	refused = "takes much more memory"

	// rebuild calls for a tensor of the storage "0" with one element; its shape and strides, and two arguments more, follow.
	rebuild = "ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01tQK\x00"
	// scalar is a tensor without axes.
	scalar = rebuild + "))\x89}tR"
	// blocks are the keys of the storages and the only storage of a legacy file.
	blocks = "\x80\x02]X\x01\x00\x00\x000a.\x01\x00\x00\x00\x00\x00\x00\x00abcd"
)

// archive is a file of a program and the storage "0", with so many members that are nothing.
func archive(t *testing.T, program string, members int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	write := func(name, content string) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("data.pkl", program)
	write("data/0", "abcd")
	for i := range members {
		write(fmt.Sprintf("%06x", i), "")
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Instructions of a byte make lists, copy dicts, name tensors again and repeat elements.
func TestMemory(t *testing.T) {
	budgettest.Lower(t)
	const most = budgettest.Small
	items := strings.Repeat("K\x01K\x02", most/80)
	pairs := strings.Repeat("K\x01K\x02\x86", most/80)
	list := func(what string) string { return strings.Repeat(what, most/len(what)) }
	axes := "(" + strings.Repeat("K\x01", 64) + "tq\x00"
	for name, c := range map[string]struct{ program, want string }{
		"empty tuples":    {"\x80\x02" + list(")"), refused},
		"empty dicts":     {"\x80\x02" + list("}"), refused},
		"same values":     {"\x80\x02(" + list("\x88"), refused},
		"kept values":     {"\x80\x04N" + list("\x94"), refused},
		"objects":         {"\x80\x02ccollections\nOrderedDict\nq\x00" + list(")R0h\x00"), refused},
		"copies by call":  {"\x80\x02(" + pairs + "lq\x00" + strings.Repeat("ccollections\nOrderedDict\nh\x00\x85R", 5000), refused},
		"copies":          {"\x80\x02}(" + items + "uq\x00" + strings.Repeat("}h\x00b", 5000), refused},
		"a dict":          {"\x80\x02}(" + list("K\x01K\x02") + "u.", refused},
		"large integers":  {"\x80\x02](" + list("\x8a\x09\x01\x02\x03\x04\x05\x06\x07\x08\x09") + "e.", refused},
		"lines":           {"\x80\x02](" + list("V"+strings.Repeat("x", 1000)+"\n") + scalar + "e.", ""},
		"a text":          {"\x80\x02](X\x00\x00\x10\x00" + strings.Repeat("x", 1<<20) + scalar + "e.", ""},
		"storages":        {"\x80\x02](X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01tq\x00(" + list("h\x00Q") + "e.", refused},
		"too many axes":   {"\x80\x02" + rebuild + "(" + strings.Repeat("K\x01", 500) + "tq\x00h\x00\x89}tR.", "has 500 axes"},
		"axes":            {"\x80\x02" + axes + "0ctorch._utils\n_rebuild_tensor_v2\nq\x01(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01tQq\x020](" + list("h\x01(h\x02K\x00h\x00h\x00\x89}tR") + "e.", refused},
		"elements":        {"\x80\x02" + rebuild + "J\x00\xca\x9a\x3b\x85K\x00\x85\x89}tR.", "make 1000000000 elements of 1"},
		"a tensor":        {"\x80\x02](" + scalar + "q\x000" + list("h\x00") + "e.", refused},
		"tensors":         {"\x80\x02](" + list(scalar) + "e.", refused},
		"a text as items": {"\x80\x02](X\x00\x00\x08\x00" + strings.Repeat("x", 1<<19) + "q\x00" + strings.Repeat("h\x00", 1000) + scalar + "e.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			whole := c.program
			if !strings.HasSuffix(whole, ".") {
				whole += "."
			}
			for form, b := range map[string][]byte{"legacy": pickled(whole + blocks), "zip": archive(t, whole, 0)} {
				var err error
				budgettest.Peak(t, len(b), func() any {
					f, e := parseBytes(b)
					err = e
					return f
				})
				if err == nil {
					f, _ := parseBytes(b)
					for _, name := range f.Names() {
						if _, e := f.Read(name); e != nil {
							err = e
						}
					}
				}
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
					t.Errorf("%s: got %v; want %s", form, err, c.want)
				}
			}
		})
	}
}

// A member of an archive takes more memory than bytes.
func TestMemoryOfMembers(t *testing.T) {
	budgettest.Lower(t)
	b := archive(t, "\x80\x02"+scalar+".", budgettest.Small/100)
	budgettest.Peak(t, len(b), func() any {
		f, err := parseBytes(b)
		if err == nil || !strings.Contains(err.Error(), refused) {
			t.Errorf("got %v", err)
		}
		return f
	})
}
