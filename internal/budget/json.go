package budget

// jsonValue is what a member of an object or an element of a list takes beside its text: a place in a map, which is half empty, its key, and
// memory of its own.
const jsonValue = 128

// JSON returns how many bytes encoding/json takes at most for the values of a text that lie in up to so many objects and lists, where deeper ones are
// kept as text (json.RawMessage). What is no JSON has some number, too.
func JSON(text []byte, depth int) int64 {
	values, level, quoted := int64(1), 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if level++; level <= depth {
				values++
			}
		case c == '}' || c == ']':
			level--
		case c == ',' && level <= depth:
			values++
		}
	}
	return int64(len(text)) + jsonValue*values
}
