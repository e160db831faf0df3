package budget

// What encoding/json takes beside a text: for a member of an object or an element of a list a place in a map, which is half empty, its key, and
// memory of its own; for an object a map with its first eight places.
const (
	jsonValue  = 128
	jsonObject = 512
)

// JSON returns how many bytes encoding/json takes at most for the values of a text that lie in up to so many objects and lists, where deeper ones are
// kept as text (json.RawMessage). What is no JSON has some number, too.
func JSON(text []byte, depth int) int64 {
	bytes, level, quoted := int64(len(text))+jsonValue, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			if level++; level <= depth {
				bytes += jsonObject
			}
		case c == '[':
			if level++; level <= depth {
				bytes += jsonValue
			}
		case c == '}' || c == ']':
			level--
		case c == ',' && level <= depth:
			bytes += jsonValue
		}
	}
	return bytes
}
