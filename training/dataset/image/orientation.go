package image

import (
	"bytes"
	"encoding/binary"
)

// orientation is EXIF's tag 0x0112: where the first row and column of a file belong in the upright picture.
type orientation int

const upright orientation = 1

// exifOrientation finds the orientation in a JPEG file: the segment APP1 that begins "Exif\0\0" holds a TIFF directory (CIPA DC-008, 4.5 and
// 4.6). A file that has none, or a damaged one, is upright: a photo is not refused for its metadata.
func exifOrientation(file []byte) orientation {
	for at := 2; at+4 <= len(file) && file[at] == 0xff; {
		marker, length := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
		if marker == 0xff { // a fill byte
			at++
			continue
		}
		if marker == 0xda || length < 2 || at+2+length > len(file) { // the picture itself begins
			return upright
		}
		if body, ok := bytes.CutPrefix(file[at+4:at+2+length], []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return tiffOrientation(body)
		}
		at += 2 + length
	}
	return upright
}

func tiffOrientation(tiff []byte) orientation {
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	first := int64(order.Uint32(tiff[4:]))
	if first < 8 || first+2 > int64(len(tiff)) {
		return upright
	}
	entries := tiff[first+2:]
	for n := order.Uint16(tiff[first:]); n > 0 && len(entries) >= 12; n-- {
		const tag, short = 0x0112, 3
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short {
			if o := orientation(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return upright
		}
		entries = entries[12:]
	}
	return upright
}

// apply turns a picture upright.
func (o orientation) apply(m *Image) *Image {
	// What brings the file's pixels to their places: first exchange rows and columns, then mirror.
	transpose := o >= 5
	mirrorX := o == 2 || o == 3 || o == 6 || o == 7
	mirrorY := o == 3 || o == 4 || o == 7 || o == 8
	if transpose {
		out := &Image{Pix: make([]float32, len(m.Pix)), Height: m.Width, Width: m.Height, Channels: m.Channels, Layout: m.Layout}
		from, to := m.grid(), out.grid()
		from.h, from.w, from.row, from.col = from.w, from.h, from.col, from.row
		from.copyTo(to, out.Pix, m.Pix)
		m = out
	}
	if mirrorX {
		m.grid().mirrorX(m.Pix)
	}
	if mirrorY {
		m.grid().mirrorY(m.Pix)
	}
	return m
}
