package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A notebook of a test: cells are maps as the format has them, so that any can be spoilt.
type object = map[string]interface{}

func markdown(id, source string) object {
	return object{"cell_type": "markdown", "id": id, "metadata": object{}, "source": strings.SplitAfter(source, "\n")}
}

func code(id string, count int, source string, outputs ...object) object {
	if outputs == nil {
		outputs = []object{}
	}
	return object{"cell_type": "code", "id": id, "metadata": object{}, "source": source, "execution_count": count, "outputs": outputs}
}

func stdout(text string) object {
	return object{"output_type": "stream", "name": "stdout", "text": strings.SplitAfter(text, "\n")}
}

func result(data object) object {
	return object{"output_type": "execute_result", "execution_count": 1, "metadata": object{}, "data": data}
}

const picture = `<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>`

// soundCells are those of a notebook without a fault: 0 and 3 are Markdown, 1 prints, 2 draws.
func soundCells() []object {
	prints := code("print", 1, "fmt.Println(\"accuracy\", accuracy)", stdout("accuracy: 0.97\n"), stdout("loss | 1e-3 |\n"))
	ranges := object{"accuracy": []float64{0.9, 1}, "loss": []float64{0, 0.01}}
	prints["metadata"] = object{"plexaura": object{"expect": []string{`^accuracy: \d`}, "range": ranges}}
	draws := code("draw", 2, "curves", result(object{"image/svg+xml": picture, "text/plain": "curves"}))
	draws["metadata"] = object{"plexaura": object{"mime": []string{"image/svg+xml"}}}
	return []object{
		markdown("title", "# 3. Activations\n\n## What you will learn\n\nMuch.\n"), prints, draws,
		markdown("end", "## What we saw\n\n## Try yourself\n\n## References\n"),
	}
}

