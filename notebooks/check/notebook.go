package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// notebook is what is checked of a file in Jupyter's format, nbformat 4:
// https://nbformat.readthedocs.io/en/latest/format_description.html
type notebook struct {
	Cells    []cell `json:"cells"`
	Metadata struct {
		Kernelspec struct {
			Name     string `json:"name"`
			Language string `json:"language"`
		} `json:"kernelspec"`
		LanguageInfo struct {
			Name string `json:"name"`
		} `json:"language_info"`
	} `json:"metadata"`
	Format      int `json:"nbformat"`
	FormatMinor int `json:"nbformat_minor"`
}

type cell struct {
	Type     string `json:"cell_type"`
	ID       string `json:"id"`
	Source   text   `json:"source"`
	Metadata struct {
		Expected *expected `json:"plexaura"`
	} `json:"metadata"`
	ExecutionCount *int     `json:"execution_count"`
	Outputs        []output `json:"outputs"`
}

// output is one of a code cell's: of the types stream, display_data, execute_result and error.
type output struct {
	Type  string                     `json:"output_type"`
	Name  string                     `json:"name"` // of a stream
	Text  text                       `json:"text"` // of a stream
	Data  map[string]json.RawMessage `json:"data"` // by MIME type
	EName string                     `json:"ename"`
	EVal  string                     `json:"evalue"`
}

// text is a string that the format also allows to be a list of lines.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	var lines []string
	if json.Unmarshal(b, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

// datum is the value of a MIME type as text: a picture of pixels is in base64.
func (o output) datum(mime string) string {
	var t text
	if json.Unmarshal(o.Data[mime], &t) != nil {
		return string(o.Data[mime]) // an object, as of application/json
	}
	return string(t)
}

// mimes are the output's MIME types, sorted.
func (o output) mimes() []string {
	var out []string
	for mime := range o.Data {
		out = append(out, mime)
	}
	sort.Strings(out)
	return out
}

// printed is what the cell wrote to its streams, and shown is what a reader without pictures sees: that and the plain
// text of its results.
func (c cell) printed() string { return c.text(false) }
func (c cell) shown() string   { return c.text(true) }

func (c cell) text(results bool) string {
	var parts []string
	for _, o := range c.Outputs {
		switch {
		case o.Type == "stream":
			parts = append(parts, string(o.Text))
		case results && o.Data["text/plain"] != nil:
			parts = append(parts, o.datum("text/plain"))
		}
	}
	return strings.Join(parts, "\n")
}

func parse(raw []byte) (*notebook, error) {
	var n notebook
	if err := json.Unmarshal(raw, &n); err != nil {
		return nil, fmt.Errorf("this is not a notebook: %w", err)
	}
	return &n, nil
}

// clean is a file as it is committed: without what depends on who executed it, and when. Keys are sorted and
// indented as nbformat writes them.
func clean(raw []byte) ([]byte, error) {
	var n map[string]interface{}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&n); err != nil {
		return nil, fmt.Errorf("this is not a notebook: %w", err)
	}
	n["metadata"] = map[string]interface{}{
		"kernelspec":    map[string]interface{}{"name": kernelName, "display_name": "Go (Plexaura)", "language": "go"},
		"language_info": map[string]interface{}{"name": "go", "file_extension": ".go", "mimetype": "text/x-go"},
	}
	cells, _ := n["cells"].([]interface{})
	for _, c := range cells {
		if c, ok := c.(map[string]interface{}); ok {
			kept := map[string]interface{}{}
			if m, ok := c["metadata"].(map[string]interface{}); ok && m["plexaura"] != nil {
				kept["plexaura"] = m["plexaura"]
			}
			c["metadata"] = kept
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(n); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
