package text

import (
	"fmt"
	"html"
	"strings"
)

// What a notebook shows of a vocabulary and of a source: so many rows at most.
const mostShown = 20

// SimpleRender shows the most frequent words, their ids and counts, in a notebook.
func (v *Vocabulary) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": v.String()}
	if v.Len() == 0 {
		return shown
	}
	var b strings.Builder
	b.WriteString("<table><tr><th>id</th><th>word</th><th>count</th></tr>")
	for id := range min(v.Len(), firstWord+mostShown) {
		fmt.Fprintf(&b, "<tr><td>%d</td><td>%s</td><td>%d</td></tr>", id, html.EscapeString(v.word(id)), v.counts[id])
	}
	fmt.Fprintf(&b, "</table><p>%d ids</p>", v.Len())
	shown["text/html"] = b.String()
	return shown
}

// SimpleRender shows the first texts, as the vocabulary knows them, in a notebook.
func (s *Source) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": s.String()}
	if s.Len() == 0 {
		return shown
	}
	var b strings.Builder
	b.WriteString("<table><tr><th></th><th>class</th><th>text</th></tr>")
	for i := range min(s.Len(), mostShown) {
		class := ""
		if s.labels != nil {
			class = fmt.Sprint(s.labels[i])
			if id := s.labels[i]; id < int64(len(s.Classes)) {
				class = s.Classes[id]
			}
		}
		fmt.Fprintf(&b, "<tr><td>%d</td><td>%s</td><td>%s</td></tr>", i, html.EscapeString(class), html.EscapeString(s.Text(i)))
	}
	fmt.Fprintf(&b, "</table><p>%s</p>", html.EscapeString(s.String()))
	shown["text/html"] = b.String()
	return shown
}
