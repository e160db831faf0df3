package npz

import (
	"encoding/binary"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// maxHeader is longer than the header of any array without fields.
const maxHeader = 1 << 13

// literal is the Python dict that the header of an array is; NumPy writes the keys in this
// order, others need not.
var (
	literal    = regexp.MustCompile(`^\{\s*(?:'(?:descr|fortran_order|shape)'\s*:\s*(?:'[^']*'|True|False|\([\d\s,L]*\))\s*,?\s*){3}\}\s*$`)
	descrKey   = regexp.MustCompile(`'descr'\s*:\s*'([^']*)'`)
	fortranKey = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	shapeKey   = regexp.MustCompile(`'shape'\s*:\s*\(([^)]*)\)`)
)

// readHeader reads what stands before the elements of an array, and returns its length.
func readHeader(r io.Reader) (t weights.Tensor, length int64, err error) {
	var fixed [12]byte
	if _, err := io.ReadFull(r, fixed[:10]); err != nil || string(fixed[:6]) != "\x93NUMPY" {
		return t, 0, errors.New(`it does not begin with "\x93NUMPY"; want an array of NumPy`)
	}
	length = 10
	n := int64(binary.LittleEndian.Uint16(fixed[8:]))
	switch fixed[6] {
	case 1:
	case 2, 3:
		if _, err := io.ReadFull(r, fixed[10:]); err != nil {
			return t, 0, errors.New("the header is cut off")
		}
		length = 12
		n = int64(binary.LittleEndian.Uint32(fixed[8:]))
	default:
		return t, 0, errors.Errorf("version %d of the format; want 1, 2 or 3", fixed[6])
	}
	if n > maxHeader {
		return t, 0, errors.Errorf("the header has %d bytes; want at most %d, as an array without fields has", n, maxHeader)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return t, 0, errors.New("the header is cut off")
	}
	t, err = parseHeader(string(text))
	return t, length + n, err
}

// parseHeader reads a dict like {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
func parseHeader(text string) (t weights.Tensor, err error) {
	descr, fortran, shape := descrKey.FindStringSubmatch(text), fortranKey.FindStringSubmatch(text), shapeKey.FindStringSubmatch(text)
	if !literal.MatchString(text) || descr == nil || fortran == nil || shape == nil {
		return t, errors.Errorf("the header is %.200q; want descr, fortran_order and shape of an array without fields", text)
	}
	t.Shape = []int{}
	for _, field := range strings.Split(shape[1], ",") {
		if field = strings.TrimSuffix(strings.TrimSpace(field), "L"); field == "" {
			continue
		}
		d, err := strconv.Atoi(field)
		if err != nil {
			return t, errors.Errorf("the shape is (%s); want sizes", shape[1])
		}
		t.Shape = append(t.Shape, d)
	}
	if t.DType, t.BigEndian, err = parseDescr(descr[1]); err != nil {
		return t, err
	}
	if _, err := t.Elements(); err != nil {
		return t, err
	}
	if fortran[1] == "True" {
		t.Strides = make([]int, len(t.Shape))
		stride := 1
		for axis, d := range t.Shape {
			t.Strides[axis] = stride
			stride *= max(1, d)
		}
	}
	return t, nil
}

var dtypes = map[string]weights.DType{
	"f2": weights.Float16, "f4": weights.Float32, "f8": weights.Float64,
	"i1": weights.Int8, "i2": weights.Int16, "i4": weights.Int32, "i8": weights.Int64,
	"u1": weights.Uint8, "u2": weights.Uint16, "u4": weights.Uint32, "u8": weights.Uint64, "b1": weights.Bool,
}

// parseDescr reads a type string such as "<f4". Texts and objects are listed as strings.
func parseDescr(s string) (d weights.DType, bigEndian bool, err error) {
	if len(s) > 1 && strings.ContainsRune("<>|=", rune(s[0])) {
		if d, ok := dtypes[s[1:]]; ok {
			return d, s[0] == '>', nil
		}
		if strings.ContainsRune("USO", rune(s[1])) {
			return weights.String, false, nil
		}
	}
	return weights.Invalid, false, errors.Errorf("the dtype %q is not supported; want floats of up to 64 bits, integers, bool or text", s)
}