func file(t *testing.T, cells []object) []byte {
	t.Helper()
	raw, err := json.Marshal(object{
		"cells": cells, "nbformat": 4, "nbformat_minor": 5,
		"metadata": object{"kernelspec": object{"name": "plexaura-branch", "language": "go", "display_name": "x"}, "widgets": object{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if raw, err = clean(raw); err != nil {
		t.Fatal(err)
	}
	return raw
}

func problemsOf(t *testing.T, name string, raw []byte) []string {
	t.Helper()
	problems, err := checkCommitted(name, raw)
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

func TestSound(t *testing.T) {
	if problems := problemsOf(t, "03-activations.ipynb", file(t, soundCells())); len(problems) > 0 {
		t.Errorf("problems of a sound notebook: %q", problems)
	}
}

// Each spoils a sound notebook in one way, which must be the one problem reported.
func TestProblems(t *testing.T) {
	outputs := func(c object, o ...object) { c["outputs"] = o }
	row := func(c object, text string) {
		outputs(c, stdout(text))
		c["metadata"] = object{"plexaura": object{"range": object{"loss": [][]float64{{0, 0.1}, {0, 0.1}}}}}
	}
	svg := func(c object, s string) { outputs(c, result(object{"image/svg+xml": s, "text/plain": "curves"})) }
	for _, tt := range []struct {
		name, want string
		spoil      func(cells []object)
	}{
		{"failed", "cell 2 (print): the cell failed: ERROR: \"no such layer\"", func(c []object) {
			outputs(c[1], stdout("accuracy: 0.97\nloss 0\n"),
				object{"output_type": "error", "ename": "ERROR", "evalue": "no such layer", "traceback": []string{}})
		}},
		{"pattern", "expect: nothing in its output matches", func(c []object) { outputs(c[1], stdout("the accuracy: 0.97\nloss 0")) }},
		{"bad pattern", "expect: error parsing regexp", func(c []object) { c[1]["metadata"] = object{"plexaura": object{"expect": []string{"("}}} }},
		{"below", "range: accuracy is 0.89, wanted 0.9 to 1", func(c []object) { outputs(c[1], stdout("accuracy: 0.89\nloss 0")) }},
		{"second is above", "range: loss is 0.1, wanted 0 to 0.01", func(c []object) { outputs(c[1], stdout("accuracy: 1\nloss 0\nloss: 0.1")) }},
		{"shown", "range: loss is 1, wanted 0 to 0.01", func(c []object) {
			outputs(c[1], stdout("accuracy: 1\n"), result(object{"text/plain": "accuracy 0.5, loss 1"}))
		}},
		{"row", "range: loss is 0, 0.5, wanted 0 to 0.1", func(c []object) { row(c[1], "accuracy: 0.9\nloss: 0 | 0.5 |\n") }},
		{"short row", "range: no row of 2 numbers follows \"loss\"", func(c []object) { row(c[1], "accuracy: 0.9\nloss: 0, 0.5\n") }},
		{"NaN in a row", "range: loss is 0, NaN", func(c []object) { row(c[1], "accuracy: 0.9\nloss: 0 | NaN\n") }},
		{"NaN", "range: loss is NaN", func(c []object) { outputs(c[1], stdout("accuracy: 1\nloss NaN\n")) }},
		{"no number", "range: no number follows \"loss\"", func(c []object) { outputs(c[1], stdout("accuracy: 1\nloss is low\n")) }},
		{"no MIME type", "mime: wanted an output of type image/svg+xml, came [image/png text/plain]", func(c []object) {
			outputs(c[2], result(object{"image/png": "iVBORw0KGgo=\n", "text/plain": "curves"}))
		}},
		{"no text", "has no text/plain", func(c []object) { outputs(c[2], result(object{"image/svg+xml": picture})) }},
		{"empty text", "has no text/plain, or an empty one", func(c []object) {
			outputs(c[2], result(object{"image/svg+xml": picture, "text/plain": " \n"}))
		}},
		{"bad SVG", "its image/svg+xml is damaged", func(c []object) { svg(c[2], "<svg><g></svg>") }},
		{"empty SVG", "its image/svg+xml is damaged: EOF", func(c []object) { svg(c[2], "") }},
		{"bad PNG", "its image/png is damaged", func(c []object) {
			outputs(c[2], result(object{"image/svg+xml": picture, "image/png": "AAAA", "text/plain": "curves"}))
		}},
		{"stderr", "it writes to stderr", func(c []object) {
			outputs(c[2], result(object{"image/svg+xml": picture, "text/plain": "curves"}), object{"output_type": "stream", "name": "stderr", "text": "oh"})
		}},
		{"path shown", "its output has the path /tmp/model.ckpt", func(c []object) {
			outputs(c[1], stdout("accuracy: 1, loss: 0, saved to /tmp/model.ckpt"))
		}},
		{"path in the source", "the path /home/me/digits.csv is of one machine", func(c []object) { c[2]["source"] = `open("/home/me/digits.csv")` }},
		{"not executed", "wanted execution count 2, as from top to bottom in a fresh kernel, came none", func(c []object) {
			c[2]["execution_count"] = nil
		}},
		{"out of order", "wanted execution count 1", func(c []object) { c[1]["execution_count"] = 7 }},
		{"same id", "cell 3 (print): another cell has this id", func(c []object) { c[2]["id"] = "print" }},
		{"bad id", `id: wanted 1 to 40 of a-z`, func(c []object) { c[2]["id"] = "Draw!" }},
		{"title", `wanted a title that begins with "# 3. "`, func(c []object) { c[0]["source"] = "# 4. Clipping\n\n## What you will learn\n" }},
		{"section", `there is no "## Try yourself", or it is out of order`, func(c []object) { c[3]["source"] = "## What we saw\n\n## References\n" }},
		{"empty", "the cell is empty", func(c []object) { c[2]["source"] = " \n" }},
		{"long cell", "31 lines of code; wanted 30 at most", func(c []object) { c[2]["source"] = strings.Repeat("a()\n", 30) + "b()" }},
		{"wide line", "line 1 has 109 columns; wanted 108 at most", func(c []object) { c[2]["source"] = strings.Repeat("a", 107) + "()" }},
		{"wide line with tabs", "line 2 has 110 columns; wanted 108 at most", func(c []object) { c[2]["source"] = "{\n\t" + strings.Repeat("a", 100) + "()\n}" }},
		{"gofmt", "the code is not as gofmt has it", func(c []object) { c[2]["source"] = "a:=1" }},
		{"no picture", "there is no picture", func(c []object) {
			outputs(c[2], result(object{"text/plain": "curves"}))
			c[2]["metadata"] = object{}
		}},
		{"large", fmt.Sprintf("bytes; wanted %d at most", maxBytes), func(c []object) { svg(c[2], "<svg>"+strings.Repeat(" ", maxBytes)+"</svg>") }},
		{"output type", `the output type "update" is unknown`, func(c []object) {
			c[2]["outputs"] = append(c[2]["outputs"].([]object), object{"output_type": "update"})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cells := soundCells()
			tt.spoil(cells)
			if problems := problemsOf(t, "03-activations.ipynb", file(t, cells)); len(problems) != 1 || !strings.Contains(problems[0], tt.want) {
				t.Errorf("problems %q, want one with %q", problems, tt.want)
			}
		})
	}
}

func TestProblemsOfTheFile(t *testing.T) {
	sound := file(t, soundCells())
	for want, raw := range map[string][]byte{
		"kernelspec: wanted the name": []byte(strings.Replace(string(sound), `"name": "plexaura"`, `"name": "go"`, 1)),
		"language_info":               []byte(strings.Replace(string(sound), `"language_info"`, `"language"`, 1)),
		"nbformat: wanted 4.5":        []byte(strings.Replace(string(sound), `"nbformat_minor": 5`, `"nbformat_minor": 4`, 1)),
	} {
		if problems := problemsOf(t, "03-activations.ipynb", raw); len(problems) != 1 || !strings.Contains(problems[0], want) {
			t.Errorf("problems %q, want one with %q", problems, want)
		}
	}
	if problems := problemsOf(t, "Activations.ipynb", sound); len(problems) != 1 || !strings.Contains(problems[0], "file name") {
		t.Errorf("problems %q, want one of the file's name", problems)
	}
	for _, raw := range []string{"", "[]", `{"cells": 3}`, `{"cells": [`} {
		if _, err := checkCommitted("03-activations.ipynb", []byte(raw)); err == nil {
			t.Errorf("%q passes for a notebook", raw)
		}
	}
	if problems := problemsOf(t, "03-activations.ipynb", []byte(`{"nbformat": 4, "nbformat_minor": 5}`)); len(problems) == 0 {
		t.Error("a file without cells is sound")
	}
}

// A misspelt key would expect nothing.
func TestUnknownExpectation(t *testing.T) {
	cells := soundCells()
	cells[2]["metadata"] = object{"plexaura": object{"mimes": []string{"image/svg+xml"}}}
	if _, err := checkCommitted("03-activations.ipynb", file(t, cells)); err == nil || !strings.Contains(err.Error(), `"mimes"`) {
		t.Errorf("error %v, want one that names the key", err)
	}
}

// A range that holds whatever comes, or nothing, is a mistake.
func TestMistakenRange(t *testing.T) {
	for _, limits := range []interface{}{[]float64{}, []float64{1}, []float64{1, 0}, []float64{0, 1, 2}, [][]float64{{0, 1}, {0}}, "0 to 1", object{}, []interface{}{nil}} {
		cells := soundCells()
		cells[1]["metadata"] = object{"plexaura": object{"range": object{"loss": limits}}}
		if _, err := checkCommitted("03-activations.ipynb", file(t, cells)); err == nil || !strings.Contains(err.Error(), "wanted [least, greatest]") {
			t.Errorf("%v: error %v", limits, err)
		}
	}
}

// Ranges are of the digits' numbers; on other images they do not count, patterns do.
func TestRangesAreOfTheDigits(t *testing.T) {
	cells := soundCells()
	cells[1]["outputs"] = []object{stdout("the accuracy: 0.5\n")}
	n, err := parse(file(t, cells))
	if err != nil {
		t.Fatal(err)
	}
	if problems := n.executed(false); len(problems) != 1 || !strings.Contains(problems[0], "expect") {
		t.Errorf("problems %q, want the pattern's only", problems)
	}
}

func TestStale(t *testing.T) {
	notebookOf := func(spoil func(cells []object) []object) *notebook {
		n, err := parse(file(t, spoil(soundCells())))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	committed := notebookOf(func(c []object) []object { return c })
	for _, tt := range []struct {
		name, want string
		now        func(cells []object) []object
	}{
		{"same", "", func(c []object) []object { return c }},
		{"other values, other pieces of the stream", "", func(c []object) []object {
			c[1]["outputs"] = []object{stdout("accuracy: 0.5\nloss 3\n")}
			return c
		}},
		{"another MIME type", "cell 3 (draw): the committed outputs are stale: they are [execute_result image/svg+xml, text/plain], " +
			"now come [execute_result text/plain]",
			func(c []object) []object {
				c[2]["outputs"] = []object{result(object{"text/plain": "curves"})}
				return c
			}},
		{"another type", "now come [display_data image/svg+xml, text/plain]", func(c []object) []object {
			c[2]["outputs"].([]object)[0]["output_type"] = "display_data"
			return c
		}},
		{"one more", "now come [stream stdout; execute_result text/plain; stream stdout]", func(c []object) []object {
			c[1]["outputs"] = []object{stdout("a"), result(object{"text/plain": "1"}), stdout("b")}
			return c
		}},
		{"none", "cell 2 (print): the committed outputs are stale: they are [stream stdout], now come []", func(c []object) []object {
			c[1]["outputs"] = []object{}
			return c
		}},
		{"fewer cells", "the notebook has 4 cells, the executed one 3", func(c []object) []object { return c[:3] }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(stale(committed, notebookOf(tt.now)), "\n")
			if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestClean(t *testing.T) {
	cells := soundCells()
	cells[2]["metadata"] = object{"execution": object{"iopub.execute_input": "2026-01-01T00:00:00Z"}, "plexaura": object{"mime": []string{"text/plain"}}}
	raw := file(t, cells)
	again, err := clean(raw)
	if err != nil || string(again) != string(raw) {
		t.Errorf("cleaned again it changes (%v)", err)
	}
	for _, gone := range []string{"2026-01-01", "widgets", "plexaura-branch"} {
		if strings.Contains(string(raw), gone) {
			t.Errorf("%q is still there", gone)
		}
	}
	if !strings.Contains(string(raw), `"mime": [`) {
		t.Error("the cell's expectations are gone")
	}
}

// fakeJupyter is a program in place of jupyter.
func fakeJupyter(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "jupyter")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("no /bin/sh: the scripts in place of jupyter cannot run here")
	}
	return path
}

// committedFile writes a sound notebook where it can be checked.
func committedFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "03-activations.ipynb")
	if err := os.WriteFile(path, file(t, soundCells()), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExecuteErrors(t *testing.T) {
	path := committedFile(t)
	for _, tt := range []struct {
		name, jupyter, want string
	}{
		{"no Jupyter", filepath.Join(t.TempDir(), "absent"), "apt-get install jupyter-nbconvert"},
		{"no kernel", fakeJupyter(t, "echo 'jupyter_client.kernelspec.NoSuchKernel: No such kernel named plexaura' >&2; exit 1"),
			"go run ./notebooks/kernel/install"},
		{"dead kernel", fakeJupyter(t, "echo panic: no such layer >&2; echo nbclient.exceptions.DeadKernelError >&2; exit 1"),
			"the kernel died, as it does when a goroutine of a cell panics:\npanic: no such layer"},
		{"time", fakeJupyter(t, "exec sleep 60"), "it took more than 1s"},
		{"other", fakeJupyter(t, "echo disk full >&2; exit 3"), "disk full"},
		{"no output", fakeJupyter(t, "exit 0"), "executed.ipynb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := options{execute: true, jupyter: tt.jupyter, kernel: kernelName, data: "digits", timeout: time.Second}
			if err := run(context.Background(), o, []string{path}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// What Jupyter gives is judged, compared, and written with -update.
func TestExecute(t *testing.T) {
	path := committedFile(t)
	now := soundCells()
	now[1]["outputs"] = []object{stdout("accuracy: 0.95\nloss 0\n")}
	fresh := filepath.Join(t.TempDir(), "fresh.ipynb")
	write := func() {
		if err := os.WriteFile(fresh, file(t, now), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write()
	o := options{execute: true, kernel: kernelName, data: "digits", timeout: time.Minute,
		jupyter: fakeJupyter(t, `test "$PLEXAURA_IMAGES" = digits && test -f 03-activations.ipynb && cp '`+fresh+`' executed.ipynb`)}
	if problems, err := check(context.Background(), o, path); err != nil || len(problems) > 0 {
		t.Errorf("%q, %v", problems, err)
	}
	now[2]["outputs"] = []object{{"output_type": "error", "ename": "ERROR", "evalue": "shapes differ", "traceback": []string{}}}
	write()
	problems, err := check(context.Background(), o, path)
	all := strings.Join(problems, "\n")
	for _, want := range []string{"executed: cell 3 (draw): the cell failed", "mime: wanted", "no picture", "stale"} {
		if !strings.Contains(all, want) {
			t.Errorf("problems %q (%v), want %q", problems, err, want)
		}
	}
	o.update = true
	if err := run(context.Background(), o, []string{path}); err == nil || !strings.Contains(err.Error(), "1 of 1 notebooks") {
		t.Errorf("%v, want it to say that the notebook is not sound", err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := parse(raw); err != nil || n.Cells[2].Outputs[0].EVal != "shapes differ" {
		t.Errorf("-update did not write what came: %v", err)
	}
}

func TestRunErrors(t *testing.T) {
	for want, err := range map[string]error{
		"-data \"imagenet\"": run(context.Background(), options{data: "imagenet"}, nil),
		"-update with":       run(context.Background(), options{data: "mnist", update: true}, nil),
		"repository's root":  run(context.Background(), options{data: "digits"}, nil),
		"absent.ipynb":       run(context.Background(), options{data: "digits"}, []string{"absent.ipynb"}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
