package interpreter

import (
	"unicode/utf8"

	"github.com/cosmos72/gomacro/fast"
)

// Complete returns what the identifier before the cursor may become, and the place in the code that it is to take. Places
// are counted as Jupyter counts them since its protocol 5.2: in code points. gomacro counts bytes.
func Complete(ir *fast.Interp, code string, cursor int) (matches []string, start, end int) {
	at := byteOffset(code, cursor)
	before, matches, _ := ir.CompleteWords(code, at)
	if len(matches) == 0 {
		before = code[:at] // where gomacro failed it says ""
	}
	return matches, utf8.RuneCountInString(before), utf8.RuneCountInString(code[:at])
}

// byteOffset is where the code point n of a text begins, or the nearest end of the text where there is none.
func byteOffset(text string, n int) int {
	for at := range text {
		if n <= 0 {
			return at
		}
		n--
	}
	return len(text)
}
